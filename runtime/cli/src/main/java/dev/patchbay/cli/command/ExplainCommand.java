package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.cli.daemon.Daemon;
import dev.patchbay.cli.daemon.Target;
import dev.patchbay.cli.words.Explainer;
import dev.patchbay.cli.words.Explanation;
import dev.patchbay.cli.words.Report;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Explains one thing of the node. */
@Command(name = "explain", mixinStandardHelpOptions = true, sortOptions = false, header = "Says why a pod, an address, an interface or the node is as it is.",
    description = "Says in plain words why something is as it is: which mode, lane, interface and address a pod has, what there is of it "
        + "in the kernel right now, and what is missing or waits, why, and what to do.",
    footer = {"", "Exit codes: 0 it is there and complete, 1 it is not known, not complete, waits or was refused, 2 wrong usage."})
public final class ExplainCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin
  private Target target = new Target();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Parameters(paramLabel = "POD|ADDRESS|ENI|NODE", arity = "0..1", defaultValue = "node",
      description = "A pod (NAMESPACE/NAME, its name alone, its uid, or its sandbox's id), an IP address, an interface (ENI) by its id or "
          + "hardware address, or node for the node itself, which is explained too if nothing is named.")
  private String subject = "node";

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public ExplainCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Daemon daemon = target.lenient(context).requireDaemon();
    Report report = switch (daemon.get("/v1/report")) {
      case Daemon.Answer.Given given -> new Report(given.body());
      case Daemon.Answer.Refused refused -> throw new CommandException(refused.why(), "Look at the daemon's log.");
      case Daemon.Answer.Strange strange -> throw StatusCommand.strange(strange.why());
      case Daemon.Answer.Away away -> throw new CommandException("No daemon answers. " + away.why(),
          "`patchbay status` says what can be told from files alone, and what to do.");
    };
    if (!report.isOne()) {
      throw StatusCommand.strange("What listens at " + daemon.where() + " gave JSON that is no report of Patchbay's daemon.");
    }
    Explanation explanation = Explainer.of(report, daemon::get, subject.strip(), context.colour() && !json);
    if (json) {
      context.json(explanation.json());
    } else {
      explanation.lines().forEach(context.out()::println);
    }
    return explanation.well() ? 0 : 1;
  }
}
