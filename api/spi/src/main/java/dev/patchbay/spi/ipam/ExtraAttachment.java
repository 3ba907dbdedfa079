package dev.patchbay.spi.ipam;

import dev.patchbay.spi.Fields;
import org.apiguardian.api.API;

/**
 * A further interface of a pod.
 *
 * @param interfaceName its name in the pod, 1 to 15 bytes, no other interface's
 * @param request what the mode needs to plan it, kept in the ledger
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ExtraAttachment(String interfaceName, Fields request) {
  /**
   * Checks the name's length.
   *
   * @throws IllegalArgumentException if the kernel would not take the name
   */
  public ExtraAttachment {
    if (!interfaceName.matches("[^\\s/:]{1,15}") || interfaceName.equals(".") || interfaceName.equals("..")) {
      throw new IllegalArgumentException("\"" + interfaceName + "\" is no name of an interface: 1 to 15 bytes without"
          + " blanks, slashes and colons");
    }
  }
}
