package dev.patchbay.netlink;

import java.util.List;

/** Requests of a batch failed; the others were carried out, unless the family is transactional as nftables is. */
public final class BatchException extends NetlinkException {
  private static final long serialVersionUID = 1L;

  private final transient List<Failure> failures;

  /**
   * Composes the message.
   *
   * @param failures not empty
   * @param size how many requests the batch had
   */
  public BatchException(List<Failure> failures, int size) {
    super(failures.getFirst().errno(), text(failures, size));
    this.failures = List.copyOf(failures);
  }

  /** What failed, in the order of the batch; never empty. */
  public List<Failure> failures() {
    return failures;
  }

  private static String text(List<Failure> failures, int size) {
    if (failures.size() == 1) {
      return failures.getFirst().toString();
    }
    StringBuilder text = new StringBuilder(failures.size() + " of " + size + " netlink requests failed");
    failures.forEach(failure -> text.append("\n  ").append(failure));
    return text.toString();
  }
}
