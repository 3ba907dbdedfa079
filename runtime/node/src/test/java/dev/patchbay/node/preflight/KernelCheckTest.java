package dev.patchbay.node.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.needs.NeedCodes;
import dev.patchbay.core.needs.Side;
import dev.patchbay.core.needs.SideNeeds;
import dev.patchbay.linux.host.KernelFeature;
import dev.patchbay.linux.host.Sysctls;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KernelCheckTest {
  private static final SideNeeds NEEDS = SideNeeds.of(Side.NODE, Map.of("some", ModeDescriptor.of("Some.").needs(
      Needs.none().withKernelFeatures("nftables", "8021q").withSysctls("net.ipv4.ip_forward=1", "net.ipv4.conf.all.magic=2")).build()));

  private final Map<KernelFeature, KernelFeature.Lack> lacks = new TreeMap<>();
  private final Map<String, Optional<String>> values =
      new TreeMap<>(Map.of("net.ipv4.ip_forward", Optional.of("1"), "net.ipv4.conf.all.magic", Optional.of("2")));

  private List<Sysctls.Difference> differences(Map<Sysctls.Key, String> wanted) {
    return wanted.entrySet().stream()
        .map(e -> new Sysctls.Difference(e.getKey(), e.getValue(), values.getOrDefault(e.getKey().toString(), Optional.empty())))
        .filter(d -> !d.found().equals(Optional.of(d.wanted()))).toList();
  }

  private KernelCheck check(SideNeeds needs) {
    return new KernelCheck(needs, feature -> Optional.ofNullable(lacks.get(feature)), this::differences);
  }

  @Test
  void aKernelThatHasItAllIsFine() {
    assertThat(check(NEEDS).lacking()).isEmpty();
    assertThat(check(NEEDS).wrong(DatapathPlan.empty())).isEmpty();
  }

  @Test
  void eachFeatureThatIsMissingIsNamedWithWhoNeedsIt() {
    lacks.put(KernelFeature.NFTABLES, new KernelFeature.Lack("The kernel lacks nftables: EPROTONOSUPPORT.", "Load nf_tables."));
    lacks.put(KernelFeature.VLAN, new KernelFeature.Lack("The kernel lacks 8021q: EOPNOTSUPP.", "Load 8021q."));
    // Nobody needs it, so nobody asks.
    lacks.put(KernelFeature.VRF, new KernelFeature.Lack("The kernel lacks vrf: EOPNOTSUPP.", "Load vrf."));
    assertThat(check(NEEDS).lacking()).extracting(Finding::toString).containsExactly(
        "KernelFeatureMissing (440): The kernel lacks 8021q: EOPNOTSUPP; some needs it. Load 8021q.",
        "KernelFeatureMissing (440): The kernel lacks nftables: EPROTONOSUPPORT; patchbay and some need it. Load nf_tables.");
  }

  @Test
  void aFeatureThatIsNotKnownCannotBePromised() {
    SideNeeds needs = SideNeeds.of(Side.NODE,
        Map.of("odd", ModeDescriptor.of("Odd.").needs(Needs.none().withKernelFeatures("teleport")).build()));
    assertThat(check(needs).lacking()).extracting(Finding::code).containsExactly(NeedCodes.KERNEL_FEATURE_MISSING);
    assertThat(check(needs).lacking().getFirst().cause()).contains("odd needs", "teleport");
  }

  @Test
  void aSysctlThatIsMissingIsALackAndOneThatDiffersCanBeMended() {
    values.put("net.ipv4.ip_forward", Optional.of("0"));
    values.put("net.ipv4.conf.all.magic", Optional.empty());
    assertThat(check(NEEDS).lacking()).extracting(Finding::toString).containsExactly(
        "SysctlMissing (441): The kernel has no sysctl net.ipv4.conf.all.magic; some needs it. Use a kernel that has it, or take the"
            + " mode out of modes.");
    assertThat(check(NEEDS).wrong(DatapathPlan.empty())).containsOnlyKeys("net.ipv4.ip_forward");
    assertThat(check(NEEDS).wrong(DatapathPlan.empty()).values()).extracting(Finding::toString).containsExactly(
        "SysctlWrong (442): net.ipv4.ip_forward is 0 and should be 1; some needs it. Set it: sysctl -w net.ipv4.ip_forward=1; and"
            + " write it into /etc/sysctl.d, so that it stays.");
  }

  @Test
  void theWayToIpv6NeedsForwardingWhoeverPlannedIt() {
    values.put("net.ipv6.conf.all.forwarding", Optional.of("0"));
    DatapathPlan to6 = DatapathPlan.of(Translation.of(List.of(Cidr.of("fd00::/64")), IpAddress.of("2001:db8::5")));
    DatapathPlan to4 = DatapathPlan.of(Translation.of(List.of(Cidr.of("10.0.0.0/16")), IpAddress.of("10.0.0.5")));
    assertThat(check(NEEDS).wrong(to6).values()).extracting(Finding::toString).containsExactly(
        "SysctlWrong (442): net.ipv6.conf.all.forwarding is 0 and should be 1; the way of pods to IPv6 needs it. Set it: sysctl -w"
            + " net.ipv6.conf.all.forwarding=1; and write it into /etc/sysctl.d, so that it stays.");
    assertThat(check(NEEDS).wrong(to4)).isEmpty();
    values.put("net.ipv6.conf.all.forwarding", Optional.of("1"));
    assertThat(check(NEEDS).wrong(to6)).isEmpty();
  }
}
