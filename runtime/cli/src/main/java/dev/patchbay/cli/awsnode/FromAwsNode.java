package dev.patchbay.cli.awsnode;

import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The configuration that an environment of aws-node amounts to.
 *
 * @param values the values of the runtime's own keys
 * @param modes the modes with their settings
 * @param left the variables that came to nothing, with the reason
 */
public record FromAwsNode(List<Translation.Taken> values, List<Mode> modes, List<Translation.Left> left) {
  /**
   * A mode that is chosen.
   *
   * @param id its id
   * @param from the variables that chose it, with their values; empty if it is the usual one
   * @param settings its settings, by name
   */
  public record Mode(String id, String from, List<Translation.Taken> settings) {}

  /**
   * Translates.
   *
   * @param environment the variables; what is none of aws-node's is passed over
   * @param offered what the modes that could be chosen say of themselves, by id
   * @return the configuration
   */
  public static FromAwsNode of(Map<String, String> environment, Map<String, ModeDescriptor> offered) {
    Translation translation = new Translation(environment);
    List<String> chosen = ModeChoice.choose(translation, offered);
    Set<String> answered = ModeChoice.variables(chosen, offered);
    List<Mode> modes = new ArrayList<>();
    for (String id : chosen) {
      ModeDescriptor mode = Objects.requireNonNull(offered.get(id));
      List<Translation.Taken> settings = new ArrayList<>();
      ModeChoice.settings(translation, mode).forEach((setting, value) -> {
        if (!setting.defaultValue().map(d -> d.toString().equals(value.toString())).orElse(false)) {
          settings.add(new Translation.Taken(setting.name(), value, from(translation, setting)));
        }
      });
      mode.settings().forEach(s -> s.environment().ifPresent(answered::add));
      modes.add(new Mode(id, String.join(", ", mode.chosenBy().keySet().stream().filter(translation::isSet)
          .map(v -> v + "=" + translation.value(v)).toList()), settings));
    }
    for (String variable : new TreeSet<>(environment.keySet())) {
      if (!answered.contains(variable) && !Counterparts.translate(translation, variable) && !isOff(translation, variable)) {
        NoCounterpart.why(variable).ifPresent(why -> translation.leave(variable, why));
      }
    }
    return new FromAwsNode(translation.taken(), modes, translation.left());
  }

  private static String from(Translation translation, Setting setting) {
    String variable = setting.environment().orElse("");
    return variable + "=" + translation.value(variable);
  }

  /** What is switched off needs no counterpart, but for what is on unless it is switched off. */
  private static boolean isOff(Translation translation, String variable) {
    return !Translation.truth(translation.value(variable)).orElse(true)
        && (variable.startsWith("ENABLE_") || variable.startsWith("DISABLE_") || variable.startsWith("ANNOTATE_")
            || variable.startsWith("USE_") || variable.endsWith("_CFG")) && !variable.equals("ENABLE_V4_EGRESS");
  }
}
