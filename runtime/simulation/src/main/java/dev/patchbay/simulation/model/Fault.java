package dev.patchbay.simulation.model;

import java.util.Locale;

/** What can go wrong, or come otherwise than in order. */
public enum Fault {
  /** Done, answer lost. */
  EC2_ANSWER_LOST("EC2 did what it was asked, and the answer was lost"),
  /** Not done, answer lost. */
  EC2_CALL_LOST("a call to EC2 was lost, and nobody can tell"),
  /** Throttled though within the buckets. */
  EC2_THROTTLED("EC2 asked to slow down"),
  /** Refused for no reason that lasts. */
  EC2_REFUSED("EC2 refused for once"),
  /** No connection. */
  EC2_UNREACHABLE("no connection to EC2 for once"),
  /** Away for a while. */
  EC2_AWAY("EC2 is away for a while"),
  /** Slow. */
  EC2_SLOW("EC2 took seconds"),
  /** Descriptions lag. */
  EC2_LAG("descriptions of EC2 lag behind, each interface for itself"),
  /** Not found yet. */
  EC2_NOT_YET("EC2 does not find yet what it has just made"),
  /** A detachment that takes long. */
  EC2_SLOW_DETACH("a detachment takes half a minute"),
  /** IMDS away. */
  IMDS_AWAY("IMDS does not answer for a while"),
  /** IMDS stale. */
  IMDS_STALE("IMDS lags behind by up to a minute"),
  /** The subnet is filled by others. */
  SUBNET_FULL("others fill the subnet"),
  /** The subnet is fragmented by others. */
  SUBNET_FRAGMENTED("others fragment the subnet"),
  /** Addresses put on by hand. */
  HAND_PUT("somebody puts addresses on an interface by hand"),
  /** An interface attached by hand. */
  FOREIGN_INTERFACE("somebody attaches an interface by hand"),
  /** The API server is cut off. */
  API_CUT("the API server is not heard for a while"),
  /** Full disk. */
  DISK_FULL("the disk is full for a while"),
  /** Slow disk. */
  DISK_SLOW("the disk is slow"),
  /** Torn tail. */
  DISK_TORN("the last record is torn when the daemon is killed"),
  /** Killed. */
  KILLED("the daemon is killed"),
  /** Killed in the middle of the kernel's work. */
  KERNEL_HALF("the daemon is killed in the middle of the kernel's work"),
  /** Rebooted. */
  REBOOTED("the node is rebooted"),
  /** Kernel refuses. */
  KERNEL_REFUSED("the kernel refuses for once"),
  /** A pod's namespace is gone. */
  NETNS_GONE("a pod's network namespace is gone before its DEL"),
  /** A planner fails. */
  PLANNER_FAILED("a planner fails or overruns its deadline"),
  /** Something is late and others overtake it. */
  OVERTAKEN("what was begun later is over earlier"),
  /** The wall clock steps. */
  WALL_STEP("the wall clock steps"),
  /** A caller hangs up. */
  HANG_UP("a container runtime hangs up"),
  /** An answer that nobody reads. */
  UNREAD("an answer arrives, and nobody reads it"),
  /** Another ADD for the same. */
  SECOND_ADD("a second ADD for an attachment that is there or under way"),
  /** A DEL for nothing. */
  STRAY_DEL("a DEL of what is not there"),
  /** Retried DEL. */
  DEL_AGAIN("a DEL is sent again before the first is answered"),
  /** DEL without a daemon. */
  DEL_NOTED("a DEL comes while no daemon is there, and a note is left"),
  /** Somebody else removes of the datapath. */
  KERNEL_ALTERED("somebody else takes something out of the kernel"),
  /** Objects change. */
  OBJECTS_CHANGED("objects that modes read change"),
  /** An upgrade and a downgrade. */
  NEWER_ENTRIES("a newer version ran for a moment, and left entries in the ledger"),
  /** Altered bytes. */
  DISK_FLIPPED("a bit of the attachments' journal was inverted while no daemon was there"),
  /** Other modes. */
  RECONFIGURED("the daemon starts with other modes"),
  /** A disk that stands still. */
  DISK_STILL("the disk stands still for a while: it neither writes nor refuses");

  private final String words;

  Fault(String words) {
    this.words = words;
  }

  /**
   * {@return what it is, as a clause}
   */
  public String words() {
    return words;
  }

  /**
   * {@return its name on the command line}
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
