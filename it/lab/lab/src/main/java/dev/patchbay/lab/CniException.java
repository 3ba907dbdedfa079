package dev.patchbay.lab;

import java.time.Duration;

/** A plugin refused; with the error that it printed (CNI specification, "Error"). */
public final class CniException extends LabException {
  private static final long serialVersionUID = 1;

  private final int code;
  private final String text;
  private final String details;
  private final Duration took;

  CniException(String what, int code, String text, String details, Duration took) {
    super(what + ": code " + code + ": " + text + (details.isEmpty() ? "" : " (" + details + ")"));
    this.code = code;
    this.text = text;
    this.details = details;
    this.took = took;
  }

  /** The CNI error code. */
  public int code() {
    return code;
  }

  /** The member {@code msg}. */
  public String text() {
    return text;
  }

  /** The member {@code details}; may be empty. */
  public String details() {
    return details;
  }

  /** How long the plugin ran. */
  public Duration took() {
    return took;
  }
}
