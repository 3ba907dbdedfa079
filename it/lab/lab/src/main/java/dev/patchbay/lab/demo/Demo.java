package dev.patchbay.lab.demo;

import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.PodNetworks;
import dev.patchbay.lab.fabric.DropReason;
import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.fabric.Ping;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Shows the main job: two nodes, pods with addresses of the VPC, and packets between all of them, each with the source address
 * that the far end sees. Everything is checked; what fails is shown as such.
 */
public final class Demo {
  /** 3 interfaces of 4 addresses: small enough that a few pods need a second interface. */
  private static final String TYPE = "t3.small";

  private static final int PODS_PER_NODE = 4;
  private static final int PORT = 7777;
  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final String CUSTOM_NET = "custom-net";
  private static final String POD_BLOCK = "100.64";

  private final Screen screen;

  /**
   * Makes one.
   *
   * @param out where it is shown
   */
  public Demo(PrintWriter out) {
    screen = new Screen(out);
  }

  /**
   * Runs it; the lab is gone when this returns or throws.
   *
   * @param modes the modes that the nodes run
   * @param datapath how the nodes render plans
   * @return how many checks failed
   */
  public int run(LabSettings settings, List<String> modes, String datapath) {
    String name = settings.name();
    int hostDevices = Inventory.of(name).hostDevices();
    screen.line("Patchbay on a VPC of its own on this machine: two instances (" + TYPE + "), each with the daemon.");
    screen.line("Modes: " + String.join(", ", modes) + ". Datapath: " + datapath + ".");
    Inventory most;
    screen.heading("Building the lab");
    Lab lab = Lab.start(configured(settings, modes, datapath), screen::progress);
    Thread interrupted = Thread.ofPlatform().unstarted(lab::close);
    Runtime.getRuntime().addShutdownHook(interrupted);
    try (lab) {
      if (modes.contains(CUSTOM_NET)) {
        screen.progress("subnets in " + POD_BLOCK + ".0.0/16 for pods, and an ENIConfig for each zone");
        PodNetworks.make(lab, POD_BLOCK);
      }
      lab.addNodes(2);
      show(lab);
      most = Inventory.of(name);
      screen.heading("Taking it down");
    } finally {
      Runtime.getRuntime().removeShutdownHook(interrupted);
    }
    left(name, most, hostDevices);
    screen.heading(
        String.format(
            Locale.ROOT,
            "%d checks, %s, in %.0f s.",
            screen.passed() + screen.failed(),
            screen.failed() == 0 ? "all ok" : screen.failed() + " FAILED",
            screen.elapsed().toMillis() / 1e3));
    return screen.failed();
  }

  private static LabSettings configured(LabSettings settings, List<String> modes, String datapath) {
    List<Map<String, Object>> chosen = modes.stream().<Map<String, Object>>map(mode -> mode.equals(CUSTOM_NET)
        ? Map.of("use", mode, "settings", Map.of("label", "topology.kubernetes.io/zone")) : Map.of("use", mode)).toList();
    LabSettings all = settings.withNodes(0).withInstanceType(TYPE).withConfiguration(
        Map.of("modes", chosen, "node", Map.of("datapath", datapath)));
    return modes.contains("ipv6") ? all.withIpv6() : all;
  }

  private void show(Lab lab) {
    screen.heading("Starting pods: for each, the executable is called as a container runtime calls it");
    for (int i = 0; i < PODS_PER_NODE; i++) {
      for (LabNode node : lab.nodes()) {
        LabPod pod = node.addPod(node.name().replace("node", "pod") + "-" + i);
        screen.progress(String.format(Locale.ROOT, "%s has %s after %.1f ms", pod.name(), texts(pod), millis(pod)));
      }
    }
    screen.heading("Every pod has an address of the VPC, held by an interface (ENI) of its node");
    pods(lab);
    screen.heading("Who reaches whom, and which source address is seen there");
    Ends ends = Ends.of(lab);
    for (Family family : Family.values()) {
      if (family.of(ends.first()).isPresent()) {
        packets(lab, ends, family);
      }
    }
    if (Family.IPV4.of(ends.first()).isEmpty()) {
      seen("pod without an IPv4 address to the IPv4 internet, behind its node's", ends.first().netns(), lab.fabric().internet(),
          Family.IPV4.internet(), lab.node(0).publicAddress());
    }
    screen.heading("What a VPC does not let through");
    spoofed(lab);
    screen.heading("How fast");
    latency(lab);
    screen.heading("Why a pod has what it has");
    explain(lab.node(0).pods().getLast());
    screen.heading("Ending a pod");
    end(lab);
  }

