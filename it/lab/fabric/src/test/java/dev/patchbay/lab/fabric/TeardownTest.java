package dev.patchbay.lab.fabric;

import static dev.patchbay.lab.fabric.World.ip;
import static dev.patchbay.lab.fabric.World.reaches;
import static dev.patchbay.lab.fabric.World.silent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is left: nothing. And fabrics that live at one time keep apart. */
class TeardownTest {
  @Test
  void closedFabricLeavesNothing() throws Exception {
    String id;
    Process resident;
    try (World world = new World()) {
      id = world.fabric.id();
      NetworkNamespace a = world.node("i-a", "02:00:00:00:00:0a", "a", "10.0.0.10");
      world.fabric.addNamespace("pod-1");
      resident = a.command("sleep", "1000").start();
      assertThat(traces(id)).isNotEmpty();
    }
    assertThat(resident.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(traces(id)).isEmpty();
    assertThat(Fabric.existing()).doesNotContain(id);
  }

  @Test
  void removedInstanceLeavesNothing() throws Exception {
    try (World world = new World()) {
      NetworkNamespace a = world.node("i-a", "02:00:00:00:00:0a", "a", "10.0.0.10");
      NetworkNamespace b = world.node("i-b", "02:00:00:00:00:0b", "a", "10.0.0.20");
      Process resident = b.command("sleep", "1000").start();
      world.fabric.removeInstance("i-b");
      assertThat(resident.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(b.exists()).isFalse();
      assertThat(silent(a, "10.0.0.20")).isTrue();
      assertThat(world.fabric.router().run("ip", "-o", "link").output()).doesNotContain("p2");
      world.fabric.removeInstance("i-b");
      world.node("i-b", "02:00:00:00:00:0b", "a", "10.0.0.20");
      World.command(a, "ip neigh flush dev eth0");
      assertThat(reaches(a, "10.0.0.20")).as("made anew").isTrue();
    }
  }

  @Test
  void killedProcessIsCleanedUpByAnother() throws Exception {
    String id = World.freshId();
    Process builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), EndlessBuilder.class.getName(), id)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader progress = builder.inputReader()) {
      for (int line = 0; line < 7; line++) {
        assertThat(progress.readLine()).isEqualTo("attached " + (line + 1));
      }
      // In the middle of whatever it does next.
      builder.destroyForcibly().waitFor();
      assertThat(traces(id)).isNotEmpty();
      Fabric.destroy(id);
      assertThat(traces(id)).isEmpty();
      Fabric.destroy(id);
    } finally {
      builder.destroyForcibly().waitFor();
      Fabric.destroy(id);
    }
    // Nothing of it is in the way of another of that id.
    Fabric.create(id, List.of()).close();
    assertThat(traces(id)).isEmpty();
  }

  @Test
  void idIsTakenOnce() {
    try (World world = new World()) {
      world.node("i-a", "02:00:00:00:00:0a", "a", "10.0.0.10");
      assertThatThrownBy(() -> Fabric.create(world.fabric.id(), List.of()))
          .isInstanceOf(FabricException.class)
          .hasMessageContaining(world.fabric.id());
      assertThat(world.fabric.instance("i-a").exists()).isTrue();
    }
    assertThatThrownBy(() -> Fabric.create("a-b", List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void twoFabricsWithTheSameAddressesDoNotMeet() {
    try (World first = new World();
        World second = new World()) {
      NetworkNamespace a1 = first.node("i-a", "02:00:00:00:00:0a", "a", "10.0.0.10");
      first.node("i-b", "02:00:00:00:00:0b", "a", "10.0.0.20");
      NetworkNamespace a2 = second.node("i-a", "02:00:00:00:00:0a", "a", "10.0.0.10");
      NetworkNamespace c2 = second.node("i-c", "02:00:00:00:00:0c", "a", "10.0.0.30");
      assertThat(reaches(a1, "10.0.0.20")).isTrue();
      assertThat(reaches(a2, "10.0.0.30")).isTrue();
      assertThat(silent(a1, "10.0.0.30")).isTrue();
      assertThat(silent(a2, "10.0.0.20")).isTrue();
      first.fabric.setPublicAddress(ip("10.0.0.10"), Optional.of(ip("198.51.100.10")));
      second.fabric.setPublicAddress(ip("10.0.0.30"), Optional.of(ip("198.51.100.30")));
      try (Echo internet = Echo.serve(second.fabric.internet(), Fabric.INTERNET_HOST, 80)) {
        assertThat(Echo.tcp(a1, Fabric.INTERNET_HOST, internet.address().getPort(), Duration.ofMillis(300))).isEmpty();
        assertThat(Echo.tcp(c2, Fabric.INTERNET_HOST, internet.address().getPort(), World.PATIENCE))
            .contains(ip("198.51.100.30"));
      }
      assertThat(silent(a1, "198.51.100.30")).isTrue();
    }
  }

  /** Builds until it is killed. */
  static final class EndlessBuilder {
    private EndlessBuilder() {}

    public static void main(String[] arguments) {
      Fabric fabric = Fabric.create(arguments[0], List.of(dev.patchbay.netlink.IpPrefix.of("10.0.0.0/16")));
      fabric.setRouteTable(RouteTable.internet("public"));
      fabric.setSubnet(SubnetSpec.of("a", "10.0.0.0/24", "public"));
      fabric.setGroup(SecurityGroup.open("open"));
      for (int node = 1; ; node++) {
        fabric.addInstance(InstanceSpec.node("i-" + node));
        fabric.attach(
            InterfaceSpec.primary(
                "eni-" + node, "02:00:00:00:00:%02x".formatted(node % 256), "i-" + node, "a",
                List.of("10.0.0." + (node % 200 + 4)), Set.of("open")));
        System.out.println("attached " + node);
      }
    }
  }

  /** Whatever on this machine bears a fabric's name: namespaces, mounts, links of this namespace. */
  private static List<String> traces(String id) throws IOException {
    String mark = "patchbay-" + id + "-";
    try (var named = Files.list(Path.of("/run/netns"));
        var mounts = Files.lines(Path.of("/proc/self/mountinfo"));
        var links = Files.lines(Path.of("/proc/net/dev"))) {
      return java.util.stream.Stream.of(named.map(Path::toString), mounts, links)
          .flatMap(lines -> lines)
          .filter(line -> line.contains(mark))
          .toList();
    }
  }
}
