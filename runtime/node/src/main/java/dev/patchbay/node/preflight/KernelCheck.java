package dev.patchbay.node.preflight;

import dev.patchbay.core.needs.NeedCodes;
import dev.patchbay.core.needs.SideNeeds;
import dev.patchbay.linux.host.KernelFeature;
import dev.patchbay.linux.host.SysctlException;
import dev.patchbay.linux.host.Sysctls;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.net.AddressFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The kernel's part: features, by using them, and sysctls, by reading them. What the kernel lacks no waiting will bring; a sysctl that has
 * another value somebody may set at any time. Patchbay sets none of these itself: they are the node's, and others rely on them.
 */
final class KernelCheck {
  private static final String FORWARDING_6 = "net.ipv6.conf.all.forwarding=1";

  private final SideNeeds needs;
  private final Function<KernelFeature, Optional<KernelFeature.Lack>> features;
  private final Function<Map<Sysctls.Key, String>, List<Sysctls.Difference>> sysctls;

  /**
   * Makes it.
   *
   * @param features tries a feature
   * @param sysctls compares sysctls
   */
  KernelCheck(SideNeeds needs, Function<KernelFeature, Optional<KernelFeature.Lack>> features,
      Function<Map<Sysctls.Key, String>, List<Sysctls.Difference>> sysctls) {
    this.needs = needs;
    this.features = features;
    this.sysctls = sysctls;
  }

  /** What the kernel lacks, so that the node can't do its work; blocks for some milliseconds, more if a module is loaded. */
  List<Finding> lacking() {
    List<Finding> lacking = new ArrayList<>();
    needs.kernelFeatures().forEach((word, who) -> {
      Optional<KernelFeature> feature = KernelFeature.of(word);
      if (feature.isEmpty()) {
        lacking.add(Finding.of(NeedCodes.KERNEL_FEATURE_MISSING,
            Who.needs(who) + " the kernel feature \"" + word + "\", which this version of Patchbay does not know.",
            "Use a version of Patchbay that the mode was made for, or take the mode out of modes.").about(word));
      } else {
        features.apply(feature.get()).ifPresent(lack -> lacking.add(Finding.of(NeedCodes.KERNEL_FEATURE_MISSING,
            lack.cause().replaceFirst("\\.$", "; ") + Who.needs(who) + " it.", lack.remedy()).about(word)));
      }
    });
    for (Sysctls.Difference difference : differences(needs.sysctls())) {
      if (difference.found().isEmpty()) {
        lacking.add(Finding.of(NeedCodes.SYSCTL_MISSING,
            "The kernel has no sysctl " + difference.key() + "; " + Who.needs(whoNeeds(needs.sysctls(), difference)) + " it.",
            "Use a kernel that has it, or take the mode out of modes.").about(difference.key().toString()));
      }
    }
    return lacking;
  }

  /**
   * The sysctls that have another value than they must, by their names.
   *
   * @param plan what the modes planned for the node, as far as that is known: settings may have them want more than the modes always do
   */
  Map<String, Finding> wrong(DatapathPlan plan) {
    SortedMap<String, SortedSet<String>> all = new TreeMap<>(needs.sysctls());
    if (plan.elements(Translation.class).stream().anyMatch(t -> t.to().family() == AddressFamily.IPV6)) {
      all.putIfAbsent(FORWARDING_6, new TreeSet<>(List.of("the way of pods to IPv6")));
    }
    Map<String, Finding> wrong = new LinkedHashMap<>();
    for (Sysctls.Difference difference : differences(all)) {
      difference.found().ifPresent(found -> wrong.put(difference.key().toString(), Finding.of(NeedCodes.SYSCTL_WRONG,
          difference + "; " + Who.needs(whoNeeds(all, difference)) + " it.",
          "Set it: sysctl -w " + difference.key() + "=" + difference.wanted() + "; and write it into /etc/sysctl.d, so that it stays.")
          .about(difference.key().toString())));
    }
    return wrong;
  }

  private List<Sysctls.Difference> differences(SortedMap<String, SortedSet<String>> needed) {
    Map<Sysctls.Key, String> wanted = new LinkedHashMap<>();
    for (String sysctl : needed.keySet()) {
      int equals = sysctl.indexOf('=');
      wanted.put(Sysctls.Key.of(sysctl.substring(0, equals)), sysctl.substring(equals + 1));
    }
    try {
      return wanted.isEmpty() ? List.of() : sysctls.apply(wanted);
    } catch (SysctlException e) {
      // What can't be read can't be said to be wrong; whoever must set it says so.
      return List.of();
    }
  }

  private static SortedSet<String> whoNeeds(SortedMap<String, SortedSet<String>> needed, Sysctls.Difference difference) {
    return needed.getOrDefault(difference.key() + "=" + difference.wanted(), new TreeSet<>());
  }
}
