package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.daemon.Json;
import dev.patchbay.config.Configuration;
import dev.patchbay.config.ConfigurationException;
import dev.patchbay.launch.ModeLoading;
import dev.patchbay.launch.ModuleFile;
import dev.patchbay.node.ConfigurationJson;
import java.util.List;
import java.util.Map;

/** The values that a configuration file amounts to, the modes' settings among them as far as their modules can be loaded. */
final class ConfigurationValues {
  private ConfigurationValues() {}

  static Json of(Configuration configuration, CommandContext context) {
    ModeLoading loading = context.launch().loadModes(
        configuration.modules().stream().map(m -> new ModuleFile(m.file(), m.sha256())).toList());
    loading.refused().forEach(r -> context.err().println("Settings of a mode are not shown: " + r));
    List<Map<String, Object>> values;
    try {
      values = ConfigurationJson.of(configuration, loading.loaded());
    } catch (ConfigurationException e) {
      context.err().println("The modes' settings are not shown:\n" + e.getMessage());
      values = ConfigurationJson.of(configuration, List.of());
    }
    return Json.of(values);
  }
}
