package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.cli.daemon.Daemon;
import dev.patchbay.cli.daemon.Json;
import dev.patchbay.cli.daemon.Target;
import dev.patchbay.cli.words.ConfigText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows every value in force and where it comes from. */
@Command(name = "config", mixinStandardHelpOptions = true, sortOptions = false, header = "Shows every value in force, and where it came from.", synopsisSubcommandLabel = "[COMMAND]",
    description = "Shows every value in force with where it came from: the file and line, an override, the environment or the default. "
        + "Asks the daemon; if none answers, shows what the file amounts to here.",
    footer = {"", "Exit codes: 0 shown, 1 it can't be shown or the file has changed since the daemon read it, 2 wrong usage."})
public final class ConfigCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin
  private Target target = new Target();

  @Option(names = "--offline", description = "Do not ask the daemon: show what the file amounts to, with this command's environment.")
  private boolean offline;

  @Option(names = "--label", paramLabel = "NAME=VALUE", description = "A label of the node, for overrides; for what is read from the file.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(names = "--changed", description = "Leave out what is as it is by default.")
  private boolean changed;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Parameters(paramLabel = "KEY", arity = "0..1", defaultValue = "",
      description = "Show only the keys that begin so, such as node or node.mtu, and what they do.")
  private String key = "";

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public ConfigCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (offline) {
      Target.Node node = target.strict(context, labels);
      show(ConfigurationValues.of(node.configuration(), context), "What " + node.file() + " amounts to:", List.of());
      return 0;
    }
    Target.Node node = target.lenient(context);
    Optional<Json> inForce = node.daemon().flatMap(d -> asked(d));
    if (inForce.isEmpty()) {
      if (!node.written()) {
        throw new CommandException("No daemon answers, and there is no configuration that can be used at " + node.file() + ".",
            "Name the file with --config, or where the daemon is with --address.");
      }
      context.err().println("No daemon answers; this is what the file amounts to here, with this command's environment.");
      show(ConfigurationValues.of(target.strict(context, labels).configuration(), context), "What " + node.file() + " amounts to:", List.of());
      return 0;
    }
    String where = node.requireDaemon().where();
    List<String> differences = List.of();
    if (node.written() && (!target.hasAddress() || target.hasConfig())) {
      differences = ConfigText.differences(inForce.get(), ConfigurationValues.of(node.configuration(), context));
    }
    show(inForce.get(), "In force in the daemon at " + where + ":", differences);
    return differences.isEmpty() ? 0 : 1;
  }

  private static Optional<Json> asked(Daemon daemon) {
    return switch (daemon.get("/v1/configuration")) {
      case Daemon.Answer.Given given -> {
        if (given.body().items().isEmpty()) {
          throw StatusCommand.strange("What listens at " + daemon.where() + " gave JSON that is no configuration.");
        }
        yield Optional.of(given.body());
      }
      case Daemon.Answer.Refused refused -> throw new CommandException(refused.why(), "Look at the daemon's log.");
      case Daemon.Answer.Strange strange -> throw StatusCommand.strange(strange.why());
      case Daemon.Answer.Away _ -> Optional.empty();
    };
  }

  private void show(Json values, String title, List<String> differences) {
    List<Json> shown = values.items().stream().filter(v -> v.text("key").startsWith(key))
        .filter(v -> !changed || !v.text("source").equals("default")).toList();
    if (shown.isEmpty() && !key.isEmpty() && values.items().stream().noneMatch(v -> v.text("key").startsWith(key))) {
      throw new CommandException("No key that has a value begins with \"" + (key.length() < 80 ? key : key.substring(0, 80) + "...") + "\".",
          "docs/configuration.md lists all keys; `patchbay config` those that have a value.");
    }
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("from", title.replaceAll(":$", ""));
      all.put("values", shown.stream().map(Json::raw).toList());
      all.put("differences", differences);
      context.json(all);
    } else {
      ConfigText.of(shown, title, differences, !key.isEmpty(), context.colour()).forEach(context.out()::println);
    }
  }
}
