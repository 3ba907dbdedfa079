package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.cli.vendor.Project;
import dev.patchbay.spi.NetworkModeProvider;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a project to begin a mode with. */
@Command(name = "new", mixinStandardHelpOptions = true, sortOptions = false, header = "Makes a project to begin a mode with.",
    description = "Makes a project to begin a mode with: it builds with `mvn verify`, keeps the contract, and can be put on a node at once. "
        + "It is a base that gives pods single addresses; docs/vendor.md says how to go on.",
    footer = {"", "Exit codes: 0 made, 1 it can't be made, 2 wrong usage."})
public final class ModesNewCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "NAME", description = "The mode's name, as configurations will choose it.")
  private String name = "";

  @Option(names = "--folder", paramLabel = "FOLDER", description = "Where it is made. Unless named: a folder of the mode's name, here.")
  private @Nullable Path folder;

  @Option(names = "--module", paramLabel = "MODULE",
      description = "The name of its module, and of its package. Unless named: com.example and the mode's name.")
  private @Nullable String module;

  @Option(names = "--api", paramLabel = "VERSION", description = "The version of Patchbay's API. Unless named: this installation's.")
  private @Nullable String api;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public ModesNewCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Project project = new Project(name, module == null ? Project.usualModule(name) : module, api == null ? installed() : api);
    Path to = folder == null ? Path.of(name) : folder;
    List<Path> files = project.write(to);
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("folder", to.toString());
      all.put("files", files.stream().map(Path::toString).toList());
      context.json(all);
    } else {
      files.forEach(context.out()::println);
      context.out().println("Build it: (cd " + to + " && mvn verify). Then: patchbay modes verify " + to.resolve("target").resolve(name + ".jar"));
    }
    return 0;
  }

  private static String installed() {
    return Optional.ofNullable(NetworkModeProvider.class.getModule().getDescriptor()).flatMap(java.lang.module.ModuleDescriptor::rawVersion)
        .orElseThrow(() -> new CommandException("This command does not run from an installation, so it knows no version of the API.",
            "Name one with --api."));
  }
}
