package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.cli.daemon.Daemon;
import dev.patchbay.cli.daemon.Json;
import dev.patchbay.cli.daemon.Target;
import dev.patchbay.cli.files.NodeFiles;
import dev.patchbay.cli.words.AwayText;
import dev.patchbay.cli.words.Report;
import dev.patchbay.cli.words.StatusText;
import dev.patchbay.core.ledger.AttachmentRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the node's state. */
@Command(name = "status", mixinStandardHelpOptions = true, sortOptions = false, header = "Shows whether this node serves pods, or why not.",
    description = "Shows whether this node serves pods or why not: modes, addresses, interfaces, pods, what waits and for what.",
    footer = {"", "Exit codes: 0 it serves and there is nothing to be looked at, 1 otherwise, 2 wrong usage."})
public final class StatusCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin
  private Target target = new Target();

  @Option(names = "--json", description = "Print the daemon's report as JSON.")
  private boolean json;

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public StatusCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Target.Node node = target.lenient(context);
    Daemon daemon = node.requireDaemon();
    return switch (daemon.get("/v1/report")) {
      case Daemon.Answer.Given given -> show(node, given.body());
      case Daemon.Answer.Refused refused -> throw new CommandException(refused.why(), "Look at the daemon's log.");
      case Daemon.Answer.Strange strange -> throw strange(strange.why());
      case Daemon.Answer.Away away -> away(node, away.why());
    };
  }

  /**
   * {@return the failure to be thrown when something else listens where the daemon should}
   * @param why what was wrong
   */
  static CommandException strange(String why) {
    return new CommandException(why, "See what listens there (`ss -ltnp`), and name the daemon's address with --address.");
  }

  private int show(Target.Node node, Json body) {
    Report report = new Report(body);
    if (!report.isOne()) {
      throw strange("What listens at " + node.requireDaemon().where() + " gave JSON that is no report of Patchbay's daemon.");
    }
    if (json) {
      context.json(body.raw());
    } else {
      // Only who asks for this machine's own daemon sees the daemon's files.
      Optional<String> conflist = target.hasAddress() && !target.hasConfig() ? Optional.empty()
          : Optional.of(NodeFiles.read(node.configuration()).conflistWords());
      StatusText.of(report, conflist, context.colour()).forEach(context.out()::println);
    }
    return report.isWell() ? 0 : 1;
  }

  private int away(Target.Node node, String why) {
    if (target.hasAddress() && !target.hasConfig()) {
      // The address may be another machine's: this one's files would say nothing of it.
      throw new CommandException("No daemon answers. " + why, "See that the address is right and its daemon runs.");
    }
    NodeFiles files = NodeFiles.read(node.configuration());
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("serving", false);
      all.put("error", why);
      all.put("files", files.json());
      context.json(all);
    } else {
      List<String> pods = files.attached().stream().map(AttachmentRecord::pod).toList();
      AwayText.of(why, node.file(), new AwayText.Files(files.conflistWords(), pods, files.notes().size(), files.made(), files.inUse(),
          files.ledger().there(), files.ledger().problems()), context.colour()).forEach(context.out()::println);
    }
    return 1;
  }
}
