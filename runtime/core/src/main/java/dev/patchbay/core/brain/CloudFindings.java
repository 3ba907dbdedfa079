package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.needs.PolicyRefusals;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import java.util.Set;

/**
 * Says what EC2's failures mean and what to do about them. Of denials, the code tells whose they are: the policy's, the credentials', the
 * clock's or the account's.
 *
 * <p>Source: EC2 API reference, "Error codes for the Amazon EC2 API" and "Common errors".
 */
final class CloudFindings {
  /** What a wrong clock does, or credentials that are past their time. */
  private static final Set<String> TIME = Set.of("ExpiredToken", "RequestExpired");
  private static final Set<String> KEYS = Set.of("AuthFailure", "IncompleteSignature", "InvalidClientTokenId",
      "MissingAuthenticationToken", "SignatureDoesNotMatch", "UnrecognizedClientException");
  private static final Set<String> ACCOUNT = Set.of("Blocked", "OptInRequired", "PendingVerification");

  private CloudFindings() {}

  /**
   * {@return a failure as a finding}
   * @param f the failure
   * @param what what was to be done, after "tried to"
   */
  static Finding of(CloudAnswer.Failed f, String what) {
    if (f.code().equals(CloudAnswer.NO_CREDENTIALS)) {
      return credentials(f, what, "Give the instance an instance profile with the node's role, or the daemon's pod a role of its own; `aws sts"
          + " get-caller-identity` on the node says what there is. Patchbay tries again by itself.");
    }
    return switch (f.kind()) {
      case THROTTLED -> Finding.of(Codes.CLOUD_THROTTLED, "EC2 asked to slow down when Patchbay tried to " + what + ".",
          "Patchbay tries again by itself; if it lasts, raise the account's API limits or the warm targets.");
      case DENIED -> denied(f, what);
      case SUBNET_FULL -> Finding.of(Codes.SUBNET_FULL, "The subnet has no free address to " + what + ": " + f + ".",
          "Free addresses in the subnet, or let pods use another subnet.");
      case SUBNET_FRAGMENTED -> Finding.of(Codes.SUBNET_FRAGMENTED,
          "The subnet has no free block of the size of a prefix to " + what + ": " + f + ".",
          "Reserve a range for prefixes in the subnet (CreateSubnetCidrReservation), or use another subnet.");
      case UNREACHABLE, UNKNOWN -> Finding.of(Codes.CLOUD_UNREACHABLE,
          "EC2 did not answer when Patchbay tried to " + what + ": " + f + ".",
          "Check the way from the node to the EC2 endpoint; Patchbay tries again by itself.");
      case LIMIT, NOT_FOUND, STATE, REFUSED -> Finding.of(Codes.CLOUD_REFUSED, "EC2 refused to " + what + ": " + f + ".",
          "Patchbay looks at what EC2 has and tries again by itself.");
    };
  }

  private static Finding denied(CloudAnswer.Failed f, String what) {
    if (TIME.contains(f.code())) {
      return credentials(f, what, "See that the node's clock is right, and that whoever hands out the credentials (IMDS, or the file of the"
          + " role's token) renews them; Patchbay takes new ones up by itself.");
    }
    // EC2 says AuthFailure of what belongs to others, too.
    if (f.code().equals("AuthFailure") && f.message().contains("permission to access")) {
      return Finding.of(Codes.CLOUD_DENIED, "EC2 does not let this node " + what + ": " + f + ".",
          "See with `aws ec2 describe-network-interfaces` whose it is: what an AWS service or another account manages can't be changed.");
    }
    if (KEYS.contains(f.code())) {
      return credentials(f, what, "See which credentials the daemon has (its environment, its pod's role, the instance profile) and that"
          + " their key or role has not been deleted; `aws sts get-caller-identity` with them must answer. A wrong clock has the same effect.");
    }
    if (ACCOUNT.contains(f.code())) {
      return Finding.of(Codes.CLOUD_DENIED, "AWS does not let this account " + what + ": " + f + ".",
          "Finish the account's registration for EC2 in this region, or ask AWS Support; no policy changes it.");
    }
    return Finding.of(Codes.CLOUD_DENIED, "EC2 does not let this node " + what + ": " + f + ".", PolicyRefusals.isOne(f)
        ? "Give the node's role the actions that `patchbay permissions --iam` prints."
        : "See what AWS says of " + f.code() + "; if it is about permissions, `patchbay permissions --iam` prints what the node's role needs.");
  }

  private static Finding credentials(CloudAnswer.Failed f, String what, String remedy) {
    return Finding.of(BrainCodes.CREDENTIALS_REFUSED,
        "EC2 can't be asked to " + what + " with the credentials that this node has: " + f + ".", remedy);
  }
}
