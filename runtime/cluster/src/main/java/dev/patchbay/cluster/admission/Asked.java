package dev.patchbay.cluster.admission;

import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.spi.cluster.AdmissionPlanner;
import java.util.List;

/**
 * A rule of a mode, about which the API server asks.
 *
 * @param mode the mode
 * @param rule the rule
 */
public record Asked(ModeInstance mode, AdmissionPlanner.Rule rule) {
  /** Kubernetes API reference: the name of a webhook is a domain's, of three parts at least. */
  private static final String DOMAIN = ".patchbay.dev";

  /**
   * {@return what modes want to be asked about}
   * @param modes the modes chosen
   */
  public static List<Asked> of(List<ModeInstance> modes) {
    return modes.stream().flatMap(mode -> mode.mode().admissionPlanner().stream()
        .flatMap(planner -> planner.rules().stream().map(rule -> new Asked(mode, rule)))).toList();
  }

  /**
   * {@return the name of its webhook}
   */
  public String name() {
    return rule.name() + "." + mode.id() + DOMAIN;
  }

  /**
   * {@return the path at which it is asked}
   */
  public String path() {
    return "/admit/" + mode.id() + "/" + rule.name();
  }

  /**
   * {@return whether a webhook of that name is one of ours}
   * @param name the name
   */
  static boolean isOurs(String name) {
    return name.endsWith(DOMAIN);
  }
}
