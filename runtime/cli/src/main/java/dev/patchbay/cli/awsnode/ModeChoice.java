package dev.patchbay.cli.awsnode;

import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which of the modes there are do what aws-node is told to do, and with which settings; by what the modes say of themselves. */
final class ModeChoice {
  private ModeChoice() {}

  /** The modes, in the order bases first, by the ids of those that answer to the environment. */
  static List<String> choose(Translation translation, Map<String, ModeDescriptor> modes) {
    List<String> bases = new ArrayList<>();
    List<String> others = new ArrayList<>();
    modes.forEach((id, mode) -> {
      if (!mode.chosenBy().isEmpty() && mode.chosenBy().entrySet().stream().allMatch(e -> holds(translation, e))) {
        (isBase(mode) ? bases : others).add(id);
      }
    });
    if (bases.isEmpty()) {
      modes.entrySet().stream().filter(e -> e.getValue().usual()).findFirst().ifPresent(e -> bases.add(e.getKey()));
    }
    bases.addAll(others);
    return bases;
  }

  private static boolean holds(Translation translation, Map.Entry<String, String> wanted) {
    String value = translation.value(wanted.getKey());
    boolean wantsTruth = Translation.truth(wanted.getValue()).isPresent();
    return wantsTruth ? Translation.truth(value).orElse(false).equals(Translation.truth(wanted.getValue()).orElseThrow())
        : value.equals(wanted.getValue());
  }

  private static boolean isBase(ModeDescriptor mode) {
    return mode.roles().stream().anyMatch(Role.Base.class::isInstance);
  }

  /** The variables by which the modes chosen were chosen. */
  static Set<String> variables(List<String> chosen, Map<String, ModeDescriptor> modes) {
    Set<String> variables = new LinkedHashSet<>();
    modes.forEach((id, mode) -> {
      if (chosen.contains(id)) {
        variables.addAll(mode.chosenBy().keySet());
      }
    });
    return variables;
  }

  /** The settings of a mode that the environment gives, each with its variable; what can't be read is left. */
  static Map<Setting, Object> settings(Translation translation, ModeDescriptor mode) {
    Map<Setting, Object> settings = new LinkedHashMap<>();
    for (Setting setting : mode.settings()) {
      setting.environment().filter(translation::isSet).ifPresent(variable -> {
        Object value = value(setting, translation.value(variable).strip());
        if (value instanceof Complaint complaint) {
          translation.leave(variable, complaint.why());
        } else {
          settings.put(setting, value);
        }
      });
    }
    return settings;
  }

  private record Complaint(String why) {}

  private static Object value(Setting setting, String text) {
    return switch (setting.type()) {
      case NUMBER -> {
        try {
          long number = Long.parseLong(text);
          yield number >= setting.least() && number <= setting.most() ? number
              : new Complaint("it is less than " + setting.least() + " or more than " + setting.most() + "; aws-node takes its default.");
        } catch (NumberFormatException e) {
          yield new Complaint("it is no number; aws-node takes its default.");
        }
      }
      case TRUTH -> Translation.truth(text).<Object>map(b -> b).orElseGet(
          () -> new Complaint("it is neither true nor false; aws-node takes its default."));
      case TEXTS, CIDRS -> List.of(text.split(" *, *", -1));
      case FIELDS -> new Complaint("it can't be written as one value.");
      case TEXT, CHOICE, DURATION -> text.isEmpty() ? new Complaint("it is empty; aws-node takes its default.") : text;
    };
  }
}
