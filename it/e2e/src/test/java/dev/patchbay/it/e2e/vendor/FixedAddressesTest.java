package dev.patchbay.it.e2e.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Figures;
import dev.patchbay.it.e2e.Installed;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Pods;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.CniException;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.PodRequest;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.CidrReservation;
import dev.patchbay.lab.vpc.Ip;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example of a vendor's mode, {@code it/vendor/fixed-addresses}: built in its own folder with the API's artifacts alone, verified, and on
 * the lab beside a built-in mode. A pod moves to another node and has its address there; no two nodes ever have it.
 */
@Order(Labs.EARLY)
class FixedAddressesTest {
  private static final String ANNOTATION = "fixed-addresses.example.com/addresses";
  private static final Pattern TESTS = Pattern.compile("Tests run: (\\d+), Failures: 0, Errors: 0, Skipped: 0\n");
  private static final InetAddress FIRST = InetAddress.ofLiteral("10.0.60.16");

  @TempDir private static Path folder;

  private static Path module;

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    try (Workshop workshop = new Workshop(folder)) {
      Path project = workshop.copy("it/vendor/fixed-addresses");
      Workshop.Printed built = workshop.maven(project, "verify");
      assertThat(built.exit()).as(built.text()).isZero();
      assertThat(TESTS.matcher(built.text()).results().mapToInt(sum -> Integer.parseInt(sum.group(1))).max().orElse(0)).as(built.text())
          .isGreaterThan(30);
      assertThat(workshop.artifacts()).containsExactly("dev.patchbay.bom", "dev.patchbay.parent", "dev.patchbay.spi", "dev.patchbay.tck");
      module = project.resolve("target/fixed-addresses");
    }
  }

  private static List<String> jars(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private static Optional<String> engine(Path of) throws IOException {
    return jars(of).stream().filter(jar -> jar.startsWith("snakeyaml-engine-")).findFirst();
  }

  @Test
  void itBringsALibraryOfWhichTheRuntimeHasAnotherVersion() throws IOException {
    assertThat(jars(module)).hasSize(2).contains("com.example.fixedaddresses-1.3.0.jar");
    assertThat(engine(module)).isPresent().isNotEqualTo(engine(Installed.HOME.resolve("lib/serving")));
    assertThat(engine(Installed.HOME.resolve("lib/serving"))).isPresent();
  }

  @Test
  void aNodeWouldTakeIt() throws IOException, InterruptedException {
    Path pods = Files.writeString(folder.resolve("pods.yaml"), """
        apiVersion: v1
        kind: Pod
        metadata:
          name: db-0
          namespace: shop
          annotations: {%s: "[10.0.1.77]"}
          labels: {apps.kubernetes.io/pod-index: "0"}
        """.formatted(ANNOTATION));
    Installed.Result verified = Installed.patchbay(folder, 600, List.of("modes", "verify", module.toString(), "--objects", pods.toString()));
    assertThat(verified.out()).as(verified.err()).contains("fixed-addresses 1.3.0, module com.example.fixedaddresses")
        .contains("org.snakeyaml.engine 3.0.1: ").contains("beside secondary-ip").contains("with faults at every step: all invariants held.")
        .endsWith("A node would take it, and it keeps the contract.\n");
    assertThat(verified.status()).isZero();
    Figures.print("vendor", "%s", verified.out().lines().filter(line -> line.contains("histories") || line.contains("contract")).toList());
  }

  @Test
  void withoutItsLibraryItIsRefused() throws IOException, InterruptedException {
    Path jar = module.resolve("com.example.fixedaddresses-1.3.0.jar");
    Installed.Result verified = Installed.patchbay(folder, 120, List.of("modes", "verify", jar.toString()));
    assertThat(verified.status()).isEqualTo(1);
    assertThat(verified.out()).contains("REFUSED [134 ModuleIncomplete]: a module is missing: Module org.snakeyaml.engine not found")
        .endsWith("A node would not take it.\n");
  }

  /** The pod of an ordinal, as a StatefulSet makes it. */
  private static PodRequest db(int ordinal) {
    return PodRequest.of("db-" + ordinal).annotated(ANNOTATION, "[10.0.60.16/30, 10.0.60.22]")
        .labelled("apps.kubernetes.io/pod-index", String.valueOf(ordinal));
  }

  private static List<String> holders(Lab lab, InetAddress address) {
    Ip ip = Ip.parse(address.getHostAddress());
    return lab.nodes().stream().filter(node -> node.interfaces().stream().anyMatch(eni -> eni.holds(ip))).map(LabNode::name).toList();
  }

  private static void talk(LabPod one, LabPod other) {
    assertThat(Probe.seen(one.netns(), other.netns(), other.address())).contains(one.address());
    assertThat(Probe.seen(other.netns(), one.netns(), one.address())).contains(other.address());
  }

  private static LabPod added(LabNode node, PodRequest request) {
    // As kubelet does it: EC2 refuses the address until the node before has given it back.
    return Until.there(request.name() + " on " + node.name(), Until.LONG.multipliedBy(2), () -> {
      try {
        return Optional.of(node.addPod(request));
      } catch (CniException again) {
        assertThat(again.text()).startsWith("CloudRefused");
        return Optional.empty();
      }
    });
  }

  @Test
  void theAddressFollowsThePodAndIsNeverOnTwoNodes() {
    Map<String, Object> base = Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 1));
    try (Lab lab = Lab.start(LabSettings.discover(Labs.name()).withNodes(0).withInstanceType("t3.small").withConfiguration(Map.of(
        "node", Map.of("cooldown", "1s"),
        "modules", List.of(Map.of("file", Installed.HOME.resolve("modes/dev.patchbay.mode.secondaryip.jar").toString()),
            Map.of("file", module.toString())),
        "modes", List.of(base, Map.of("use", "fixed-addresses")))))) {
      lab.addNodes(3);
      // The lab's nodes lie in two zones by turns.
      LabNode here = lab.node(0);
      LabNode otherZone = lab.node(1);
      LabNode there = lab.node(2);
      lab.model().network().reserve(here.interfaces().getFirst().subnetId(), Cidr.parse("10.0.60.16/28"), CidrReservation.Kind.EXPLICIT,
          "fixed addresses", Map.of());
      LabPod client = otherZone.addPod("client");
      LabPod neighbour = here.addPod("neighbour");

      LabPod first = here.addPod(db(0));
      assertThat(first.address()).isEqualTo(FIRST);
      LabPod last = there.addPod(db(4));
      assertThat(last.address()).isEqualTo(InetAddress.ofLiteral("10.0.60.22"));
      talk(client, first);
      talk(neighbour, first);
      talk(last, first);

      assertThat(Pods.refusal(Pods.begin(there, PodRequest.of("rival-0").annotated(ANNOTATION, "10.0.60.16"))).text())
          .startsWith("CloudRefused").contains("10.0.60.16");
      assertThat(Pods.refusal(Pods.begin(otherZone, PodRequest.of("far-0").annotated(ANNOTATION, "10.0.60.16"))).text())
          .startsWith("PodInvalid").contains("in no subnet that pods of this node have addresses of");
      assertThat(Pods.refusal(Pods.begin(here, db(9))).text()).startsWith("PodInvalid").contains("names 5 addresses, and the pod is number 9");
      assertThat(holders(lab, FIRST)).containsExactly(here.name());
      first.check();
      talk(client, first);

      first.delete();
      LabPod moved = added(there, db(0));
      assertThat(moved.address()).isEqualTo(FIRST);
      assertThat(holders(lab, FIRST)).containsExactly(there.name());
      talk(client, moved);
      talk(neighbour, moved);

      there.daemon().kill();
      there.daemon().start();
      there.daemon().awaitServing(Until.LONG);
      moved.check();
      moved.delete();
      LabPod back = added(here, db(0));
      assertThat(holders(lab, FIRST)).containsExactly(here.name());
      talk(client, back);
      back.delete();
      Until.holds("the address is given back", () -> holders(lab, FIRST).isEmpty());
      Figures.print("vendor", "fixed-addresses: %s was on %s, on %s, and on %s again", FIRST.getHostAddress(), here.name(), there.name(),
          here.name());
    }
  }
}
