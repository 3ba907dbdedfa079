package dev.patchbay.kube;

import dev.patchbay.core.needs.NeedCodes;
import dev.patchbay.spi.Code;

/** The codes of the adapter's own. Numbers never change. */
final class KubeCodes {
  /** The API server does not answer. */
  static final Code UNHEARD = Code.of(320, "ApiServerUnheard");
  /** The API server does not know a kind of objects that a mode reads. */
  static final Code KIND_MISSING = Code.of(321, "KindMissing");
  /** The API server does not let the client do what it must. */
  static final Code RULE_MISSING = NeedCodes.RULE_MISSING;
  /** The API server refuses what should be written. */
  static final Code WRITE_REFUSED = Code.of(323, "WriteRefused");

  private KubeCodes() {}
}
