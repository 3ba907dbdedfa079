package dev.patchbay.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.TestMessages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kinds that any kernel has are made; those that a machine may lack are compared with bytes made by hand. */
@Timeout(180)
class LinkKindTest {
  @Test
  void bridgeAndItsPort() throws Exception {
    try (Netns namespace = Netns.create();
        RouteSocket socket = RouteSocket.open(namespace)) {
      socket.execute(
          new Batch()
              .add(Links.create("br0", new LinkKind.Bridge(false, false, 60)).index(10).up())
              .add(Links.veth("v0", Links.peer("v1").index(12)).index(11).master(10).up())
              .add(Links.change(12).master(10))
              .add(Links.port(11).hairpin(true).isolated(true).learning(false)));
      assertThat(socket.link(11).orElseThrow().master()).isEqualTo(10);
      assertThat(socket.link(12).orElseThrow().master()).isEqualTo(10);
      assertThat(setting(namespace, "br0/bridge/ageing_time")).isEqualTo("6000");
      assertThat(setting(namespace, "br0/bridge/multicast_snooping")).isEqualTo("0");
      assertThat(setting(namespace, "v0/brport/hairpin_mode")).isEqualTo("1");
      assertThat(setting(namespace, "v0/brport/isolated")).isEqualTo("1");
      assertThat(setting(namespace, "v0/brport/learning")).isEqualTo("0");
      assertThat(setting(namespace, "v1/brport/hairpin_mode")).isEqualTo("0");
      socket.execute(Links.change(12).noMaster());
      assertThat(socket.link(12).orElseThrow().master()).isZero();
    }
  }

  @Test
  void macvlanOnAVethInAnotherNamespace() {
    try (Netns namespace = Netns.create();
        Netns inner = Netns.create();
        RouteSocket socket = RouteSocket.open(namespace);
        RouteSocket inside = RouteSocket.open(inner)) {
      socket.execute(
          new Batch()
              .add(Links.veth("v0", Links.peer("v1")).index(11).up())
              .add(Links.create("mac0", new LinkKind.Macvlan(11, LinkKind.Macvlan.Mode.PRIVATE)).index(30).namespace(inner)));
      Link macvlan = inside.link("mac0").orElseThrow();
      assertThat(macvlan.kind()).isEqualTo("macvlan");
      assertThat(macvlan.index()).isEqualTo(30);
      assertThat(macvlan.parent()).isEqualTo(11);
      assertThat(inside.namespaceId(namespace)).contains(macvlan.parentNamespace());
    }
  }

  @Test
  void linkIsChangedAndMoved() throws Exception {
    try (Netns namespace = Netns.create();
        Netns other = Netns.create();
        RouteSocket socket = RouteSocket.open(namespace);
        RouteSocket there = RouteSocket.open(other)) {
      MacAddress mac = MacAddress.of("02:00:00:00:00:11");
      socket.execute(Links.veth("v0", Links.peer("v1")).index(11));
      socket.execute(
          Links.change(11).name("renamed").mac(mac).mtu(1280).group(3).alias("text").arp(false).promiscuous(true)
              .ipv4(Ipv4Setting.RP_FILTER, 2).ipv4(Ipv4Setting.PROXY_ARP, 1));
      Link changed = socket.link("renamed").orElseThrow();
      assertThat(changed.mac()).contains(mac);
      assertThat(changed.mtu()).isEqualTo(1280);
      assertThat(changed.group()).isEqualTo(3);
      assertThat(changed.alias()).isEqualTo("text");
      assertThat(changed.flags() & 0x180).isEqualTo(0x180);
      String conf = "/proc/sys/net/ipv4/conf/renamed/";
      assertThat(namespace.call(() -> Files.readString(Path.of(conf + "rp_filter")).strip())).isEqualTo("2");
      assertThat(namespace.call(() -> Files.readString(Path.of(conf + "proxy_arp")).strip())).isEqualTo("1");

      socket.execute(Links.change("renamed").alias("").namespace(other));
      assertThat(socket.link("renamed")).isEmpty();
      assertThat(there.link("renamed").orElseThrow().alias()).isEmpty();
      there.execute(Links.delete("renamed"));
      assertThat(socket.link("v1")).isEmpty();
    }
  }

  @Test
  void statisticsCountWhatPasses() {
    try (Netns namespace = Netns.create();
        RouteSocket socket = RouteSocket.open(namespace)) {
      socket.execute(Links.veth("v0", Links.peer("v1").index(12)).index(11).up());
      socket.execute(Links.change(12).up());
      LinkStatistics statistics = socket.statistics(11);
      assertThat(statistics.sentBytes()).isGreaterThanOrEqualTo(statistics.sentPackets());
      assertThatThrownBy(() -> socket.statistics(999)).hasMessageContaining("ENODEV");
    }
  }

  @Test
  void bytesOfVlan() {
    assertThat(linkInfo(Links.create("v", new LinkKind.Vlan(5, 101))))
        .isEqualTo("08000500" + "05000000" + "24001280" + "09000100766c616e00000000" + "14000280" + "0600010065000000" + "0600050081000000");
  }

  @Test
  void bytesOfDummy() {
    assertThat(linkInfo(Links.create("v", new LinkKind.Dummy()))).isEqualTo("14001280" + "0a00010064756d6d79000000" + "04000280");
  }

  @Test
  void bytesOfIpvlan() {
    assertThat(linkInfo(Links.create("v", new LinkKind.Ipvlan(5, LinkKind.Ipvlan.Mode.L3S))))
        .isEqualTo("08000500" + "05000000" + "1c001280" + "0b0001006970766c616e0000" + "0c000280" + "0600010002000000");
  }

  @Test
  void bytesOfVrf() {
    assertThat(linkInfo(Links.create("v", new LinkKind.Vrf(70000))))
        .isEqualTo("18001280" + "0800010076726600" + "0c000280" + "08000100" + "70110100");
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> Links.create("a/b", new LinkKind.Dummy())).hasMessageContaining("can't name an interface");
    assertThatThrownBy(() -> Links.change("sixteen-bytes-xx")).hasMessageContaining("1 to 15 bytes");
    assertThatThrownBy(() -> new LinkKind.Vlan(1, 4095)).hasMessageContaining("VLAN id must be within 0 to 4094");
    assertThatThrownBy(() -> Links.deleteGroup(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Links.change(1).alias("x".repeat(256))).hasMessageContaining("255");
  }

  /** What follows header, name and queue numbers. */
  private static String linkInfo(NewLink link) {
    String message = TestMessages.hex(link);
    String queues = "08001f0001000000" + "0800200001000000";
    assertThat(message).contains(queues);
    return message.substring(message.indexOf(queues) + queues.length());
  }

  private static String setting(Netns namespace, String file) throws Exception {
    // The namespace's own sysfs: the mounted one shows the links of the namespace that mounted it.
    Process process =
        new ProcessBuilder(
                "nsenter", "--net=/proc/" + ProcessHandle.current().pid() + "/fd/" + namespace.fd(),
                "unshare", "--mount", "sh", "-c", "mount -t sysfs sysfs /sys && cat /sys/class/net/" + file)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
