package dev.patchbay.cluster.view;

import dev.patchbay.core.cloud.EniRecord;
import java.util.Optional;

/**
 * The tags by which Patchbay knows its interfaces again. They are all that is known of an interface after a restart.
 */
public final class Marks {
  /** The name of the cluster that an interface belongs to. Other systems write it, too: alone it says nothing of who made it. */
  public static final String CLUSTER = "cluster.k8s.amazonaws.com/name";
  /** The instance that an interface was made for. */
  public static final String INSTANCE = "node.k8s.amazonaws.com/instance_id";
  /** By {@code true}, an operator keeps an interface for others. */
  public static final String NO_MANAGE = "node.k8s.amazonaws.com/no_manage";
  /** The token with which a node or the cluster side made an interface: the mark of Patchbay's own. */
  public static final String TOKEN = "patchbay.dev/token";
  /** The key by which a cluster planner knows an interface. */
  public static final String KEY = "patchbay.dev/key";
  /** The mode whose planner wanted an interface. */
  public static final String MODE = "patchbay.dev/mode";
  /** The name of the node that a planner wanted an interface for. */
  public static final String NODE = "patchbay.dev/node";
  /** The trunk that a branch was made for. */
  public static final String TRUNK = "patchbay.dev/trunk";
  /** The VLAN id that a branch was made for. */
  public static final String VLAN = "patchbay.dev/vlan";

  private Marks() {}

  /**
   * {@return whether Patchbay made an interface}
   * @param eni the interface
   */
  public static boolean ours(EniRecord eni) {
    return !eni.tags().getOrDefault(TOKEN, "").isEmpty();
  }

  /**
   * {@return the instance that an interface was made for; empty if its tag says none}
   * @param eni the interface
   */
  public static Optional<String> instance(EniRecord eni) {
    return Optional.ofNullable(eni.tags().get(INSTANCE)).filter(id -> id.matches("i-([0-9a-f]{8}|[0-9a-f]{17})"));
  }
}
