package dev.patchbay.wire;

/** One message between executable and daemon. */
public sealed interface Frame permits CniRequest, CniAnswer, CniRefusal, DelegateRun, DelegateOutcome {

  /** The number by which the frame is known on the wire. */
  FrameType type();
}
