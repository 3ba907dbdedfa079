package dev.patchbay.admission;

import dev.patchbay.spi.Code;

/** The codes of what is found about admission. Numbers never change. */
final class AdmissionCodes {
  /** The Secret that holds the webhooks' certificate can't be read or written. */
  static final Code CERTIFICATE_UNKEPT = Code.of(327, "WebhookCertificateUnkept");
  /** The API server can't be told to ask, or not to. */
  static final Code UNREGISTERED = Code.of(328, "WebhookUnregistered");
  /** A mode's admission planner failed. */
  static final Code PLANNER_FAILED = Code.of(505, "AdmissionPlannerFailed");

  private AdmissionCodes() {}
}
