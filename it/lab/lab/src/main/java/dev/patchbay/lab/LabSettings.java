package dev.patchbay.lab;

import dev.patchbay.lab.kube.KubeBinaries;
import dev.patchbay.lab.services.ServiceRules;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a lab is built. Immutable; each {@code with} method gives a changed copy.
 *
 * @param name 1 to 20 of a-z and 0-9; labs of different names never meet
 * @param home the installation whose daemon the nodes run
 * @param java the command that runs it, of Java 25
 * @param executable {@code patchbay-cni}, which is copied to each node that runs the daemon
 * @param nodes how many nodes there are at first, 0 to 200
 * @param instanceType their instance type
 * @param configuration laid over the configuration that the lab writes for each node, by the rules of RFC 7396: sections are
 *     merged key by key, null takes a key away, lists are replaced
 * @param daemons whether the nodes run the daemon
 * @param ipv6 whether VPC, subnets and nodes have IPv6 addresses, too
 * @param services in which form the nodes have rules for service addresses
 * @param kubernetes the real API server's programs, if it is to be that; its files are kept in the lab's folder
 * @param replicas how many replicas of the cluster's controller run
 */
public record LabSettings(
    String name,
    Path home,
    Path java,
    Path executable,
    int nodes,
    String instanceType,
    Map<String, Object> configuration,
    boolean daemons,
    boolean ipv6,
    ServiceRules services,
    Optional<KubeBinaries> kubernetes,
    int replicas) {
  /** The most nodes for which there are public addresses. */
  static final int MOST_NODES = 200;

  private static final int MOST_REPLICAS = 9;

  private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,20}");

  /** Checks the ranges; the files are looked at when they are used. */
  public LabSettings {
    if (!NAME.matcher(name).matches()) {
      throw new LabException("'" + name + "' can't be a lab's name: use 1 to 20 of a-z and 0-9");
    }
    if (nodes < 0 || nodes > MOST_NODES) {
      throw new LabException("a lab has 0 to " + MOST_NODES + " nodes, not " + nodes);
    }
    if (replicas < 0 || replicas > MOST_REPLICAS || replicas > 0 && !daemons) {
      throw new LabException("a lab whose nodes run the daemon has 0 to " + MOST_REPLICAS + " replicas of the controller, another none; not "
          + replicas);
    }
    // Map.copyOf refuses nulls, which mean something here.
    configuration = Collections.unmodifiableMap(new LinkedHashMap<>(configuration));
  }

  /** Two nodes of type m5.large with the daemon of an installation. */
  public static LabSettings of(String name, Path home, Path java, Path executable) {
    return new LabSettings(name, home, java, executable, 2, "m5.large", Map.of(), true, false, ServiceRules.NONE, Optional.empty(), 0);
  }

  /**
   * The same with the installation that is at hand: the one that this process was started from, or that the system property
   * {@code patchbay.home} names, or that was built in the checkout around the working directory.
   *
   * @throws LabException if there is none, with what to do
   */
  public static LabSettings discover(String name) {
    Path home = Installations.home();
    return of(name, home, Installations.java(), Installations.executable(home));
  }

  /** Two nodes of type m5.large without a daemon of ours, for which no installation is needed. */
  public static LabSettings empty(String name) {
    return of(name, Path.of("/"), Installations.java(), Path.of("/bin/false")).withoutDaemons();
  }

  /** With another name. */
  public LabSettings withName(String value) {
    return new LabSettings(value, home, java, executable, nodes, instanceType, configuration, daemons, ipv6, services, kubernetes, replicas);
  }

  /** With another number of nodes. */
  public LabSettings withNodes(int value) {
    return new LabSettings(name, home, java, executable, value, instanceType, configuration, daemons, ipv6, services, kubernetes, replicas);
  }

  /** With nodes of another type. */
  public LabSettings withInstanceType(String value) {
    return new LabSettings(name, home, java, executable, nodes, value, configuration, daemons, ipv6, services, kubernetes, replicas);
  }

  /** With a configuration laid over the lab's own, see the component. */
  public LabSettings withConfiguration(Map<String, Object> value) {
    return new LabSettings(name, home, java, executable, nodes, instanceType, value, daemons, ipv6, services, kubernetes, replicas);
  }

  /** With nodes that run no daemon of ours: their interfaces appear as devices, and that is all. */
  public LabSettings withoutDaemons() {
    return new LabSettings(name, home, java, executable, nodes, instanceType, configuration, false, ipv6, services, kubernetes, replicas);
  }

  /** With IPv6 beside IPv4 in the VPC, its subnets and its nodes' primary interfaces. */
  public LabSettings withIpv6() {
    return new LabSettings(name, home, java, executable, nodes, instanceType, configuration, daemons, true, services, kubernetes, replicas);
  }

  /** With rules for service addresses on every node. */
  public LabSettings withServices(ServiceRules value) {
    return new LabSettings(name, home, java, executable, nodes, instanceType, configuration, daemons, ipv6, value, kubernetes, replicas);
  }

  /** With the real API server in place of the lab's own. */
  public LabSettings withKubernetes(KubeBinaries value) {
    return new LabSettings(
        name, home, java, executable, nodes, instanceType, configuration, daemons, ipv6, services, Optional.of(value), replicas);
  }

  /** With replicas of the cluster's controller, {@code cluster-0} and so on. */
  public LabSettings withReplicas(int value) {
    return new LabSettings(name, home, java, executable, nodes, instanceType, configuration, daemons, ipv6, services, kubernetes, value);
  }
}
