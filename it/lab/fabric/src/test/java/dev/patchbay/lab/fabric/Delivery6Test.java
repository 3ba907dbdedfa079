package dev.patchbay.lab.fabric;

import static dev.patchbay.lab.fabric.World.command;
import static dev.patchbay.lab.fabric.World.ip;
import static dev.patchbay.lab.fabric.World.reaches;
import static dev.patchbay.lab.fabric.World.silent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets what by IPv6: as by IPv4, with neighbour solicitation answered for what is assigned and nothing else. */
class Delivery6Test {
  private World world;
  private NetworkNamespace a;
  private NetworkNamespace b;
  private NetworkNamespace c;

  @BeforeEach
  void build() {
    world = new World();
    a = world.node("i-a", "02:00:00:00:00:0a", "a", "10.0.0.10", "2001:db8:1::10");
    b = world.node("i-b", "02:00:00:00:00:0b", "a", "10.0.0.20", "2001:db8:1::20", "2001:db8:1:0:20::/80");
    c = world.node("i-c", "02:00:00:00:00:0c", "b", "10.0.1.30", "2001:db8:1:1::30");
  }

  @AfterEach
  void remove() {
    world.close();
  }

  @Test
  void primariesReachEachOtherInOneSubnetAndAcross() {
    assertThat(reaches(a, "2001:db8:1::20")).isTrue();
    assertThat(reaches(b, "2001:db8:1::10")).isTrue();
    assertThat(reaches(a, "2001:db8:1:1::30")).isTrue();
    assertThat(reaches(c, "2001:db8:1::20")).isTrue();
    assertThat(Ping.run(a, ip("2001:db8:1::20"), 1, 30).hops()).as("the router is no hop").isEqualTo(64);
  }

  @Test
  void neighbourIsTheRouter() {
    assertThat(reaches(a, "2001:db8:1::20")).isTrue();
    assertThat(a.run("ip", "-6", "neigh", "show", "2001:db8:1::20").output()).contains("lladdr " + Port.ROUTER);
  }

  @Test
  void addressThatNobodyHoldsGetsNoAnswer() {
    assertThat(silent(a, "2001:db8:1::99")).isTrue();
    assertThat(a.run("ip", "-6", "neigh", "show", "2001:db8:1::99").output()).doesNotContain("lladdr");
    Ping.Result elsewhere = Ping.run(a, ip("2001:db8:1:1::99"), 2, 0.3);
    assertThat(elsewhere.received()).isZero();
    assertThat(elsewhere.output()).doesNotContain("nreachable");
    assertThat(world.dropped(DropReason.UNASSIGNED)).isEqualTo(2);
  }

  @Test
  void ownAddressIsNotAnsweredFor() {
    // Else whoever checks its own address for duplicates would find one.
    command(b, "ip -6 address add 2001:db8:1:0:20::5/128 dev eth0");
    assertThat(reaches(a, "2001:db8:1:0:20::5")).isTrue();
    assertThat(b.run("ip", "-6", "address", "show", "dev", "eth0").output()).doesNotContain("dadfailed");
    assertThat(silent(b, "2001:db8:1:0:20::6")).isTrue();
    assertThat(b.run("ip", "-6", "neigh", "show", "2001:db8:1:0:20::6").output()).doesNotContain("lladdr");
  }

  @Test
  void prefixIsDeliveredWhole() {
    for (String address : List.of("2001:db8:1:0:20::", "2001:db8:1:0:20::1", "2001:db8:1:0:20:ffff:ffff:ffff")) {
      command(b, "ip -6 address add " + address + "/128 dev lo nodad");
      assertThat(reaches(a, address)).as(address).isTrue();
      assertThat(reaches(c, address)).as(address).isTrue();
      assertThat(reaches(b, address, "2001:db8:1:1::30")).as(address).isTrue();
    }
    command(b, "ip -6 address add 2001:db8:1:0:21::1/128 dev lo nodad");
    assertThat(silent(a, "2001:db8:1:0:21::1")).isTrue();
    assertThat(silent(b, "2001:db8:1:0:21::1", "2001:db8:1:1::30")).isTrue();
    assertThat(world.dropped(DropReason.SPOOFED_ADDRESS)).isEqualTo(2);
  }

  @Test
  void addressOfAnotherCanNotBeUsed() {
    assertThat(reaches(b, "2001:db8:1:1::30")).isTrue();
    assertThat(Ping.spoofed(b, ip("2001:db8:1::10"), ip("2001:db8:1:1::30"), 2).received()).isZero();
    assertThat(world.dropped(DropReason.SPOOFED_ADDRESS)).isEqualTo(2);
    assertThat(b.run("ip", "-6", "address", "show", "dev", "lo").output()).as("left as it was").doesNotContain("::10");
  }

  @Test
  void macOfAnotherIsDropped() {
    assertThat(reaches(b, "2001:db8:1:1::30")).isTrue();
    command(b, "ip link set eth0 address 02:00:00:00:00:ee");
    assertThat(silent(b, "2001:db8:1:1::30")).isTrue();
    assertThat(world.dropped(DropReason.SPOOFED_MAC)).isPositive();
  }

  @Test
  void addressAndPrefixMoveAtOnce() {
    command(a, "ip -6 address add 2001:db8:1:0:20::7/128 dev lo nodad");
    command(b, "ip -6 address add 2001:db8:1:0:20::7/128 dev lo nodad");
    assertThat(reaches(b, "2001:db8:1:0:20::7", "2001:db8:1:1::30")).isTrue();
    world.deliver("eni-i-a", "10.0.0.10", "2001:db8:1::10", "2001:db8:1:0:20::/80");
    assertThat(reaches(a, "2001:db8:1:0:20::7", "2001:db8:1:1::30")).isTrue();
    assertThat(silent(b, "2001:db8:1:0:20::7", "2001:db8:1:1::30")).isTrue();
    world.deliver("eni-i-a", "10.0.0.10", "2001:db8:1::10");
    assertThat(silent(c, "2001:db8:1:0:20::7")).isTrue();
  }

  @Test
  void groupsHold() {
    world.fabric.setGroup(SecurityGroup.ofDefault("inner"));
    world.fabric.setGroups("eni-i-b", Set.of("inner"));
    assertThat(silent(a, "2001:db8:1::20")).isTrue();
    assertThat(reaches(b, "2001:db8:1::10")).isTrue();
    world.fabric.setGroups("eni-i-a", Set.of("open", "inner"));
    assertThat(reaches(a, "2001:db8:1::20")).isTrue();
    world.fabric.setGroups("eni-i-a", Set.of("open"));
    world.fabric.setGroup(
        new SecurityGroup("inner", List.of(SecurityGroup.Rule.all(SecurityGroup.Block.of("2001:db8:1:1::/64"))), List.of()));
    assertThat(silent(a, "2001:db8:1::20")).isTrue();
    assertThat(reaches(c, "2001:db8:1::20")).isTrue();
  }
}
