package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.cli.daemon.Target;
import dev.patchbay.cli.files.NodeFiles;
import dev.patchbay.cli.files.Removal;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.view.NodeFactsFields;
import dev.patchbay.spi.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes Patchbay off this node. */
@Command(name = "uninstall", mixinStandardHelpOptions = true, sortOptions = false, header = "Takes Patchbay off this node.",
    description = "Takes Patchbay off this node, once its daemon has ended: the CNI configuration first, so that the container runtime sends "
        + "no more pods, then the executable, what is Patchbay's in the kernel, notes and ledger. Interfaces in EC2 are named and left.",
    footer = {"", "Exit codes: 0 it is off this node, 1 it was refused or something is left, 2 wrong usage."})
public final class UninstallCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin
  private Target target = new Target();

  @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
  private boolean dryRun;

  @Option(names = "--leave-pods", description = "Go on although pods are attached: they keep their network, and what they need for it stays "
      + "(the executable, the node's part in the kernel, the ledger) until this is run again without them.")
  private boolean leavePods;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public UninstallCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Target.Node node = target.careful(context);
    if (!node.written()) {
      context.err().println("There is no configuration at " + node.file() + "; looking where everything is by default.");
    }
    try (Removal removal = Removal.of(node.configuration())) {
      List<AttachmentRecord> running = removal.running();
      if (!running.isEmpty() && !leavePods && !dryRun) {
        throw new CommandException(count(running.size()) + " attached: " + names(running) + ".", "Drain the node first (`kubectl drain`), or "
            + "say --leave-pods to let them keep their network. Nothing was changed.");
      }
      List<String> plan = dryRun ? removal.plan(leavePods ? running : List.of()) : List.of();
      if (!dryRun) {
        removal.run(running);
      }
      if (json) {
        context.json(json(removal, running, plan));
      } else {
        print(removal, running, plan);
      }
      boolean refused = dryRun && !running.isEmpty() && !leavePods;
      return refused || !running.isEmpty() || !removal.left().isEmpty() ? 1 : 0;
    }
  }

  private static String count(int pods) {
    return pods == 1 ? "1 pod is" : pods + " pods are";
  }

  private static String names(List<AttachmentRecord> pods) {
    int most = 20;
    return pods.stream().limit(most).map(AttachmentRecord::pod).collect(Collectors.joining(", "))
        + (pods.size() > most ? " and " + (pods.size() - most) + " more" : "");
  }

  private void print(Removal removal, List<AttachmentRecord> running, List<String> plan) {
    if (dryRun) {
      if (!running.isEmpty() && !leavePods) {
        context.out().println("It would be refused: " + count(running.size()) + " attached: " + names(running)
            + ". Without them, or when they are gone:");
      }
      plan.forEach(p -> context.out().println("would remove " + p));
      if (plan.isEmpty()) {
        context.out().println("There is nothing to remove.");
      }
    } else {
      removal.done().forEach(d -> context.out().println("removed " + d));
      if (removal.done().isEmpty() && removal.left().isEmpty() && running.isEmpty()) {
        context.out().println("Nothing of Patchbay was on this node.");
      }
      removal.left().forEach(l -> context.out().println("left: " + l));
      if (!running.isEmpty()) {
        context.out().println(count(running.size()) + " still attached, and what they need stays: " + names(running)
            + ". Run this again when they are gone.");
      }
    }
    cloud(removal.files());
  }

  private void cloud(NodeFiles files) {
    Map<String, String> made = files.made();
    Map<String, List<String>> assigned = files.assigned();
    if (made.isEmpty() && assigned.isEmpty()) {
      return;
    }
    context.out().println();
    context.out().println("In EC2 there " + (dryRun ? "would be left" : "is left") + " what Patchbay made; it goes when the instance is terminated:");
    made.forEach((eni, lane) -> context.out().println("  " + eni + " of lane " + lane));
    assigned.forEach((eni, units) -> context.out().println("  on " + eni + ": " + String.join(" ", units)));
    if (!made.isEmpty()) {
      context.out().println("To give an interface back before that: `aws ec2 detach-network-interface`, then `aws ec2 delete-network-interface`."
          + " All of them have the tag node.k8s.amazonaws.com/instance_id=" + instance(files) + ".");
    }
  }

  private static String instance(NodeFiles files) {
    Fields seen = files.ledger().ledger().seen();
    return seen.values().isEmpty() ? "INSTANCE" : NodeFactsFields.read(seen).identity().instanceId();
  }

  private Map<String, Object> json(Removal removal, List<AttachmentRecord> running, List<String> plan) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("dryRun", dryRun);
    json.put("attached", running.stream().map(AttachmentRecord::pod).toList());
    json.put("wouldRemove", plan);
    json.put("removed", removal.done());
    json.put("left", removal.left());
    json.put("enis", List.copyOf(removal.files().made().keySet()));
    json.put("addresses", removal.files().assigned());
    return json;
  }
}