  private void pods(Lab lab) {
    List<List<String>> rows = new ArrayList<>();
    for (LabNode node : lab.nodes()) {
      rows.add(List.of("(the node)", node.name(), eni(node, node.address()).map(NetworkInterface::id).orElse("?"), "eth0", Family.all(node).stream().map(Demo::text).collect(Collectors.joining(" "))));
      for (LabPod pod : node.pods()) {
        Optional<NetworkInterface> eni = eni(node, pod.address());
        rows.add(
            List.of(
                pod.name(),
                node.name(),
                eni.map(NetworkInterface::id).orElse("none"),
                eni.flatMap(held -> device(lab, held)).orElse("none"),
                texts(pod)));
      }
    }
    screen.table(List.of("pod", "node", "ENI", "device", "address"), rows);
    for (LabNode node : lab.nodes()) {
      screen.check(
          node.pods().stream().flatMap(pod -> pod.addresses().stream()).allMatch(address -> eni(node, address).isPresent()),
          "EC2 has given every pod's addresses to " + node.name(),
          node.interfaces().size() + " interfaces");
    }
  }

  private void packets(Lab lab, Ends ends, Family family) {
    LabNode near = lab.node(0);
    LabPod first = ends.first();
    LabPod there = ends.there();
    InetAddress firstAddress = family.of(first).orElseThrow();
    InetAddress thereAddress = family.of(there).orElseThrow();
    seen(family + " pod to pod on one node", first.netns(), ends.second().netns(), family.of(ends.second()).orElseThrow(), firstAddress);
    seen(family + " pod to pod on the other node", first.netns(), there.netns(), thereAddress, firstAddress);
    seen(family + " node to its own pod", near.netns(), first.netns(), firstAddress, family.of(near));
    seen(family + " pod to its own node", first.netns(), near.netns(), family.of(near), firstAddress);
    seen(family + " process of a node's host to a pod on the other node", near.netns(), there.netns(), thereAddress, family.of(near));
    seen(family + " pod to a process of the other node's host", there.netns(), near.netns(), family.of(near), thereAddress);
    seen(family + (family == Family.IPV4 ? " pod to the internet, behind its node's public address" : " pod to the internet"),
        first.netns(), lab.fabric().internet(), family.internet(), family.publicOf(first));
    if (ends.elsewhere().isPresent() && ends.elsewhereThere().isPresent()) {
      LabPod last = ends.elsewhere().get();
      LabPod lastThere = ends.elsewhereThere().get();
      InetAddress lastAddress = family.of(last).orElseThrow();
      seen(family + " pod to pod between second interfaces", last.netns(), lastThere.netns(), family.of(lastThere).orElseThrow(),
          lastAddress);
      seen(family + " pod on a second interface to the other node", lastThere.netns(), near.netns(), family.of(near),
          family.of(lastThere).orElseThrow());
      seen(family + " pod on a second interface to the internet", last.netns(), lab.fabric().internet(), family.internet(),
          family.publicOf(last));
    }
  }

  private void seen(String what, NetworkNamespace from, NetworkNamespace to, InetAddress address, InetAddress expected) {
    try (Echo echo = Echo.serve(to, Family.of(address).any(), PORT)) {
      Optional<InetAddress> seen = Echo.tcp(from, address, echo.address().getPort(), ANSWER);
      screen.check(seen.equals(Optional.of(expected)), what, arrow(address, seen));
    }
  }

  private static String arrow(InetAddress to, Optional<InetAddress> seen) {
    return "to " + text(to) + (seen.isPresent() ? ", seen as " + text(seen.get()) : ", no answer");
  }

