package dev.patchbay.core.ledger;

/**
 * What tells attachments apart: the sandbox and the interface's name in it (CNI specification, "Parameters").
 *
 * @param containerId the sandbox's id
 * @param interfaceName the name of the interface in the pod
 */
public record AttachmentKey(String containerId, String interfaceName) implements Comparable<AttachmentKey> {
  /**
   * Reads a key back.
   *
   * @param text the text of {@link #toString()}
   * @return the key
   */
  public static AttachmentKey of(String text) {
    int slash = text.lastIndexOf('/');
    if (slash < 0) {
      throw new LedgerFormatException("\"" + text + "\" is no attachment");
    }
    return new AttachmentKey(text.substring(0, slash), text.substring(slash + 1));
  }

  @Override
  public int compareTo(AttachmentKey other) {
    int byContainer = containerId.compareTo(other.containerId);
    return byContainer != 0 ? byContainer : interfaceName.compareTo(other.interfaceName);
  }

  @Override
  public String toString() {
    return containerId + "/" + interfaceName;
  }
}
