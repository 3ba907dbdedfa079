package dev.patchbay.linux.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.linux.host.Sysctls;
import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.route.Address;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.Neighbour;
import dev.patchbay.netlink.route.Route;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.InterfaceAddress;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A node of namespaces: three interfaces of an instance, a fabric behind them that drops what leaves by the wrong one, a host outside
 * the VPC, and pods. Nothing of it is outside namespaces without a name, so nothing outlives the test.
 *
 * <p>Subnet 10.0.0.0/24, gateway 10.0.0.1. Interface i has address 10.0.0.1i and carries pods 10.0.0.(100 + 50 i) and up; 10.0.0.200 is
 * another host of the VPC, 198.51.100.1 one outside.
 */
final class TestNode implements AutoCloseable {
  static final IpAddress GATEWAY = IpAddress.of("10.0.0.1");
  static final IpAddress POD_GATEWAY = IpAddress.of("169.254.1.1");
  static final IpAddress POD_GATEWAY_6 = IpAddress.of("fe80::1");
  static final IpAddress VPC_HOST = IpAddress.of("10.0.3.200");
  static final IpAddress OUTSIDE = IpAddress.of("198.51.100.1");
  static final IpAddress OUTSIDE_6 = IpAddress.of("2001:db8:ffff::1");
  static final Cidr SUBNET = Cidr.of("10.0.0.0/24");
  static final Cidr VPC = Cidr.of("10.0.0.0/16");
  static final int ENIS = 3;

  final Netns node = Netns.create();
  final Netns fabric = Netns.create();
  final List<EniPath> enis = new ArrayList<>();
  private final List<Netns> pods = new ArrayList<>();
  private final List<Talk> talks = new ArrayList<>();
  private final List<KernelDatapath> datapaths = new ArrayList<>();

