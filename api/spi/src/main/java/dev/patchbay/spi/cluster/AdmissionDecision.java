package dev.patchbay.spi.cluster;

import dev.patchbay.spi.Fields;
import org.apiguardian.api.API;

/**
 * What admission decided. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface AdmissionDecision {
  /**
   * {@return let it pass as it is}
   */
  static AdmissionDecision allow() {
    return new Allow();
  }

  /**
   * {@return let it pass with a change}
   * @param patch a list of JSON patch operations (RFC 6902) under {@code operations}
   */
  static AdmissionDecision patch(Fields patch) {
    return new Patch(patch);
  }

  /**
   * {@return turn it away}
   * @param reason why, and what to do, in words for whoever asked
   */
  static AdmissionDecision deny(String reason) {
    return new Deny(reason);
  }

  /** Pass as it is. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  record Allow() implements AdmissionDecision {}

  /**
   * Pass with a change.
   *
   * @param patch the JSON patch operations under {@code operations}
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  record Patch(Fields patch) implements AdmissionDecision {}

  /**
   * Turned away.
   *
   * @param reason why
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  record Deny(String reason) implements AdmissionDecision {}
}
