package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.config.ConfigurationFile;
import dev.patchbay.core.needs.IamPolicy;
import dev.patchbay.core.needs.RbacRules;
import dev.patchbay.core.needs.Side;
import dev.patchbay.core.needs.SideNeeds;
import dev.patchbay.spi.ModeDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what Patchbay must be allowed, and has. */
@Command(name = "permissions", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Prints what the modes of a configuration must be allowed.",
    description = "Shows the least that Patchbay must be allowed with the modes chosen: the IAM policy, the RBAC rules; and what it"
        + " needs of the API server's definitions and of the kernel.",
    footer = {"", "patchbay permissions --iam > policy.json            for aws iam put-role-policy",
        "patchbay permissions --crds | kubectl apply -f -", "patchbay permissions --rbac | kubectl apply -f -", "",
        "Exit codes: 0 it is printed, 1 the modes can't be known, 2 wrong usage."})
public final class PermissionsCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(names = "--config", paramLabel = "FILE",
      description = "A configuration: the modes that it chooses for any node. Unless named: what PATCHBAY_CONFIG names, or "
          + "/etc/patchbay/patchbay.yaml, or else all modes of the installation.")
  private @Nullable Path config;

  @ArgGroup
  private Output output = new Output();

  @Option(names = "--side", paramLabel = "SIDE", description = "node (the daemon; unless named) or cluster (the controller).")
  private Side side = Side.NODE;

  @Option(names = "--partition", paramLabel = "NAME", defaultValue = IamPolicy.AWS,
      description = "The partition of resources in the policy: aws, aws-cn, aws-us-gov. Unless named: ${DEFAULT-VALUE}.")
  private String partition = IamPolicy.AWS;

  @Option(names = "--namespace", paramLabel = "NAME", defaultValue = "kube-system",
      description = "The namespace of the service account. Unless named: ${DEFAULT-VALUE}.")
  private String namespace = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** What is printed alone. */
  static final class Output {
    @Option(names = "--iam", description = "Print the IAM policy of one side, as JSON.")
    private boolean iam;

    @Option(names = "--crds", description = "Print the definitions of the objects that modes read, of both sides, as YAML.")
    private boolean crds;

    @Option(names = "--rbac", description = "Print the service account, role and binding of one side, as YAML.")
    private boolean rbac;
  }

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public PermissionsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    ChosenModules chosen = modes();
    Map<String, ModeDescriptor> modes = chosen.descriptors();
    List<ModeDefinition> definitions = ModeDefinition.of(chosen.modes().values());
    if (output.crds) {
      crds(definitions);
    } else if (output.iam) {
      context.json(policy(SideNeeds.of(side, modes)).json());
    } else if (output.rbac) {
      rbac(SideNeeds.of(side, modes));
    } else if (json) {
      Map<String, Object> both = new LinkedHashMap<>();
      for (Side each : Side.values()) {
        both.put(each.word(), json(SideNeeds.of(each, modes)));
      }
      both.put("crds", definitions.stream().map(ModeDefinition::object).toList());
      context.json(both);
    } else {
      for (Side each : Side.values()) {
        print(SideNeeds.of(each, modes));
      }
      if (!definitions.isEmpty()) {
        context.out().println("The API server");
        SortedMap<String, SortedSet<String>> named = new TreeMap<>();
        definitions.forEach(d -> named.computeIfAbsent(d.name(), name -> new TreeSet<>()).add(d.mode()));
        print("definitions of objects", named);
      }
    }
    return 0;
  }

  private void crds(List<ModeDefinition> definitions) {
    if (json) {
      context.json(list(definitions.stream().map(ModeDefinition::object).toList()));
      return;
    }
    // As the mode's maker wrote it, with what is said there.
    definitions.forEach(definition -> context.out().print(definition.text()));
  }

  private static Map<String, Object> list(List<Map<String, Object>> items) {
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("apiVersion", "v1");
    list.put("kind", "List");
    list.put("items", items);
    return list;
  }

  private ChosenModules modes() {
    Path usual = ConfigurationFile.usual(context.environment());
    if (config != null) {
      return ChosenModules.ofConfiguration(context, config);
    }
    boolean named = !context.environment().getOrDefault("PATCHBAY_CONFIG", "").isEmpty();
    return named || Files.exists(usual) ? ChosenModules.ofConfiguration(context, usual) : ChosenModules.ofInstallation(context);
  }

  private IamPolicy policy(SideNeeds needs) {
    return IamPolicy.allowing(needs.actions().keySet(), partition);
  }

  private List<Map<String, Object>> manifests(SideNeeds needs) {
    return RbacRules.granting(needs.grants().keySet()).manifests("patchbay-" + needs.side().word(), namespace);
  }

  private void rbac(SideNeeds needs) {
    List<Map<String, Object>> objects = manifests(needs);
    if (json) {
      context.json(list(objects));
      return;
    }
    DumpSettings settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setExplicitStart(true)
        .setDereferenceAliases(true).build();
    for (Map<String, Object> object : objects) {
      context.out().print(new Dump(settings).dumpToString(object));
    }
  }

  private Map<String, Object> json(SideNeeds needs) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("actions", lists(needs.actions()));
    map.put("rules", lists(needs.grants()));
    map.put("kernelFeatures", lists(needs.kernelFeatures()));
    map.put("sysctls", lists(needs.sysctls()));
    map.put("iam", policy(needs).json());
    map.put("rbac", manifests(needs));
    return map;
  }

  private static Map<String, Object> lists(SortedMap<?, SortedSet<String>> needs) {
    Map<String, Object> lists = new LinkedHashMap<>();
    needs.forEach((need, who) -> lists.put(need.toString(), List.copyOf(who)));
    return lists;
  }

  private void print(SideNeeds needs) {
    if (needs.actions().isEmpty() && needs.grants().isEmpty()) {
      return;
    }
    context.out().println(switch (needs.side()) {
      case NODE -> "The daemon on each node";
      case CLUSTER -> "The controller of the cluster";
    });
    print("EC2 actions", needs.actions());
    print("objects of the API server", byResource(needs.grants()));
    print("features of the kernel", needs.kernelFeatures());
    print("sysctls", needs.sysctls());
  }

  private static SortedMap<String, SortedSet<String>> byResource(SortedMap<SideNeeds.Grant, SortedSet<String>> grants) {
    SortedMap<String, SortedSet<String>> lines = new TreeMap<>();
    List<SideNeeds.Grant> all = new ArrayList<>(grants.keySet());
    for (RbacRules.Rule rule : RbacRules.granting(all).rules()) {
      for (String resource : rule.resources()) {
        SortedSet<String> who = new TreeSet<>();
        grants.forEach((grant, of) -> {
          if (grant.resource().equals(resource) && grant.kind().group().equals(rule.group())) {
            who.addAll(of);
          }
        });
        lines.put(resource + (rule.group().isEmpty() ? "" : "." + rule.group()) + ": " + String.join(", ", rule.verbs()), who);
      }
    }
    return lines;
  }

  private void print(String title, SortedMap<?, SortedSet<String>> needs) {
    if (!needs.isEmpty()) {
      context.out().println("  " + title);
      int width = needs.keySet().stream().mapToInt(need -> need.toString().length()).max().orElse(0);
      needs.forEach((need, who) ->
          context.out().println("    " + need + " ".repeat(width - need.toString().length()) + "  " + String.join(", ", who)));
    }
  }
}
