package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.config.Configuration;
import dev.patchbay.config.ConfigurationException;
import dev.patchbay.config.ConfigurationFile;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.compose.InvalidPlanException;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.compose.NodePlan;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.launch.ModuleFile;
import dev.patchbay.node.ChosenModes;
import dev.patchbay.node.DatapathSettings;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.types.PublishedTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says how many pods an instance type can carry with the modes chosen. */
@Command(name = "max-pods", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Says how many pods an instance type can carry with the modes chosen.",
    description = "Says how many pods an instance type can carry with the modes of a configuration: what the modes plan for a fresh instance"
        + " of the type, counted as the daemon counts. No node and no AWS account is needed.",
    footer = {"", "kubelet --max-pods=$(patchbay max-pods --instance-type m5.large --number)", "",
        "Exit codes: 0 it is said, 1 it can't be known, 2 wrong usage."})
public final class MaxPodsCommand implements Callable<Integer> {
  private final CommandContext context;

  @ArgGroup(multiplicity = "1")
  private Which which = new Which();

  @Option(names = "--config", paramLabel = "FILE", description = "A configuration. Unless named: the installation's usual mode alone.")
  private @Nullable Path config;

  @Option(names = "--label", paramLabel = "NAME=VALUE", description = "A label of the node, for overrides that its selector finds, and"
      + " for modes that look at labels.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(names = "--objects", paramLabel = "FILE", description = "A manifest with objects that the modes read, such as an ENIConfig.")
  private List<Path> objects = new ArrayList<>();

  @Option(names = "--host-network-pods", paramLabel = "NUMBER", defaultValue = "2",
      description = "The pods that need no address: those of the host's network. Unless named: ${DEFAULT-VALUE}, kube-proxy and the"
          + " daemon.")
  private int hostPods;

  @Option(names = "--cap", description = "Answer at most 110 for types of 30 vCPUs or fewer, and 250 for others, as Kubernetes recommends.")
  private boolean cap;

  @ArgGroup
  private Form form = new Form();

  /** Of which types it is said. */
  static final class Which {
    @Option(names = "--instance-type", paramLabel = "TYPE", required = true, description = "The instance type: m5.large, say.")
    private @Nullable String type;

    @Option(names = "--all", required = true, description = "A table of all types.")
    private boolean all;
  }

  /** How it is said. */
  static final class Form {
    @Option(names = "--number", description = "Print the number alone.")
    private boolean number;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;
  }

  /** What an instance type can carry, or why it is not known. */
  private sealed interface Said {
    InstanceTypeRecord type();

    record Known(InstanceTypeRecord type, MaxPods pods) implements Said {}

    record Refused(InstanceTypeRecord type, Finding why) implements Said {}
  }

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public MaxPodsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (hostPods < 0) {
      throw new CommandException("--host-network-pods is " + hostPods + ", and can't be less than 0.", "Leave it out for 2.");
    }
    List<InstanceTypeRecord> types = types();
    Configuration configuration = configuration();
    ChosenModes modes = modes(configuration);
    Set<ObjectKind> kinds = new HashSet<>();
    modes.composition().modes().forEach(m -> kinds.addAll(m.descriptor().nodeReads()));
    List<ObjectRecord> given = GivenObjects.read(objects, kinds);
    ImaginedNode node = new ImaginedNode(modes.composition(), labels, given, DatapathSettings.of(configuration));
    List<Said> said = types.stream().map(type -> said(node, type, modes, configuration)).toList();
    return which.all ? table(said) : one(said.getFirst(), modes);
  }

  private List<InstanceTypeRecord> types() {
    if (which.all) {
      return PublishedTypes.all();
    }
    String name = String.valueOf(which.type);
    return List.of(new PublishedTypes().find(name).orElseThrow(() -> new CommandException("The limits of the instance type \"" + name
        + "\" are not known.", "Check the spelling; `patchbay max-pods --all` lists the types that are.")));
  }

  private Configuration configuration() {
    try {
      return config != null ? ConfigurationFile.read(config.toAbsolutePath(), context.environment()).forNode(labels)
          : ConfigurationFile.parse(context.launch().home().resolve("usual.yaml"), usual().getBytes(StandardCharsets.UTF_8), Map.of())
              .forNode(labels);
    } catch (ConfigurationException e) {
      throw new CommandException(String.valueOf(e.getMessage()), "");
    }
  }

