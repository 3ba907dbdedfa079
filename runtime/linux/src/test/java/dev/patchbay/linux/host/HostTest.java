package dev.patchbay.linux.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.spi.net.MacAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Needs root. */
class HostTest {
  @Test
  void featuresAreTriedAndTheirLackIsExplained() {
    for (KernelFeature feature : List.of(KernelFeature.VETH, KernelFeature.NFTABLES, KernelFeature.CONNTRACK, KernelFeature.IPV6,
        KernelFeature.POLICY_ROUTING)) {
      assertThat(feature.lack()).as(feature.word()).isEmpty();
    }
    for (KernelFeature feature : KernelFeature.values()) {
      feature.lack().ifPresent(lack -> {
        assertThat(lack.cause()).startsWith("The kernel lacks " + feature.word()).endsWith(".");
        assertThat(lack.remedy()).startsWith("Load ").endsWith(".");
      });
      assertThat(KernelFeature.of(feature.word())).contains(feature);
    }
    assertThat(KernelFeature.of("teleport")).isEmpty();
  }

  @Test
  void sysctlsAreThoseOfTheirNamespace() throws Exception {
    try (Netns elsewhere = Netns.create()) {
      Sysctls sysctls = Sysctls.of(elsewhere);
      Sysctls.Key forward = Sysctls.Key.of("net.ipv4.ip_forward");
      String here = Files.readString(Path.of("/proc/sys/net/ipv4/ip_forward")).strip();
      String other = here.equals("1") ? "0" : "1";
      sysctls.set(forward, other);
      assertThat(sysctls.get(forward)).contains(other);
      assertThat(Sysctls.own().get(forward)).contains(here);
      Map<Sysctls.Key, String> wanted = new LinkedHashMap<>();
      wanted.put(forward, here);
      wanted.put(new Sysctls.Key("net.ipv4.conf.DEVICE.rp_filter", "lo"), "0");
      wanted.put(Sysctls.Key.of("net.ipv4.no_such"), "1");
      assertThat(sysctls.differences(wanted)).extracting(Sysctls.Difference::toString).contains(
          "net.ipv4.ip_forward is " + other + " and should be " + here, "net.ipv4.no_such is missing and should be 1");
      assertThat(sysctls.get(Sysctls.Key.of("net.ipv4.no_such"))).isEmpty();
      assertThatThrownBy(() -> sysctls.set(Sysctls.Key.of("net.ipv4.no_such"), "1"))
          .isInstanceOfSatisfying(SysctlException.class, e -> assertThat(e.isMissing()).isTrue());
      assertThatThrownBy(() -> sysctls.set(forward, "perhaps"))
          .isInstanceOfSatisfying(SysctlException.class, e -> assertThat(e.isMissing()).isFalse());
    }
  }

  @Test
  void keysStayBelowNet() {
    for (String key : List.of("kernel.panic", "net..ipv4", "net/ipv4", "net.ipv4.conf.DEVICE.rp_filter")) {
      assertThatThrownBy(() -> Sysctls.Key.of(key)).as(key).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Sysctls.Key("net.ipv4.conf.DEVICE.rp_filter", "../../kernel")).isInstanceOf(IllegalArgumentException.class);
    assertThat(new Sysctls.Key("net.ipv4.conf.DEVICE.rp_filter", "eth0.5").path()).hasToString("/proc/sys/net/ipv4/conf/eth0.5/rp_filter");
  }

  @Test
  void devicesAreFoundByTheirHardwareAddress() {
    try (Netns elsewhere = Netns.create(); RouteSocket routes = RouteSocket.open(elsewhere)) {
      routes.execute(Links.veth("a", Links.peer("b")).index(7).mac(dev.patchbay.netlink.MacAddress.of("02:00:00:00:00:07")).mtu(1300));
      Optional<NetworkDevice> found =
          NetworkDevice.all(elsewhere).stream().filter(d -> d.mac().equals(MacAddress.of("02:00:00:00:00:07"))).findFirst();
      assertThat(found).contains(new NetworkDevice(MacAddress.of("02:00:00:00:00:07"), "a", 7, 1300, false));
      assertThat(NetworkDevice.all(elsewhere)).extracting(NetworkDevice::name).doesNotContain("lo");
    }
    assertThat(Boot.id()).isEqualTo(Boot.id());
  }
}
