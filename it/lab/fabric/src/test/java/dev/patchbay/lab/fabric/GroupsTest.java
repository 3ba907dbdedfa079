package dev.patchbay.lab.fabric;

import static dev.patchbay.lab.fabric.World.ip;
import static dev.patchbay.lab.fabric.World.reaches;
import static dev.patchbay.lab.fabric.World.silent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.fabric.SecurityGroup.Block;
import dev.patchbay.lab.fabric.SecurityGroup.Members;
import dev.patchbay.lab.fabric.SecurityGroup.Rule;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Security groups: what no rule allows does not pass, answers do. */
class GroupsTest {
  private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");
  private static final Duration SHORT = Duration.ofMillis(300);

  private World world;
  private NetworkNamespace a;
  private NetworkNamespace b;

  @BeforeEach
  void build() {
    world = new World();
    world.fabric.setGroup(SecurityGroup.ofDefault("left"));
    world.fabric.setGroup(SecurityGroup.ofDefault("right"));
    a = world.nodeIn("left", "i-a", "02:00:00:00:00:0a", "a", "10.0.0.10");
    b = world.nodeIn("right", "i-b", "02:00:00:00:00:0b", "a", "10.0.0.20", "10.0.0.32/28");
  }

  @AfterEach
  void remove() {
    world.close();
  }

  @Test
  void defaultGroupAdmitsItsMembersOnly() {
    NetworkNamespace c = world.nodeIn("left", "i-c", "02:00:00:00:00:0c", "b", "10.0.1.30");
    assertThat(reaches(a, "10.0.1.30")).isTrue();
    assertThat(reaches(c, "10.0.0.10")).isTrue();
    assertThat(silent(a, "10.0.0.20")).isTrue();
    assertThat(silent(b, "10.0.0.10")).isTrue();
    assertThat(world.dropped(DropReason.GROUP_INGRESS)).isEqualTo(4);
    assertThat(world.dropped(DropReason.GROUP_EGRESS)).isZero();
  }

  @Test
  void ruleByGroupHoldsForAllAddressesOfItsMembersAndOneWay() {
    world.fabric.setGroup(new SecurityGroup("left", List.of(Rule.all(new Members("right"))), SecurityGroup.everywhere()));
    assertThat(reaches(b, "10.0.0.10")).isTrue();
    World.command(b, "ip address add 10.0.0.40/32 dev lo");
    assertThat(reaches(b, "10.0.0.40", "10.0.0.10")).as("from its prefix").isTrue();
    assertThat(silent(a, "10.0.0.20")).as("the other way").isTrue();
  }

  @Test
  void ruleByProtocolAndPort() {
    world.fabric.setGroup(
        new SecurityGroup(
            "right", List.of(Rule.tcp(8080, Block.of("10.0.0.0/28")), Rule.udp(53, Block.of("10.0.0.10"))), SecurityGroup.everywhere()));
    try (Echo web = Echo.serve(b, ANY, 8080);
        Echo other = Echo.serve(b, ANY, 8081);
        Echo dns = Echo.serve(b, ANY, 53)) {
      assertThat(Echo.tcp(a, ip("10.0.0.20"), web.address().getPort(), World.PATIENCE)).contains(ip("10.0.0.10"));
      assertThat(Echo.tcp(a, ip("10.0.0.20"), other.address().getPort(), SHORT)).isEmpty();
      assertThat(udp(53, World.PATIENCE)).contains(ip("10.0.0.10"));
      assertThat(udp(8080, SHORT)).as("TCP's port by UDP").isEmpty();
      assertThat(Echo.tcp(a, ip("10.0.0.20"), dns.address().getPort(), SHORT)).as("UDP's port by TCP").isEmpty();
      assertThat(silent(a, "10.0.0.20")).as("ICMP").isTrue();
      NetworkNamespace c = world.nodeIn("left", "i-c", "02:00:00:00:00:0c", "a", "10.0.0.30");
      assertThat(Echo.tcp(c, ip("10.0.0.20"), 8080, SHORT)).as("outside of the block").isEmpty();
    }
  }

  private Optional<InetAddress> udp(int port, Duration timeout) {
    return Echo.udp(a, Optional.empty(), ip("10.0.0.20"), port, timeout);
  }

  @Test
  void ruleByIcmpType() {
    world.fabric.setGroup(
        new SecurityGroup("right", List.of(new Rule(1, 8, -1, Block.of("0.0.0.0/0"))), SecurityGroup.everywhere()));
    assertThat(reaches(a, "10.0.0.20")).isTrue();
    world.fabric.setGroup(
        new SecurityGroup("right", List.of(new Rule(1, 13, -1, Block.of("0.0.0.0/0"))), SecurityGroup.everywhere()));
    assertThat(silent(a, "10.0.0.20")).isTrue();
  }

  @Test
  void answersPassWithoutARuleOfTheirOwn() {
    world.fabric.setGroup(new SecurityGroup("left", List.of(), SecurityGroup.everywhere()));
    world.fabric.setGroup(new SecurityGroup("right", List.of(Rule.all(Block.of("10.0.0.10"))), List.of()));
    assertThat(reaches(a, "10.0.0.20")).isTrue();
    assertThat(silent(b, "10.0.0.10")).isTrue();
    assertThat(world.dropped(DropReason.GROUP_EGRESS)).isEqualTo(2);
  }

  @Test
  void withoutAGroupNothingPasses() {
    world.fabric.setGroup(SecurityGroup.open("right"));
    assertThat(reaches(a, "10.0.0.20")).isTrue();
    world.fabric.setGroups("eni-i-b", Set.of());
    assertThat(silent(a, "10.0.0.20")).isTrue();
    assertThat(silent(b, "10.0.0.10")).isTrue();
  }

  @Test
  void groupsAddUp() {
    world.fabric.setGroup(new SecurityGroup("none", List.of(), List.of()));
    world.fabric.setGroups("eni-i-b", Set.of("none"));
    assertThat(silent(a, "10.0.0.20")).isTrue();
    world.fabric.setGroups("eni-i-b", Set.of("none", "left"));
    assertThat(reaches(a, "10.0.0.20")).isTrue();
    world.fabric.removeGroup("left");
    assertThat(silent(a, "10.0.0.20")).isTrue();
  }

  @Test
  void runningConnectionOutlivesItsRule() {
    world.fabric.setGroup(SecurityGroup.open("right"));
    try (Ping running = Ping.start(a, ip("10.0.0.20"))) {
      world.fabric.setGroup(new SecurityGroup("right", List.of(), List.of()));
      assertThat(silent(a, "10.0.0.20")).as("a new one").isTrue();
      Ping.Result result = running.stop();
      assertThat(result.sent()).as("answered after the rule was gone").isGreaterThan(1);
      assertThat(result.lost()).isZero();
    }
  }
}
