package dev.patchbay.lab;

import dev.patchbay.lab.picture.Scene;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.EgressOnlyGateway;
import dev.patchbay.lab.vpc.InternetGateway;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NatGateway;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.RouteTarget;
import dev.patchbay.lab.vpc.Routing;
import dev.patchbay.lab.vpc.SecurityGroup;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcState;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the picture of a lab shows. */
final class Scenes {
  private static final Ip ANYWHERE = Ip.parse("203.0.113.10");
  private static final Ip ANYWHERE_6 = Ip.parse("2001:db8::10");

  private final Lab lab;
  private final VpcState state;
  private final Routing routing;
  private final Map<String, String> devices = new LinkedHashMap<>();
  private final Set<LabPod> placed = new HashSet<>();

  private Scenes(Lab lab) {
    this.lab = lab;
    state = lab.model().state();
    routing = Routing.of(state);
    lab.fabric().interfaces().forEach(spec -> devices.put(spec.id(), spec.device()));
  }

  static Scene of(Lab lab) {
    return new Scenes(lab).scene();
  }

  private Scene scene() {
    Vpc vpc = state.vpc(lab.vpcId());
    List<String> blocks = Stream.concat(vpc.cidrs().stream(), vpc.ipv6().stream()).map(Cidr::toString).toList();
    Map<String, List<Scene.Subnet>> zones = new LinkedHashMap<>();
    state.subnets().values().stream()
        .filter(subnet -> subnet.vpcId().equals(vpc.id()))
        .sorted(Comparator.comparing(Subnet::zone))
        .forEach(subnet -> zones.computeIfAbsent(subnet.zone(), zone -> new ArrayList<>()).add(subnet(subnet)));
    return new Scene(
        lab.name(),
        vpc.id() + "  " + lab.model().settings().region() + "  " + String.join("  ", blocks),
        gateways(),
        zones.entrySet().stream().map(zone -> new Scene.Zone(zone.getKey(), zone.getValue())).toList(),
        state.groups().values().stream().filter(group -> group.vpcId().equals(vpc.id())).map(Scenes::group).toList());
  }

  private List<Scene.Gateway> gateways() {
    List<Scene.Gateway> all = new ArrayList<>();
    state.gateways(InternetGateway.class).values().stream()
        .filter(gateway -> gateway.vpcId().equals(Optional.of(lab.vpcId())))
        .forEach(gateway -> all.add(new Scene.Gateway(gateway.id(), "internet gateway")));
    state.natGateways()
        .filter(gateway -> gateway.vpcId().equals(lab.vpcId()) && gateway.available())
        .forEach(gateway -> all.add(new Scene.Gateway(gateway.id(), "NAT gateway, " + gateway.publicAddress())));
    state.gateways(EgressOnlyGateway.class).values().stream()
        .filter(gateway -> gateway.vpcId().equals(lab.vpcId()))
        .forEach(gateway -> all.add(new Scene.Gateway(gateway.id(), "egress-only internet gateway")));
    return all;
  }

  private Scene.Subnet subnet(Subnet subnet) {
    List<Scene.Node> nodes =
        lab.nodes().stream()
            .filter(node -> state.primaryOf(node.instanceId()).filter(eni -> eni.subnetId().equals(subnet.id())).isPresent())
            .map(this::node)
            .toList();
    Set<String> known = new HashSet<>(lab.nodes().stream().map(LabNode::instanceId).toList());
    List<Scene.Eni> others =
        state.interfaces().values().stream()
            .filter(eni -> eni.subnetId().equals(subnet.id()))
            .filter(eni -> eni.attachment().filter(place -> known.contains(place.instanceId())).isEmpty())
            .map(eni -> eni(eni, List.of()))
            .toList();
    String blocks = subnet.cidr() + subnet.ipv6().map(block -> "  " + block).orElse("");
    return new Scene.Subnet(subnet.id(), subnet.tags().getOrDefault("Name", ""), blocks, ways(subnet), nodes, others);
  }

  private String ways(Subnet subnet) {
    Set<String> targets = new LinkedHashSet<>();
    Stream.of(ANYWHERE, ANYWHERE_6)
        .filter(address -> !address.six() || subnet.ipv6().isPresent())
        .forEach(address -> routing.decides(routing.tableOf(subnet), address).ifPresent(route -> targets.add(target(route.target()))));
    return targets.isEmpty() ? "VPC alone" : String.join(", ", targets);
  }

