package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.IpPrefix;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A small VPC for tests: two subnets, an open group, and instances as they are asked for. */
final class World implements AutoCloseable {
  /** How long to wait for what must come; a busy machine may need more than it seems. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final AtomicInteger COUNT = new AtomicInteger();

  final Fabric fabric;

  World() {
    fabric = Fabric.create(freshId(), List.of(IpPrefix.of("10.0.0.0/16"), IpPrefix.of("2001:db8:1::/56")));
    fabric.setRouteTable(RouteTable.internet("public"));
    fabric.setRouteTable(RouteTable.local("private"));
    fabric.setSubnet(SubnetSpec.of("a", "10.0.0.0/24", "2001:db8:1:0::/64", "public"));
    fabric.setSubnet(SubnetSpec.of("b", "10.0.1.0/24", "2001:db8:1:1::/64", "private"));
    fabric.setGroup(SecurityGroup.open("open"));
  }

  /** An id that no other test on this machine has: pid and a count. */
  static String freshId() {
    return "t" + ProcessHandle.current().pid() + "x" + COUNT.incrementAndGet();
  }

  NetworkNamespace node(String instance, String mac, String subnet, String... delivered) {
    return nodeIn("open", instance, mac, subnet, delivered);
  }

  /** A node with one interface in one group. */
  NetworkNamespace nodeIn(String group, String instance, String mac, String subnet, String... delivered) {
    fabric.addInstance(InstanceSpec.node(instance));
    fabric.attach(InterfaceSpec.primary("eni-" + instance, mac, instance, subnet, List.of(delivered), Set.of(group)));
    return fabric.instance(instance);
  }

  /** A pod as a routed CNI plugin makes it: a veth to the node, a /32, a route on the node. Removed with the fabric. */
  NetworkNamespace pod(NetworkNamespace node, String name, String address) {
    NetworkNamespace pod = fabric.addNamespace(name);
    String host = "v" + name;
    command(node, "ip link add " + host + " type veth peer name eth0 netns " + pod.name());
    command(node, "ip link set " + host + " up");
    command(node, "ip route add " + address + "/32 dev " + host);
    command(node, "sysctl -qw net.ipv4.conf." + host + ".proxy_arp=1");
    command(node, "sysctl -qw net.ipv4.neigh." + host + ".proxy_delay=0");
    command(pod, "ip link set eth0 up");
    command(pod, "ip address add " + address + "/32 dev eth0");
    command(pod, "ip route add 169.254.1.1 dev eth0");
    command(pod, "ip route add default via 169.254.1.1 dev eth0");
    return pod;
  }

  void deliver(String eni, String... blocks) {
    fabric.setDelivered(eni, Arrays.stream(blocks).map(IpPrefix::of).toList());
  }

  long dropped(DropReason reason) {
    Long count = fabric.drops().get(reason);
    return count == null ? -1 : count;
  }

  static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  /** Returns when at least so many packets were dropped for that reason. */
  void awaitDropped(DropReason reason, long count) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (dropped(reason) < count) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("%d dropped as %s after %s, not %d".formatted(dropped(reason), reason, PATIENCE, count));
      }
    }
  }

  /** Whether an answer comes; the first requests may be lost while a device that was just set up comes up. */
  static boolean reaches(NetworkNamespace from, String to) {
    return Ping.reaches(from, ip(to), PATIENCE);
  }

  static boolean reaches(NetworkNamespace from, String source, String to) {
    return Ping.reaches(from, ip(source), ip(to), PATIENCE);
  }

  /** Whether two requests get no answer. */
  static boolean silent(NetworkNamespace from, String to) {
    return Ping.run(from, ip(to), 2, 0.3).received() == 0;
  }

  static boolean silent(NetworkNamespace from, String source, String to) {
    return Ping.run(from, ip(source), ip(to), 2, 0.3).received() == 0;
  }

  static void command(NetworkNamespace in, String command) {
    in.run(command.split(" ")).orThrow("run '" + command + "' in " + in.name());
  }

  static Set<String> set(String... values) {
    return new LinkedHashSet<>(List.of(values));
  }

  @Override
  public void close() {
    fabric.close();
  }
}
