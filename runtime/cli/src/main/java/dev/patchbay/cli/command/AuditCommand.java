package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.cli.daemon.Daemon;
import dev.patchbay.cli.daemon.Json;
import dev.patchbay.cli.daemon.Target;
import dev.patchbay.cli.words.AuditText;
import dev.patchbay.core.invariants.Breach;
import dev.patchbay.core.invariants.Invariants;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Holds a live node against the invariants. */
@Command(name = "audit", mixinStandardHelpOptions = true, sortOptions = false, header = "Holds this node against what must always be true.",
    description = "Holds this node against what must be true whatever fails: no address with two owners, none lost, nothing promised that is "
        + "not written, kernel, ledger and EC2 of one mind. The daemon looks at all of them; what one look finds and the next does not was a "
        + "step of the work. Nothing is changed.",
    footer = {"", "Exit codes: 0 all was looked at and nothing found, 1 otherwise, 2 wrong usage."})
public final class AuditCommand implements Callable<Integer> {
  private static final long PAUSE_MILLIS = 500;

  private final CommandContext context;

  @Mixin
  private Target target = new Target();

  @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "20", description = "How long to look again while something is found that "
      + "may be a step of the work. Unless named: ${DEFAULT-VALUE}.")
  private int wait;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public AuditCommand(CommandContext context) {
    this.context = context;
  }

  private record Seen(Json body, List<Breach> breaches, Map<String, String> unseen) {}

  @Override
  public Integer call() {
    Daemon daemon = target.lenient(context).requireDaemon();
    long deadline = System.nanoTime() + wait * 1_000_000_000L;
    Seen seen = look(daemon);
    List<Breach> lasting = seen.breaches();
    int looks = 1;
    while (!(lasting.isEmpty() && seen.unseen().isEmpty()) && System.nanoTime() < deadline && pause()) {
      seen = look(daemon);
      lasting = Invariants.lasting(lasting, seen.breaches());
      looks++;
    }
    AuditText text = new AuditText(daemon.where(), seen.body().number("attachments"), seen.body().number("addresses"),
        seen.body().number("interfaces"), looks, lasting, seen.unseen(), seen.body().list("invariants"));
    if (json) {
      context.json(text.json());
    } else {
      text.lines(context.colour()).forEach(context.out()::println);
    }
    return text.isWell() ? 0 : 1;
  }

  private static boolean pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private static Seen look(Daemon daemon) {
    Json body = switch (daemon.get("/v1/audit")) {
      case Daemon.Answer.Given given -> given.body();
      case Daemon.Answer.Refused refused -> throw new CommandException(refused.why(), "Look at the daemon's log.");
      case Daemon.Answer.Strange strange -> throw StatusCommand.strange(strange.why());
      case Daemon.Answer.Away away -> throw new CommandException("No daemon answers, so there is no live node to look at. " + away.why(),
          "Start it, or see `patchbay ledger verify`, which needs no daemon.");
    };
    if (body.list("invariants").isEmpty()) {
      throw StatusCommand.strange("What listens at " + daemon.where() + " gave JSON that is no audit of Patchbay's daemon.");
    }
    List<Breach> breaches = body.list("breaches").stream().map(b -> new Breach(b.text("invariant"), b.text("subject"), b.text("differs"))).toList();
    Map<String, String> unseen = new LinkedHashMap<>();
    body.members("unseen").forEach((side, why) -> unseen.put(side, why.text().orElse("")));
    return new Seen(body, breaches, unseen);
  }
}