  private void spoofed(Lab lab) {
    LabNode near = lab.node(0);
    LabPod target = lab.node(1).pods().getFirst();
    InetAddress foreign = lab.node(1).pods().getLast().address();
    long before = lab.fabric().drops().getOrDefault(DropReason.SPOOFED_ADDRESS, 0L);
    Ping.Result answers = Ping.spoofed(near.netns(), foreign, target.address(), 3);
    long dropped = lab.fabric().drops().getOrDefault(DropReason.SPOOFED_ADDRESS, 0L) - before;
    screen.check(
        answers.received() == 0 && dropped == 3,
        "3 packets of " + near.name() + " with an address of " + lab.node(1).name(),
        dropped + " dropped by the VPC, " + answers.received() + " answered");
    Ping.Result fromPod = Ping.spoofed(near.pods().getFirst().netns(), foreign, target.address(), 3);
    long after = lab.fabric().drops().getOrDefault(DropReason.SPOOFED_ADDRESS, 0L) - before - dropped;
    screen.check(
        fromPod.received() == 0,
        "the same from inside a pod",
        (after == 0 ? "dropped by the node" : after + " dropped by the VPC") + ", " + fromPod.received() + " answered");
  }

  private void latency(Lab lab) {
    List<Double> all = lab.nodes().stream().flatMap(node -> node.pods().stream()).map(Demo::millis).sorted().toList();
    screen.line(
        String.format(
            Locale.ROOT,
            "  ADD, from before the executable's start to after its end: median %.1f ms, slowest %.1f ms of %d",
            all.get(all.size() / 2),
            all.getLast(),
            all.size()));
    screen.line("  (the slowest waited for EC2: the stock of a new node is filled behind its first pods)");
  }

  /** In the words of the operator's command, run on the pod's node. */
  private void explain(LabPod pod) {
    NetworkNamespace.Outcome said = pod.node().patchbay("explain", pod.namespace() + "/" + pod.name());
    said.output().lines().forEach(line -> screen.line("  " + line));
    screen.check(said.succeeded(), "`patchbay explain` finds all of " + pod.name() + " in the kernel", said.errors().strip());
  }

  private void end(Lab lab) {
    LabNode node = lab.node(0);
    LabPod pod = node.pods().getFirst();
    InetAddress address = pod.address();
    String routes = node.exec("ip", "route", "get", text(address)).output();
    long start = System.nanoTime();
    pod.delete();
    double millis = (System.nanoTime() - start) / 1e6;
    String after = node.exec("ip", "route", "get", text(address)).output();
    boolean device = routes.contains("dev eni");
    screen.check(
        device && !after.contains("dev eni"),
        pod.name() + " ended; its device and routes are gone",
        String.format(Locale.ROOT, "%.1f ms", millis));
    screen.check(
        eni(node, address).isPresent(), "its address stays in the node's stock, for the next pod", text(address));
  }

  private void left(String name, Inventory most, int hostDevices) {
    Inventory left = Inventory.of(name);
    screen.table(
        List.of("", "while it ran", "left"),
        List.of(
            List.of("network namespaces", String.valueOf(most.namespaces()), String.valueOf(left.namespaces())),
            List.of("devices in them", String.valueOf(most.devices()), String.valueOf(left.devices())),
            List.of("processes in them", String.valueOf(most.processes()), String.valueOf(left.processes())),
            List.of("files", String.valueOf(most.files()), String.valueOf(left.files()))));
    screen.check(
        left.equals(new Inventory(0, 0, 0, 0, hostDevices)),
        "the machine is as it was",
        "its own devices: " + hostDevices + " before, " + left.hostDevices() + " after");
  }

  private static Optional<NetworkInterface> eni(LabNode node, InetAddress address) {
    return node.interfaces().stream().filter(eni -> eni.holds(Ip.of(address))).findFirst();
  }

  private static Optional<String> device(Lab lab, NetworkInterface eni) {
    return lab.fabric().interfaces().stream().filter(spec -> spec.id().equals(eni.id())).map(spec -> spec.device()).findFirst();
  }

  private static double millis(LabPod pod) {
    return pod.addTook().toNanos() / 1e6;
  }

  private static String text(InetAddress address) {
    return address.getHostAddress();
  }

  private static String texts(LabPod pod) {
    return pod.addresses().stream().map(Demo::text).collect(Collectors.joining(" "));
  }
}
