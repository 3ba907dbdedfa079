package dev.patchbay.cli;

import dev.patchbay.cli.command.AuditCommand;
import dev.patchbay.cli.command.CacheCommand;
import dev.patchbay.cli.command.ClusterCommand;
import dev.patchbay.cli.command.ConfigCheckCommand;
import dev.patchbay.cli.command.ConfigCommand;
import dev.patchbay.cli.command.ConfigFromEnvCommand;
import dev.patchbay.cli.command.ExplainCommand;
import dev.patchbay.cli.command.LedgerCommand;
import dev.patchbay.cli.command.LedgerHistoryCommand;
import dev.patchbay.cli.command.LedgerShowCommand;
import dev.patchbay.cli.command.LedgerVerifyCommand;
import dev.patchbay.cli.command.MaxPodsCommand;
import dev.patchbay.cli.command.ModesCommand;
import dev.patchbay.cli.command.ModesNewCommand;
import dev.patchbay.cli.command.ModesVerifyCommand;
import dev.patchbay.cli.command.NodeCommand;
import dev.patchbay.cli.command.PermissionsCommand;
import dev.patchbay.cli.command.SimulateCommand;
import dev.patchbay.cli.command.StatusCommand;
import dev.patchbay.cli.command.UninstallCommand;
import dev.patchbay.launch.LaunchContext;
import dev.patchbay.launch.LaunchException;
import dev.patchbay.launch.Program;
import dev.patchbay.launch.ProgramLayer;
import io.avaje.json.JsonWriter;
import io.avaje.json.mapper.JsonMapper;
import io.avaje.json.stream.JsonStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * The program {@code patchbay}: finds the subcommand and runs it. Whoever runs it sees results, or what failed and what to do;
 * never a stack trace, unless {@code PATCHBAY_DEBUG} is set.
 */
public final class PatchbayProgram implements Program {
  /** All is well. */
  public static final int GOOD = 0;
  /** Something was found, or failed. */
  public static final int FAILED = 1;
  /** The command was used wrongly. */
  public static final int WRONG_USAGE = 2;

  private static final int WIDTH = 100;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Started as a service; does nothing yet. */
  public PatchbayProgram() {}

  @Override
  public String name() {
    return "patchbay";
  }

  @Override
  public int run(LaunchContext launch) {
    PrintWriter out = new PrintWriter(System.out, false);
    PrintWriter err = new PrintWriter(System.err, true);
    Map<String, String> environment = System.getenv();
    boolean colour = System.console() != null && System.console().isTerminal() && !environment.containsKey("NO_COLOR")
        && !"dumb".equals(environment.get("TERM"));
    return run(launch, out, err, environment, colour);
  }

  /**
   * Runs the program.
   *
   * @param launch the installation, and the arguments
   * @param out where results go
   * @param err where complaints go
   * @param environment the environment of the process
   * @param colour whether the reader of results wants colour
   * @return the exit code
   */
  public static int run(LaunchContext launch, PrintWriter out, PrintWriter err, Map<String, String> environment, boolean colour) {
    CommandContext context = new Streams(launch, out, err, environment, colour);
    CommandLine line = commandLine(context);
    String[] arguments = launch.arguments().toArray(String[]::new);
    // Layers beside this one are built only for who asks for what is in them: a command of theirs, or the list of all commands.
    if (arguments.length == 0 || !line.getSubcommands().containsKey(arguments[0])) {
      others(context, line);
    }
    try {
      return line.execute(arguments);
    } finally {
      out.flush();
      err.flush();
    }
  }

  private static CommandLine commandLine(CommandContext context) {
    CommandLine line = new CommandLine(new Patchbay(context));
    line.addSubcommand("node", new NodeCommand(context));
    line.addSubcommand("cluster", new ClusterCommand(context));
    line.addSubcommand("status", new StatusCommand(context));
    line.addSubcommand("explain", new ExplainCommand(context));
    CommandLine modes = new CommandLine(new ModesCommand(context));
    modes.addSubcommand("new", new ModesNewCommand(context));
    modes.addSubcommand("verify", new ModesVerifyCommand(context));
    line.addSubcommand("modes", modes);
    CommandLine config = new CommandLine(new ConfigCommand(context));
    config.addSubcommand("check", new ConfigCheckCommand(context));
    config.addSubcommand("from-env", new ConfigFromEnvCommand(context));
    line.addSubcommand("config", config);
    line.addSubcommand("simulate", new SimulateCommand(context));
    line.addSubcommand("permissions", new PermissionsCommand(context));
    CommandLine ledger = new CommandLine(new LedgerCommand(context));
    ledger.addSubcommand("show", new LedgerShowCommand(context));
    ledger.addSubcommand("verify", new LedgerVerifyCommand(context));
    ledger.addSubcommand("history", new LedgerHistoryCommand(context));
    line.addSubcommand("ledger", ledger);
    line.addSubcommand("audit", new AuditCommand(context));
    line.addSubcommand("max-pods", new MaxPodsCommand(context));
    line.addSubcommand("cache", new CacheCommand(context));
    line.addSubcommand("uninstall", new UninstallCommand(context));
    return prepared(line, context);
  }

