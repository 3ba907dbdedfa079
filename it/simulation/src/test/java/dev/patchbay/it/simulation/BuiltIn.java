package dev.patchbay.it.simulation;

import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.mode.customnet.CustomNetProvider;
import dev.patchbay.mode.ipv6.Ipv6Provider;
import dev.patchbay.mode.prefix.PrefixProvider;
import dev.patchbay.mode.secondaryip.SecondaryIpProvider;
import dev.patchbay.simulation.Choice;
import dev.patchbay.simulation.model.Ec2Model;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.Setting;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The built-in modes, alone and together, with the settings that decide most. */
final class BuiltIn {
  private BuiltIn() {}

  private static ModeInstance mode(NetworkModeProvider provider, Map<String, Object> settings) {
    Map<String, Object> values = new TreeMap<>();
    for (Setting setting : provider.descriptor().settings()) {
      setting.defaultValue().ifPresent(value -> values.put(setting.name(), value));
    }
    values.putAll(settings);
    Fields fields = Fields.of(values);
    return new ModeInstance(provider.id(), "1", provider.descriptor(), provider.create(() -> fields));
  }

  static ModeInstance secondaryIp(Map<String, Object> settings) {
    return mode(new SecondaryIpProvider(), settings);
  }

  static ModeInstance prefix(Map<String, Object> settings) {
    return mode(new PrefixProvider(), settings);
  }

  static Choice secondaryIp() {
    return Choice.of("secondary-ip", List.of(secondaryIp(Map.of())));
  }

  static Choice secondaryIpFew() {
    return Choice.of("secondary-ip, few addresses", List.of(secondaryIp(Map.of("warmIpTarget", 2L, "minimumIpTarget", 3L))));
  }

  static Choice prefix() {
    return Choice.of("prefix", List.of(prefix(Map.of())));
  }

  static Choice ipv6() {
    return Choice.of("ipv6", List.of(mode(new Ipv6Provider(), Map.of())));
  }

  static Choice dualStack() {
    return Choice.of("dual stack", List.of(secondaryIp(Map.of()), mode(new Ipv6Provider(), Map.of())));
  }

  static Choice customNet() {
    return Choice.of("custom-net", List.of(secondaryIp(Map.of("warmIpTarget", 2L)),
        mode(new CustomNetProvider(), Map.of("subnets", List.of(Ec2Model.PODS)))));
  }

  /** What histories start with, and change to. */
  static List<List<Choice>> families() {
    return List.of(List.of(secondaryIp(), secondaryIpFew()), List.of(prefix(), secondaryIp()), List.of(ipv6()), List.of(dualStack()),
        List.of(customNet()));
  }
}
