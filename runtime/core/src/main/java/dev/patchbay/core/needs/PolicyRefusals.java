package dev.patchbay.core.needs;

import dev.patchbay.core.cloud.CloudAnswer;
import java.util.Set;

/**
 * Tells a refusal by the caller's policy from other denials, such as credentials that have expired.
 *
 * <p>Source: EC2 API reference, "Error codes for the Amazon EC2 API" and "Common errors".
 */
public final class PolicyRefusals {
  private static final Set<String> CODES = Set.of("UnauthorizedOperation", "AccessDenied", "AccessDeniedException");

  private PolicyRefusals() {}

  /**
   * {@return whether it is the caller's policy that does not allow the action}
   * @param failure how the call failed
   */
  public static boolean isOne(CloudAnswer.Failed failure) {
    return failure.kind() == CloudAnswer.Kind.DENIED && CODES.contains(failure.code());
  }
}
