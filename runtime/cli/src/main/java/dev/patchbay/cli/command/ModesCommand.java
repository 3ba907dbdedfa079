package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.launch.LoadedMode;
import dev.patchbay.launch.ModeLoading;
import dev.patchbay.launch.ModuleFile;
import dev.patchbay.spi.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what module files offer. */
@Command(name = "modes", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Shows the modes that module files offer, and which files a node would refuse and why.")
public final class ModesCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(names = "--modules", paramLabel = "FILE", arity = "1..*",
      description = "Module files. Unless named: those in the installation's folder modes.")
  private List<Path> modules = List.of();

  @Option(names = "--settings", description = "Show the modes' settings, with defaults and documentation.")
  private boolean settings;

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public ModesCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<Path> files = modules.isEmpty() ? installed() : modules;
    ModeLoading loading = context.launch().loadModes(
        files.stream().map(f -> new ModuleFile(f.toAbsolutePath(), Optional.empty())).toList());
    for (LoadedMode mode : loading.loaded()) {
      context.out().printf("%s %s%n  %s%n  %s%n", mode.id(), mode.version(), mode.provider().descriptor().summary(),
          mode.provider().descriptor().roles());
      if (settings) {
        mode.provider().descriptor().settings().forEach(this::print);
      }
    }
    loading.refused().forEach(r -> context.err().println(r));
    return loading.refused().isEmpty() ? 0 : 1;
  }

  private void print(Setting setting) {
    String value = setting.defaultValue().map(v -> ", default " + v).orElse("");
    context.out().printf("    %s (%s%s)%n      %s%n", setting.name(), setting.type(), value, setting.documentation());
  }

  private List<Path> installed() {
    Path folder = context.launch().home().resolve("modes");
    try (Stream<Path> list = Files.list(folder)) {
      return list.sorted().toList();
    } catch (IOException e) {
      throw new CommandException("The folder " + folder + " can't be read: " + e.getMessage() + ".", "Name files with --modules.");
    }
  }
}
