package dev.patchbay.cluster;

import dev.patchbay.spi.Code;

/** The codes of what the controller finds and does. Numbers never change. */
public final class ControllerCodes {
  /** Interfaces of dead nodes were deleted. */
  public static final Code SWEPT = Code.of(220, "LeftoverDeleted");
  /** An interface may be left over, and it can't be shown. */
  public static final Code UNPROVEN = Code.of(221, "LeftoverUnproven");
  /** An interface that a mode wants can't be made as it wants it. */
  public static final Code UNMAKEABLE = Code.of(222, "InterfaceUnmakeable");
  /** An interface that a mode gives up is in use. */
  public static final Code STILL_USED = Code.of(223, "InterfaceStillUsed");
  /** This replica has taken over. */
  public static final Code LEADS = Code.of(224, "ControllerLeads");
  /** The Lease can't be read or written. */
  public static final Code LEASE_UNREACHABLE = Code.of(325, "LeaseUnreachable");
  /** A cluster planner failed. */
  public static final Code PLANNER_FAILED = Code.of(503, "ClusterPlannerFailed");

  private ControllerCodes() {}
}
