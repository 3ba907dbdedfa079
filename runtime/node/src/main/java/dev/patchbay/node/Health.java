package dev.patchbay.node;

import dev.patchbay.core.brain.BrainCodes;
import dev.patchbay.core.brain.Report;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether the daemon lives, and whether it is ready.
 *
 * <p>It lives while its brain answers: where it does not, a restart helps, since the next process goes on from the ledger. It is ready
 * while an ADD can succeed on this node: the CNI configuration is written, the node's own datapath is there, and the ledger can be
 * written. A node that merely has no free address is ready: that is no trouble of the daemon's, and STATUS tells the container runtime.
 */
final class Health {
  /** Findings in whose presence no ADD can succeed. */
  private static final Set<Code> FATAL = Set.of(BrainCodes.LEDGER_UNWRITABLE, BrainCodes.NODE_DATAPATH);

  private final Supplier<Report> report;
  private final BooleanSupplier open;

  /**
   * Makes it.
   *
   * @param report gives the state
   * @param open says whether the CNI configuration is written
   */
  Health(Supplier<Report> report, BooleanSupplier open) {
    this.report = report;
    this.open = open;
  }

  /**
   * An answer.
   *
   * @param good whether all is well
   * @param body what to say, as values of JSON
   */
  record State(boolean good, Map<String, Object> body) {
    int status() {
      return good ? 200 : 503;
    }
  }

  /** Whether the daemon lives; blocks until the brain answers, some seconds at most. */
  State live() {
    Map<String, Object> body = new LinkedHashMap<>();
    try {
      Report now = report.get();
      body.put("status", "ok");
      body.put("waiting", now.waiting().size());
      return new State(true, body);
    } catch (RuntimeException e) {
      body.put("status", "the brain gives no answer");
      body.put("remedy", "Restart the daemon; pods that run are not touched, and the ledger says how to go on.");
      return new State(false, body);
    }
  }

  /** Whether an ADD can succeed; blocks like {@link #live}. */
  State ready() {
    Map<String, Object> body = new LinkedHashMap<>();
    Report now;
    try {
      now = report.get();
    } catch (RuntimeException e) {
      body.put("serving", false);
      body.put("reasons", List.of(Map.of("cause", "The brain gives no answer.", "remedy", "See /healthz.")));
      return new State(false, body);
    }
    List<Finding> fatal = now.findings().stream().filter(finding -> FATAL.contains(finding.code())).toList();
    boolean serving = now.serving() && open.getAsBoolean();
    boolean ready = serving && fatal.isEmpty();
    body.put("serving", ready);
    if (!ready) {
      // Before the node serves, whatever was found may be why.
      body.put("reasons", (serving ? fatal : now.findings()).stream().map(ReportJson::finding).toList());
    }
    return new State(ready, body);
  }
}