  TestNode() {
    try {
      build();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void build() {
    try (RouteSocket inNode = RouteSocket.open(node); RouteSocket inFabric = RouteSocket.open(fabric)) {
      inNode.execute(Links.change("lo").up());
      inFabric.execute(new Batch().add(Links.change("lo").up())
          .add(Address.of(1, prefix(VPC_HOST)).add()).add(Address.of(1, prefix(OUTSIDE)).add())
          .add(Address.of(1, prefix(OUTSIDE_6)).withFlags(Address.NO_DUPLICATE_DETECTION).add()));
      for (Netns router : List.of(node, fabric)) {
        // Without duplicate address detection, which would hold the fabric's own addresses back for seconds.
        Sysctls.of(router).set(Map.of(Sysctls.Key.of("net.ipv4.ip_forward"), "1",
            Sysctls.Key.of("net.ipv6.conf.all.forwarding"), "1", Sysctls.Key.of("net.ipv6.conf.default.accept_dad"),
            router == fabric ? "0" : "1"));
      }
      for (int i = 0; i < ENIS; i++) {
        MacAddress mac = new MacAddress(0x0a00_0000_0000L + i);
        IpAddress own = own(i);
        enis.add(new EniPath("eni-" + i, mac, i == 0, i + 1, i == 0 ? 254 : i + 2, 1500,
            List.of(new EniPath.Own(own, SUBNET), new EniPath.Own(own6(i), Cidr.of("2001:db8::/64"))),
            List.of(GATEWAY, IpAddress.of("fe80:ec2::1"))));
        addEni(inNode, inFabric, i);
      }
      inNode.execute(new Batch().add(Links.change("eth0").up())
          .add(Address.of(10, new IpPrefix(Kernel.address(own(0)), 24)).add())
          .add(Address.of(10, new IpPrefix(Kernel.address(own6(0)), 64)).withFlags(Address.NO_DUPLICATE_DETECTION).add())
          .add(Route.toAny(Family.IPV4).via(Kernel.address(GATEWAY)).link(10).build().add())
          .add(Route.toAny(Family.IPV6).via(Kernel.address(IpAddress.of("fe80:ec2::1"))).onlink().link(10).build().add()));
    }
    StringBuilder rules = new StringBuilder("add table inet fabric\n"
        + "add set inet fabric allowed { type ifname . ipv4_addr; flags interval; }\n"
        + "add chain inet fabric check { type filter hook prerouting priority raw; }\n"
        + "add rule inet fabric check iifname \"port*\" iifname . ip saddr != @allowed counter drop comment \"source check\"\n"
        + "add counter inet fabric answered\n");
    for (int i = 0; i < ENIS; i++) {
      rules.append("add element inet fabric allowed { \"port%d\" . %s, \"port%d\" . %s-%s }\n"
          .formatted(i, own(i), i, pod(i, 0), pod(i, 49)));
    }
    run(fabric, rules.toString(), "nft", "-f", "-");
  }

  private void addEni(RouteSocket inNode, RouteSocket inFabric, int i) {
    int index = 10 + i;
    Sysctls nodeSysctls = Sysctls.of(node);
    nodeSysctls.set(Sysctls.Key.of("net.ipv6.conf.default.accept_dad"), "0");
    inNode.execute(Links.veth("eth" + i, Links.peer("port" + i).index(index).namespace(fabric)).index(index)
        .mac(Kernel.mac(new MacAddress(0x0a00_0000_0000L + i))).mtu(1500));
    nodeSysctls.set(Sysctls.Key.of("net.ipv6.conf.default.accept_dad"), "1");
    Batch batch = new Batch().add(Links.change(index).up())
        .add(Address.of(index, prefix(GATEWAY)).add())
        .add(Address.of(index, prefix(IpAddress.of("fe80:ec2::1"))).withFlags(Address.NO_DUPLICATE_DETECTION).add());
    List<IpAddress> here = new ArrayList<>(List.of(own(i), own6(i)));
    for (int n = 0; n < 50; n++) {
      here.add(pod(i, n));
      here.add(pod6(i, n));
    }
    // As in a VPC: nobody is asked who has an address, the fabric knows.
    for (IpAddress address : here) {
      batch.add(Route.to(prefix(address)).link(index).build().add())
          .add(Neighbour.permanent(index, Kernel.address(address), Kernel.mac(new MacAddress(0x0a00_0000_0000L + i))).add());
    }
    inFabric.execute(batch);
  }

  private static IpPrefix prefix(IpAddress address) {
    return Kernel.host(address);
  }

  static IpAddress own(int eni) {
    return IpAddress.of("10.0.0." + (10 + eni));
  }

  static IpAddress own6(int eni) {
    return IpAddress.of("2001:db8::" + (10 + eni));
  }

  /** The nth address, from 0 to 49, for pods on an interface. */
  static IpAddress pod(int eni, int n) {
    return IpAddress.of("10.0.0." + (100 + 50 * eni + n));
  }

  static IpAddress pod6(int eni, int n) {
    return IpAddress.of("2001:db8::1:" + Integer.toHexString(0x1000 * (eni + 1) + n));
  }

  KernelDatapath datapath() {
    return datapath(Rendering.FAST);
  }

  KernelDatapath datapath(Rendering rendering) {
    return datapath(rendering, step -> {});
  }

  KernelDatapath datapath(Rendering rendering, HostContext.Steps steps) {
    KernelDatapath datapath = KernelDatapath.open(node, rendering, new SplittableRandom(ProcessHandle.current().pid()), steps);
    datapaths.add(datapath);
    return datapath;
  }

  /** Closes something when the test ends. */
  void close(Talk talk) {
    talks.add(talk);
  }

  Netns newPod() {
    Netns pod = Netns.create();
    pods.add(pod);
    return pod;
  }

  NodeDatapath nodeDatapath(PlanElement... more) {
    List<PlanElement> elements = new ArrayList<>();
    for (EniPath eni : enis) {
      elements.add(Sysctl.of(Space.HOST, "net.ipv4.conf.DEVICE.rp_filter", "2").withDevice(Device.ofEni(eni.id())));
    }
    elements.add(ReturnPath.of("eni-0"));
    elements.add(Translation.of(List.of(SUBNET), own(0)).withExceptions(List.of(VPC)));
    elements.addAll(List.of(more));
    return new NodeDatapath(enis, DatapathPlan.of(elements), "eni", List.of(VPC));
  }

  /** A pod as the mode secondary-ip plans it, with an IPv6 address beside. */
  AttachmentPath path(String key, int eni, int n, PlanElement... more) {
    String hostName = hostName(eni, n);
    Device inPod = Device.named("eth0");
    Device onHost = Device.named(hostName);
    List<PlanElement> elements = new ArrayList<>(List.of(
        VethPair.of("eth0", hostName, 1500),
        Sysctl.of(Space.HOST, "net.ipv6.conf.DEVICE.accept_ra", "0").withDevice(onHost),
        InterfaceAddress.of(Space.POD, inPod, pod(eni, n), 32),
        InterfaceAddress.of(Space.POD, inPod, pod6(eni, n), 128),
        dev.patchbay.spi.datapath.Route.to(Space.POD, Table.MAIN, POD_GATEWAY.asCidr(), inPod),
        dev.patchbay.spi.datapath.Route.to(Space.POD, Table.MAIN, Cidr.of("0.0.0.0/0"), inPod).withVia(POD_GATEWAY),
        dev.patchbay.spi.datapath.Route.to(Space.POD, Table.MAIN, Cidr.of("::/0"), inPod).withVia(POD_GATEWAY_6),
        dev.patchbay.spi.datapath.Neighbour.ofDevice(Space.POD, inPod, POD_GATEWAY, onHost),
        dev.patchbay.spi.datapath.Neighbour.ofDevice(Space.POD, inPod, POD_GATEWAY_6, onHost),
        Delivery.of(pod(eni, n), onHost),
        Delivery.of(pod6(eni, n), onHost),
        SourceEgress.of(pod(eni, n).asCidr(), "eni-" + eni),
        SourceEgress.of(pod6(eni, n).asCidr(), "eni-" + eni)));
    elements.addAll(List.of(more));
    return new AttachmentPath(key, DatapathPlan.of(elements), enis);
  }

  static String hostName(int eni, int n) {
    return "eni" + eni + "x" + n;
  }

  /** Runs a command in a namespace and returns its output; a started process belongs to that namespace from the first instruction. */
  static String run(Netns where, String input, String... command) {
    Result result = attempt(where, input, command);
    assertThat(result.exit()).as("%s: %s", String.join(" ", command), result.output()).isZero();
    return result.output();
  }

  record Result(int exit, String output) {}

  static Result attempt(Netns where, String input, String... command) {
    List<String> whole = new ArrayList<>(List.of("nsenter", "--net=/proc/" + ProcessHandle.current().pid() + "/fd/" + where.fd(), "--"));
    whole.addAll(List.of(command));
    try {
      Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.onExit().join().exitValue(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean pings(Netns from, IpAddress to) {
    return attempt(from, "", "ping", "-n", "-c", "3", "-i", "0.2", "-W", "2", to.toString()).exit() == 0;
  }

  /** Everything that a test can leave behind on the node, as text. */
  String everything() {
    String filter = attempt(node, "", "nft", "-a", "list", "ruleset").output();
    return String.join("\n", run(node, "", "ip", "-o", "link"), run(node, "", "ip", "address"),
        run(node, "", "ip", "route", "show", "table", "all"), run(node, "", "ip", "-6", "route", "show", "table", "all"),
        run(node, "", "ip", "rule"), run(node, "", "ip", "-6", "rule"), filter)
        .replaceAll("(?m)^.*(multicast|ff00::|fe80::).*$", "").replaceAll("valid_lft \\S+ preferred_lft \\S+", "")
        .replaceAll("packets \\d+ bytes \\d+", "")
        // The kernel does what an address of IPv6 entails a while after it.
        .replaceAll("(?m)^(anycast|local) .* table local proto kernel.*$", "")
        // What the kernel warns of while the namespace of some peer is being taken down.
        .replaceAll("(?m)^Error: Peer netns reference is invalid\\.$", "")
        // The kernel tells carriers up a while after links.
        .replaceAll("state (UP|UNKNOWN|DOWN)", "").replaceAll("NO-CARRIER,|,LOWER_UP| linkdown|qdisc \\S+", "").replaceAll("(?m)^\\s*\\R", "");
  }

  /** The lines that only one of two states has, with a sign. */
  static List<String> difference(String before, String after) {
    List<String> gone = new ArrayList<>(before.lines().toList());
    List<String> come = new ArrayList<>(after.lines().toList());
    after.lines().forEach(gone::remove);
    before.lines().forEach(come::remove);
    List<String> lines = new ArrayList<>(gone.stream().map(l -> "- " + l).toList());
    lines.addAll(come.stream().map(l -> "+ " + l).toList());
    return lines;
  }

  @Override
  public void close() {
    talks.forEach(Talk::close);
    datapaths.forEach(KernelDatapath::close);
    pods.forEach(Netns::close);
    node.close();
    fabric.close();
  }
}
