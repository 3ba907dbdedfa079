package dev.patchbay.node;

import dev.patchbay.config.Configuration;
import dev.patchbay.config.ConfigurationException;
import dev.patchbay.config.ModeUse;
import dev.patchbay.config.Problem;
import dev.patchbay.core.needs.SideNeeds;
import dev.patchbay.node.preflight.Preflight;
import dev.patchbay.spi.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Whether this node's kernel can carry modes that are chosen while the node runs: they are refused then as other mistakes are. */
final class KernelFit {
  private KernelFit() {}

  /**
   * Looks at the kernel; blocks for some milliseconds, more if it loads a module.
   *
   * @param configuration where the modes are chosen
   * @param modes the modes
   * @throws ConfigurationException with everything that the kernel lacks, each at the line of a mode that needs it
   */
  static void check(Configuration configuration, ChosenModes modes) {
    SideNeeds needs = Node.needs(modes);
    List<Problem> problems = new ArrayList<>();
    for (Finding lack : Preflight.lacking(needs)) {
      problems.add(place(configuration.modes(), needs, lack.subject().orElse("")).problem(lack.code(), lack.cause(), lack.remedy()));
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  /** The last of those who need it: the ones before it were in force already, as a rule. */
  private static ModeUse place(List<ModeUse> uses, SideNeeds needs, String lacking) {
    Collection<String> who = who(needs, lacking);
    return uses.reversed().stream().filter(use -> who.contains(use.id())).findFirst().orElse(uses.getFirst());
  }

  private static Collection<String> who(SideNeeds needs, String lacking) {
    SortedSet<String> who = new TreeSet<>(needs.kernelFeatures().getOrDefault(lacking, new TreeSet<>()));
    needs.sysctls().forEach((sysctl, those) -> {
      if (sysctl.startsWith(lacking + "=")) {
        who.addAll(those);
      }
    });
    return who;
  }
}
