package dev.patchbay.node.cni;

import dev.patchbay.spi.Code;
import dev.patchbay.spi.Finding;
import dev.patchbay.wire.CniRefusal;
import java.util.Map;

/**
 * A request ends in an error. The executable prints it in the form of the CNI specification, section "Error".
 */
public final class CniError extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The version is not supported, or has no such verb. */
  static final int INCOMPATIBLE_VERSION = 1;
  /** The environment is wrong. */
  static final int INVALID_ENVIRONMENT = 4;
  /** The configuration can't be decoded. */
  static final int DECODING = 6;
  /** The configuration is wrong. */
  static final int INVALID_CONFIGURATION = 7;
  /** The namespace is none, or the plugin's own (the library's code, not in the specification). */
  static final int INVALID_NETNS = 8;
  /** Trying again later may help. */
  static final int TRY_AGAIN_LATER = 11;
  /** The plugin is not available (STATUS). */
  static final int NOT_AVAILABLE = 50;

  private static final Map<Integer, String> NAMES = Map.of(INCOMPATIBLE_VERSION, "CniIncompatibleVersion", INVALID_ENVIRONMENT,
      "CniInvalidEnvironment", DECODING, "CniDecodingFailure", INVALID_CONFIGURATION, "CniInvalidConfiguration", INVALID_NETNS,
      "CniInvalidNetns", TRY_AGAIN_LATER, "CniTryAgainLater", NOT_AVAILABLE, "CniNotAvailable");

  private final int code;
  private final String name;
  private final String text;
  private final String details;

  CniError(int code, String message, String details) {
    this(code, NAMES.getOrDefault(code, "CniError"), message, details);
  }

  private CniError(int code, String name, String message, String details) {
    super(message);
    this.code = code;
    this.name = name;
    this.text = message;
    this.details = details;
  }

  /**
   * {@return a failure of Patchbay's own as an error: its code is the finding's, so that it can be followed everywhere}
   * @param finding why, and what to do
   */
  public static CniError of(Finding finding) {
    return new CniError(finding.code().number(), finding.code().name(), finding.code().name() + ": " + finding.cause(), finding.remedy());
  }

  /**
   * {@return an error: the caller's namespace is none, or not a pod's}
   * @param message what is wrong with it, with the variable's name
   */
  public static CniError invalidNetns(String message) {
    return new CniError(INVALID_NETNS, message,
        "The sandbox is gone or the path is wrong; the container runtime makes a new sandbox.");
  }

  /**
   * {@return STATUS's answer: ADD would not work}
   * @param finding why, and what to do
   */
  public static CniError notAvailable(Finding finding) {
    return new CniError(NOT_AVAILABLE, finding.code().name() + ": " + finding.cause(), finding.remedy());
  }

  /**
   * {@return the error as the executable takes it}
   */
  public CniRefusal refusal() {
    return new CniRefusal(code, text, details);
  }

  /**
   * {@return the code}
   */
  public int code() {
    return code;
  }

  /**
   * {@return the code with its name: the finding's, or one for what the specification itself numbers}
   */
  public Code named() {
    return Code.of(code, name);
  }
}