  private static String target(RouteTarget target) {
    return switch (target) {
      case RouteTarget.Local() -> "VPC alone";
      case RouteTarget.Internet(String id) -> "internet gateway";
      case RouteTarget.Nat(String id) -> "NAT gateway";
      case RouteTarget.EgressOnly(String id) -> "egress-only gateway";
      case RouteTarget.Interface(String id) -> id;
    };
  }

  private Scene.Node node(LabNode node) {
    List<LabPod> pods = node.pods();
    List<Scene.Eni> enis = state.interfacesOf(node.instanceId()).stream().map(eni -> eni(eni, pods)).toList();
    List<Scene.Pod> elsewhere = pods.stream().filter(pod -> !placed.contains(pod)).map(Scenes::pod).toList();
    return new Scene.Node(node.name(), node.instanceId(), node.instance().type().name(), enis, elsewhere);
  }

  private Scene.Eni eni(NetworkInterface eni, List<LabPod> pods) {
    List<LabPod> held = pods.stream().filter(pod -> pod.addresses().stream().anyMatch(address -> eni.holds(Ip.of(address)))).toList();
    placed.addAll(held);
    Set<InetAddress> taken = new HashSet<>();
    held.forEach(pod -> taken.addAll(pod.addresses()));
    long free = eni.secondaries().stream().filter(address -> !taken.contains(address.inet())).count();
    List<String> lines = new ArrayList<>();
    eni.primary().ifPresent(address -> lines.add(address + eni.publicAddress().map(outside -> "  public " + outside).orElse("")));
    eni.ipv6Addresses().stream().filter(address -> !taken.contains(address.inet())).map(Ip::toString).forEach(lines::add);
    List<String> prefixes = Stream.concat(eni.ipv4Prefixes().stream(), eni.ipv6Prefixes().stream()).map(Cidr::toString).toList();
    return new Scene.Eni(
        eni.id(), label(eni), eni.subnetId(), lines, prefixes, (int) free, eni.groups(), held.stream().map(Scenes::pod).toList());
  }

  /** Its device, or why it has none. */
  private String label(NetworkInterface eni) {
    if (eni.requesterManaged() && eni.attachment().isEmpty() && !eni.description().isEmpty()) {
      return eni.kind() == NetworkInterface.Kind.INTERFACE ? eni.description() : eni.kind().wire().replace('_', ' ');
    }
    String kind = eni.kind() == NetworkInterface.Kind.INTERFACE ? "" : eni.kind().wire() + " ";
    return Optional.ofNullable(devices.get(eni.id()))
        .filter(device -> eni.attachment().isPresent())
        .map(device -> kind + device)
        .or(() -> state.trunkOf(eni.id()).map(trunk -> "branch, VLAN " + trunk.vlan()))
        .orElseGet(() -> kind + (eni.attachment().isPresent() ? "of another instance" : "not attached"));
  }

  private static Scene.Pod pod(LabPod pod) {
    return new Scene.Pod(pod.namespace(), pod.name(), pod.addresses().stream().map(InetAddress::getHostAddress).toList());
  }

  private static Scene.Group group(SecurityGroup group) {
    List<String> rules = new ArrayList<>();
    group.ingress().forEach(rule -> rules.add("in   " + rule(rule)));
    group.egress().forEach(rule -> rules.add("out  " + rule(rule)));
    return new Scene.Group(group.id(), group.name(), rules);
  }

  private static String rule(SecurityGroup.Rule rule) {
    String protocol =
        switch (rule.protocol()) {
          case -1 -> "all";
          case 1 -> "icmp";
          case 6 -> "tcp";
          case 17 -> "udp";
          case 58 -> "icmpv6";
          default -> "protocol " + rule.protocol();
        };
    boolean ports = rule.protocol() == 6 || rule.protocol() == 17;
    String range = rule.fromPort() == rule.toPort() ? " " + rule.fromPort() : " " + rule.fromPort() + "-" + rule.toPort();
    return protocol + (ports ? range : "") + "  " + rule.peer();
  }
}
