package dev.patchbay.mode.multus;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;

/** A pod can't have what it asks for. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  /** A network that a pod names does not exist. The name is the one by which users of Multus know the Event. */
  static final Code NO_NETWORK = Code.of(370, "NoNetworkFound");
  /** A network exists, and its configuration can't be used. */
  static final Code NETWORK_INVALID = Code.of(371, "NetworkInvalid");
  /** A pod names a network of a namespace that it may not use. */
  static final Code NETWORK_FORBIDDEN = Code.of(372, "NetworkForbidden");
  /** A pod asks a network for something that none of its plugins can do. */
  static final Code NETWORK_INCAPABLE = Code.of(373, "NetworkIncapable");
  /** The plugin of a network failed. */
  static final Code DELEGATE_FAILED = Code.of(374, "DelegateFailed");

  private final transient Finding reason;

  Refusal(Code code, String cause, String remedy) {
    super(cause, null, false, false);
    this.reason = Finding.of(code, cause, remedy);
  }

  /** The pod's annotation is wrong. */
  static Refusal ofPod(String cause, String remedy) {
    return new Refusal(Codes.POD_INVALID, cause, remedy);
  }

  Finding reason() {
    return reason;
  }

  <T> Answer<T> answer() {
    return Answer.refuse(reason.code(), reason.cause(), reason.remedy());
  }
}
