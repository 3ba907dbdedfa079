package dev.patchbay.cluster;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;

/** Says what EC2's failures mean for the controller and what to do about them. */
final class CallFindings {
  private CallFindings() {}

  /**
   * {@return a failure as a finding}
   * @param f the failure
   * @param what what was to be done, after "tried to"
   */
  static Finding of(CloudAnswer.Failed f, String what) {
    return switch (f.kind()) {
      case THROTTLED -> Finding.of(Codes.CLOUD_THROTTLED, "EC2 asked to slow down when the controller tried to " + what + ".",
          "The controller goes on at half the pace and faster again when EC2 lets it; if it lasts, raise the account's API limits.");
      case DENIED -> Finding.of(Codes.CLOUD_DENIED, "EC2 does not let the controller " + what + ": " + f + ".",
          "Give the controller's role the actions that `patchbay permissions --iam --side cluster` prints, and see that its credentials are"
              + " there and have not expired. The controller goes on trying.");
      case SUBNET_FULL, SUBNET_FRAGMENTED -> Finding.of(Codes.SUBNET_FULL, "The subnet has no free address to " + what + ": " + f + ".",
          "Free addresses in the subnet, or use another one. The controller goes on trying.");
      case UNREACHABLE, UNKNOWN -> Finding.of(Codes.CLOUD_UNREACHABLE,
          "EC2 did not answer when the controller tried to " + what + ": " + f + ".",
          "Check the way from the controller to the EC2 endpoint. The controller goes on trying, and nothing is done twice.");
      case LIMIT, NOT_FOUND, STATE, REFUSED -> Finding.of(Codes.CLOUD_REFUSED, "EC2 refused to " + what + ": " + f + ".",
          "The controller looks at what EC2 has and goes on trying, less and less often.");
    };
  }
}
