package dev.patchbay.simulation;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;

/** A pod's sandbox, as the container runtime knows it. */
final class Sandbox {
  /** How far it is. */
  enum State {
    /** Its ADD is under way. */
    ADDING,
    /** It has its network. */
    LIVE,
    /** Its ADD failed, or nobody knows what came of it: it must be deleted. */
    FAILED,
    /** Its DEL is under way. */
    DELETING
  }

  final String id;
  final String pod;
  final AttachmentKey key;
  final PodKind kind;
  State state = State.ADDING;
  /** Whether somebody was promised its network, and nobody has asked for its end. */
  boolean entitled;
  boolean netns = true;
  /** Whether somebody else took something of it out of the kernel, and it is not back yet. */
  boolean altered;
  List<IpAddress> addresses = List.of();

  Sandbox(String id, String pod, PodKind kind) {
    this.id = id;
    this.kind = kind;
    this.pod = pod;
    this.key = new AttachmentKey(id, "eth0");
  }
}
