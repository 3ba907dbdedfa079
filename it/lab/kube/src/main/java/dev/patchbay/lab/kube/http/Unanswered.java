package dev.patchbay.lab.kube.http;

import java.time.Duration;

/** A request gets no answer, on purpose. */
final class Unanswered extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration open;

  /**
   * @param open how long the connection stays open
   */
  Unanswered(Duration open) {
    super("no answer, on purpose");
    this.open = open;
  }

  Duration open() {
    return open;
  }
}
