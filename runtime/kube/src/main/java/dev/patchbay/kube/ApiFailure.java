package dev.patchbay.kube;

/**
 * A request that the API server refused or did not answer. The message says what happened, without what was asked.
 */
final class ApiFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What a failure means for whoever asked. */
  enum Kind {
    /** Nobody answered, or not as an API server does. */
    UNREACHABLE,
    /** There is an API server, and it can't answer now. */
    BUSY,
    /** The caller is not known, or may not do this. */
    DENIED,
    /** There is no such object or resource. */
    MISSING,
    /** The object is not what the request takes it for. */
    CONFLICT,
    /** The version asked for is no longer, or not yet, known. */
    EXPIRED,
    /** The request makes no sense to this API server. */
    INVALID
  }

  private final Kind kind;
  private final long retryAfterMillis;

  ApiFailure(Kind kind, String message) {
    this(kind, message, 0);
  }

  private ApiFailure(Kind kind, String message, long retryAfterMillis) {
    super(message);
    this.kind = kind;
    this.retryAfterMillis = retryAfterMillis;
  }

  /**
   * What a status code means (Kubernetes API conventions, "HTTP Status codes").
   *
   * @param code the code
   * @param text what the API server says of it
   * @param retryAfterMillis how long it asks to wait
   */
  static ApiFailure of(int code, String text, long retryAfterMillis) {
    Kind kind = switch (code) {
      case 401, 403 -> Kind.DENIED;
      case 404 -> Kind.MISSING;
      case 409 -> Kind.CONFLICT;
      case 410 -> Kind.EXPIRED;
      case 408, 429 -> Kind.BUSY;
      // A version that this replica of the API server has not come to yet: "Too large resource version".
      case 504 -> text.contains("resource version") ? Kind.EXPIRED : Kind.BUSY;
      default -> code >= 500 ? Kind.BUSY : Kind.INVALID;
    };
    return new ApiFailure(kind, "the API server answers " + code + ": " + text, retryAfterMillis);
  }

  Kind kind() {
    return kind;
  }

  /** How long the API server asks to wait; 0 if it does not say. */
  long retryAfterMillis() {
    return retryAfterMillis;
  }

  /** What happened, for people. */
  String text() {
    return String.valueOf(getMessage());
  }
}