  private static void others(CommandContext context, CommandLine line) {
    Optional<ModuleLayer> own = Optional.ofNullable(PatchbayProgram.class.getModule().getLayer());
    boolean above = false;
    for (String name : context.launch().layers()) {
      if (above) {
        ProgramLayer layer;
        try {
          layer = context.launch().layer(name).join();
        } catch (RuntimeException e) {
          // An installation without the lab, say: its commands are not there, and that is all.
          if (context.environment().containsKey("PATCHBAY_DEBUG")) {
            e.printStackTrace(context.err());
          }
          return;
        }
        for (Command command : layer.services(l -> ServiceLoader.load(l, Command.class))) {
          Object made = command.command(context);
          CommandLine sub = made instanceof CommandLine ready ? ready : new CommandLine(made);
          line.addSubcommand(sub.getCommandName(), sub);
        }
      } else {
        above = own.isPresent() && isOwn(context.launch(), name, own.get());
      }
    }
    prepared(line, context);
  }

  private static boolean isOwn(LaunchContext launch, String name, ModuleLayer own) {
    var future = launch.layer(name);
    return future.isDone() && !future.isCompletedExceptionally() && future.join().layer() == own;
  }

  private static CommandLine prepared(CommandLine line, CommandContext context) {
    line.setOut(context.out());
    line.setErr(context.err());
    line.setUsageHelpWidth(WIDTH);
    line.setUsageHelpAutoWidth(false);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(
        context.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    versions(line);
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, command, context));
    line.setParameterExceptionHandler((e, arguments) -> {
      CommandLine where = e.getCommandLine();
      context.err().println("patchbay: " + e.getMessage());
      CommandLine.UnmatchedArgumentException.printSuggestions(e, context.err());
      context.err().println("See `" + where.getCommandSpec().qualifiedName() + " --help`.");
      return WRONG_USAGE;
    });
    return line;
  }

  /** Every command has -V, and says the same. */
  private static void versions(CommandLine line) {
    line.getCommandSpec().versionProvider(new Versions());
    line.getSubcommands().values().forEach(PatchbayProgram::versions);
  }

  private static int failed(Exception e, CommandLine command, CommandContext context) {
    String name = command.getCommandSpec().qualifiedName();
    switch (e) {
      case CommandException known -> context.err().println(name + ": " + known.getMessage());
      case LaunchException broken -> context.err().println(name + ": " + broken.getMessage());
      default -> context.err().println(name + ": failed in a way that it should not: " + e
          + ". Set PATCHBAY_DEBUG=1 to see where, and report it.");
    }
    if (context.environment().containsKey("PATCHBAY_DEBUG")) {
      e.printStackTrace(context.err());
    }
    return FAILED;
  }

  /** The command itself: without a subcommand it says what there is. */
  @CommandLine.Command(name = "patchbay", mixinStandardHelpOptions = true, versionProvider = Versions.class,
      description = "Native VPC addresses for pods: runs a node, and says what it does and why.",
      synopsisSubcommandLabel = "COMMAND", commandListHeading = "%nCommands:%n", exitCodeOnInvalidInput = WRONG_USAGE,
      footer = {"", "Exit codes: 0 all is well, 1 something was found or failed, 2 wrong usage.",
          "patchbay COMMAND --help says more about a command."})
  static final class Patchbay implements Runnable {
    private final CommandContext context;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    Patchbay(CommandContext context) {
      this.context = context;
    }

    @Override
    public void run() {
      if (spec != null) {
        spec.commandLine().usage(context.out());
      }
    }
  }

  /** The version of the module. */
  static final class Versions implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"patchbay " + Optional.ofNullable(PatchbayProgram.class.getModule().getDescriptor())
          .flatMap(java.lang.module.ModuleDescriptor::rawVersion).orElse("unversioned")};
    }
  }

  private record Streams(LaunchContext launch, PrintWriter out, PrintWriter err, Map<String, String> environment, boolean colour)
      implements CommandContext {
    @Override
    public void json(@Nullable Object value) {
      StringWriter text = new StringWriter();
      try (JsonWriter writer = JsonStream.builder().serializeEmpty(true).serializeNulls(true).build().writer(text)) {
        writer.pretty(true);
        JSON.toJson(value, writer);
      }
      out.println(text);
    }
  }
}
