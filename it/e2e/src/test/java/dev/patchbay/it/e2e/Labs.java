package dev.patchbay.it.e2e;

import dev.patchbay.lab.Configurations;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabSettings;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts labs whose nodes run the daemon of the installation in build/home. */
public final class Labs {
  /** The order of classes that wait for a minute or more: they begin before the others, which run while they wait. */
  public static final int EARLY = 1;

  private static final AtomicInteger STARTED = new AtomicInteger();

  private Labs() {}

  /**
   * Starts a lab, and returns when its nodes serve. The caller closes it.
   *
   * @param nodes how many nodes
   * @param instanceType their type, such as t3.small (3 interfaces of 4 addresses)
   * @param configuration laid over the lab's own for each node, as {@link LabSettings#configuration} says
   */
  public static Lab start(int nodes, String instanceType, Map<String, Object> configuration) {
    return Lab.start(
        LabSettings.discover(name()).withNodes(nodes).withInstanceType(instanceType).withConfiguration(configuration));
  }

  /**
   * Restarts a node's daemon with a changed configuration, and returns when it serves.
   *
   * @param over laid over its configuration, as {@link LabSettings#configuration} says
   */
  public static void reconfigure(LabNode node, Map<String, Object> over) {
    node.daemon().stop();
    Configurations.change(node.configuration(), over);
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
  }

  /** A name that no other lab of this machine has: that of this process, and a number. */
  public static String name() {
    return "t" + ProcessHandle.current().pid() + "n" + STARTED.incrementAndGet();
  }
}