  /** A configuration that chooses the usual mode of this installation. */
  private String usual() {
    Path folder = context.launch().home().resolve("modes");
    try (Stream<Path> files = Files.list(folder)) {
      return context.launch().loadModes(files.sorted().map(file -> new ModuleFile(file, Optional.empty())).toList()).loaded().stream()
          .filter(mode -> mode.provider().descriptor().usual()).findFirst()
          .map(mode -> "modules:\n  - file: \"" + mode.file() + "\"\nmodes:\n  - use: " + mode.id() + "\n")
          .orElseThrow(() -> new CommandException("No mode in " + folder + " is the usual one.", "Name a configuration with --config."));
    } catch (IOException e) {
      throw new CommandException("The folder " + folder + " can't be read: " + e.getMessage() + ".",
          "Name a configuration with --config.");
    }
  }

  private ChosenModes modes(Configuration configuration) {
    try {
      return ChosenModes.of(configuration, context.launch());
    } catch (ConfigurationException e) {
      throw new CommandException(String.valueOf(e.getMessage()), "");
    }
  }

  private Said said(ImaginedNode node, InstanceTypeRecord type, ChosenModes modes, Configuration configuration) {
    Answer<NodePlan> answer;
    try {
      answer = node.plan(type);
    } catch (InvalidPlanException e) {
      throw new CommandException("The modes " + modes.composition() + " plan what the SPI does not allow: a mode " + e.getMessage() + ".",
          "This is a defect of the mode: report it to its maker.");
    }
    return switch (answer) {
      case Answer.Planned<NodePlan> planned -> new Said.Known(type,
          MaxPods.of(planned.value(), type, modes.composition().families(), hostPods, cap, configuration.node().maxPods()));
      case Answer.Wait<NodePlan> wait -> new Said.Refused(type, needed(wait));
      case Answer.Refuse<NodePlan> refuse -> new Said.Refused(type, refuse.reason());
      case Answer.Pass<NodePlan> _ -> throw new IllegalStateException("a plan of the node is never passed over");
    };
  }

  /** Here there is no API server to wait for. */
  private static Finding needed(Answer.Wait<NodePlan> wait) {
    return Finding.of(wait.reason().code(), wait.reason().cause(), "Name a manifest that has it with --objects.");
  }

  private int one(Said said, ChosenModes modes) {
    return switch (said) {
      case Said.Refused refused -> throw new CommandException(modes.composition().modes().stream().map(ModeInstance::id)
          .collect(Collectors.joining(", ")) + " on " + refused.type().name() + ": " + refused.why().cause(), refused.why().remedy());
      case Said.Known known -> {
        if (form.number) {
          context.out().println(known.pods().number().orElseThrow(() -> new CommandException("There is no number: "
              + known.pods().formula() + ".", "Use --cap for the number that Kubernetes recommends.")));
        } else if (form.json) {
          context.json(json(known, modes));
        } else {
          known.pods().lines().forEach(context.out()::println);
        }
        yield 0;
      }
    };
  }

  private int table(List<Said> said) {
    if (form.json) {
      Map<String, Object> all = new LinkedHashMap<>();
      for (Said each : said) {
        all.put(each.type().name(), switch (each) {
          case Said.Known known -> known.pods().number().isPresent() ? known.pods().number().getAsInt() : null;
          case Said.Refused _ -> null;
        });
      }
      context.json(all);
      return 0;
    }
    int width = said.stream().mapToInt(s -> s.type().name().length()).max().orElse(0);
    for (Said each : said.stream().sorted(java.util.Comparator.comparing(s -> s.type().name())).toList()) {
      String number = switch (each) {
        case Said.Known known -> known.pods().number().isPresent() ? "" + known.pods().number().getAsInt() : "-";
        case Said.Refused refused -> "-  " + refused.why().code();
      };
      context.out().println(form.number ? each.type().name() + " " + number
          : each.type().name() + " ".repeat(width - each.type().name().length() + 2) + number);
    }
    return 0;
  }

  private static Map<String, Object> json(Said.Known known, ChosenModes modes) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("instanceType", known.type().name());
    json.put("modes", modes.composition().modes().stream().map(ModeInstance::label).toList());
    json.putAll(known.pods().json());
    return json;
  }
}
