package dev.patchbay.core.brain;

import dev.patchbay.spi.Code;

/**
 * The codes of the brain's own. Numbers never change.
 */
public final class BrainCodes {
  /** The ledger can't be made durable. */
  public static final Code LEDGER_UNWRITABLE = Code.of(470, "LedgerUnwritable");
  /** The attachment exists already. */
  public static final Code ATTACHMENT_EXISTS = Code.of(310, "AttachmentExists");
  /** Another request for the attachment is under way. */
  public static final Code ATTACHMENT_BUSY = Code.of(311, "AttachmentBusy");
  /** There is no such attachment. */
  public static final Code ATTACHMENT_UNKNOWN = Code.of(312, "AttachmentUnknown");
  /** The attachment was deleted while it was being made. */
  public static final Code ATTACHMENT_DELETED = Code.of(313, "AttachmentDeleted");
  /** Whoever asked hung up. */
  public static final Code CALLER_GONE = Code.of(314, "CallerGone");
  /** The node does not know itself yet. */
  public static final Code NODE_UNKNOWN = Code.of(472, "NodeUnknown");
  /** A mode failed, and is set aside. */
  public static final Code MODE_FAILED = Code.of(500, "ModeFailed");
  /** The machine has no time for planners: no mode is to blame. */
  public static final Code PLANNERS_STARVED = Code.of(504, "PlannersStarved");
  /** A mode asked for a lane or address that is not there. */
  public static final Code REQUEST_IMPOSSIBLE = Code.of(501, "RequestImpossible");
  /** An address of a pod is gone from EC2. */
  public static final Code ADDRESS_VANISHED = Code.of(210, "AddressVanished");
  /** EC2 does not know who asks: the node has no credentials, or none that hold. */
  public static final Code CREDENTIALS_REFUSED = Code.of(211, "CredentialsRefused");
  /** The node's clock is not that of EC2. */
  public static final Code CLOCK_WRONG = Code.of(212, "ClockWrong");
  /** Addresses came to an interface of others while an answer of EC2 was lost, and whose they are can't be told. */
  public static final Code ADDRESS_UNACCOUNTED = Code.of(213, "AddressUnaccounted");
  /** What the kernel should have could not be removed yet. */
  public static final Code UNDO_PENDING = Code.of(473, "UndoPending");
  /** The node's own datapath could not be set up. */
  public static final Code NODE_DATAPATH = Code.of(474, "NodeDatapathFailed");
  /** Somebody else removed or altered what is ours in the kernel. */
  public static final Code DATAPATH_ALTERED = Code.of(475, "DatapathAltered");
  /** The ledger has entries that a newer version wrote. */
  public static final Code LEDGER_NEWER = Code.of(471, "LedgerNewer");
  /** Nothing is wrong: the reason of the node's condition then. */
  public static final Code SERVING = Code.of(599, "Serving");

  private BrainCodes() {}
}
