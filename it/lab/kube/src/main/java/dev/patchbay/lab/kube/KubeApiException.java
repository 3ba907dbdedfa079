package dev.patchbay.lab.kube;

/** An operation of {@link KubeObjects} that the API server refused. */
public final class KubeApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;

  KubeApiException(int code, String reason, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.reason = reason;
  }

  /** The HTTP code that a client would have seen. */
  public int code() {
    return code;
  }

  /** The machine-readable reason: {@code NotFound}, {@code AlreadyExists}, {@code Conflict}, {@code Invalid}, ... */
  public String reason() {
    return reason;
  }
}
