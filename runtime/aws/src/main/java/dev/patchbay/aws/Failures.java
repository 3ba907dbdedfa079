package dev.patchbay.aws;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudAnswer.Failed;
import dev.patchbay.core.cloud.CloudAnswer.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What a failure of the SDK means. Where it is not certain that nothing was done, it is {@link Kind#UNKNOWN}.
 *
 * <p>Source of the codes: EC2 API reference, "Error codes for the Amazon EC2 API".
 */
final class Failures {
  private static final Set<String> THROTTLED = Set.of("RequestLimitExceeded", "Throttling", "ThrottlingException",
      "ThrottledException", "RequestThrottled", "RequestThrottledException", "TooManyRequestsException", "SlowDown",
      "EC2ThrottledException", "BandwidthLimitExceeded");
  private static final Set<String> DENIED = Set.of("UnauthorizedOperation", "AuthFailure", "AccessDenied",
      "AccessDeniedException", "Blocked", "ExpiredToken", "IncompleteSignature", "InvalidClientTokenId",
      "MissingAuthenticationToken", "NotAuthorized", "OptInRequired", "PendingVerification", "RequestExpired",
      "SignatureDoesNotMatch", "UnrecognizedClientException");
  /** Of these, what credentials that have changed or are past their time are refused with. */
  private static final Set<String> CREDENTIALS = Set.of("AuthFailure", "ExpiredToken", "InvalidClientTokenId", "RequestExpired",
      "SignatureDoesNotMatch", "UnrecognizedClientException");
  private static final Set<String> STATE = Set.of("IncorrectState", "IncorrectInstanceState", "InvalidNetworkInterface.InUse",
      "InvalidIPAddress.InUse", "InvalidInstanceID.NotLinkable", "DependencyViolation", "ConcurrentModification",
      "InvalidAttachment.InUse", "InvalidState");

  private Failures() {}

  /**
   * Judges a failure.
   *
   * @param failure what the SDK threw
   * @param sent whether the SDK had begun to send the request
   * @return what it means
   */
  static Failed of(SdkException failure, boolean sent) {
    if (failure instanceof AwsServiceException answered) {
      return answered(answered);
    }
    Throwable root = root(failure);
    String code = root.getClass().getSimpleName();
    String message = words(failure, root);
    if (!sent) {
      // The SDK has no exception of its own for it.
      boolean unsigned = message.contains("load credentials");
      return new Failed(Kind.UNREACHABLE, unsigned ? CloudAnswer.NO_CREDENTIALS : code, message);
    }
    boolean connecting = root instanceof ConnectException || root instanceof UnknownHostException
        || root instanceof NoRouteToHostException || root instanceof SSLHandshakeException || timedOutConnecting(root);
    return new Failed(connecting ? Kind.UNREACHABLE : Kind.UNKNOWN, code, message);
  }

  private static Failed answered(AwsServiceException failure) {
    Optional<AwsErrorDetails> details = Optional.ofNullable(failure.awsErrorDetails());
    int status = failure.statusCode();
    String code = details.map(AwsErrorDetails::errorCode).filter(c -> !c.isBlank()).orElse("");
    String message = details.map(AwsErrorDetails::errorMessage).filter(m -> !m.isBlank()).map(Failures::shortened)
        .orElse("HTTP status " + status + " without an explanation");
    if (code.isEmpty()) {
      // The JDK's connections keep the body of a 401 to themselves when the request was streamed.
      return status == 401
          ? new Failed(Kind.DENIED, "AuthFailure", "AWS was not able to validate the access credentials")
          : new Failed(bare(status), "Status" + status, message);
    }
    return new Failed(kind(code, message, status), code, message);
  }

  /** Whether others may do what these credentials can't. */
  static boolean ofCredentials(CloudAnswer answer) {
    return answer instanceof Failed failed && failed.kind() == Kind.DENIED && CREDENTIALS.contains(failed.code());
  }

  private static Kind bare(int status) {
    return switch (status) {
      case 403 -> Kind.DENIED;
      case 429 -> Kind.THROTTLED;
      default -> status >= 400 && status < 500 ? Kind.REFUSED : Kind.UNKNOWN;
    };
  }

  /**
   * Judges an answer of EC2.
   *
   * @param code its code
   * @param message its words
   * @param status the HTTP status
   * @return what it means
   */
  static Kind kind(String code, String message, int status) {
    if (THROTTLED.contains(code)) {
      return Kind.THROTTLED;
    }
    if (DENIED.contains(code)) {
      return Kind.DENIED;
    }
    if (code.equals("InsufficientFreeAddressesInSubnet")) {
      return Kind.SUBNET_FULL;
    }
    if (code.equals("InsufficientCidrBlocks")) {
      return Kind.SUBNET_FRAGMENTED;
    }
    if (code.endsWith("LimitExceeded")) {
      return Kind.LIMIT;
    }
    // InvalidInstanceType is what DescribeInstanceTypes says of a type that the region does not have.
    if (code.endsWith(".NotFound") || code.equals("InvalidInstanceType")) {
      return Kind.NOT_FOUND;
    }
    if (STATE.contains(code)) {
      return Kind.STATE;
    }
    if (code.equals("InvalidParameterValue")) {
      return parameter(message);
    }
    return status >= 500 ? Kind.UNKNOWN : Kind.REFUSED;
  }

  /** EC2 has no codes of their own for these: the words tell. */
  private static Kind parameter(String message) {
    if (message.contains("device index") && message.contains("already") || message.contains("currently in use")) {
      return Kind.STATE;
    }
    return message.contains("not assigned to") ? Kind.NOT_FOUND : Kind.REFUSED;
  }

  /** Without the encoded message, a kilobyte that only an administrator can decode. */
  private static String shortened(String message) {
    int encoded = message.indexOf("Encoded authorization failure message");
    return (encoded < 0 ? message : message.substring(0, encoded)).strip();
  }

  /** The JDK has one exception for both: only its words tell that no connection was made. Other words count as unknown. */
  private static boolean timedOutConnecting(Throwable root) {
    return root instanceof SocketTimeoutException && String.valueOf(root.getMessage()).startsWith("Connect timed out");
  }

  private static Throwable root(Throwable failure) {
    Throwable at = failure;
    while (at.getCause() != null && at.getCause() != at && !(at instanceof IOException)) {
      at = at.getCause();
    }
    return at;
  }

  private static String words(SdkException failure, Throwable root) {
    String first = String.valueOf(failure.getMessage());
    String last = String.valueOf(root.getMessage());
    return first.contains(last) ? first : first + ": " + last;
  }
}
