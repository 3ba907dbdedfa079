package dev.patchbay.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.NodeDaemon;
import dev.patchbay.lab.fabric.NetworkNamespace.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Holds live nodes against the invariants, as {@code patchbay audit} does. */
public final class Audit {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Audit() {}

  /**
   * Waits until the daemon of a node has looked at everything and found nothing. What must hold at every instant is never waited for.
   */
  public static void await(LabNode node) {
    List<String> last = new ArrayList<>();
    try {
      Until.holds("an audit of " + node.name() + " finds nothing", () -> {
        last.clear();
        last.addAll(look(node));
        return last.isEmpty();
      });
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + ": " + String.join("\n  ", last), late);
    }
  }

  /** What one look finds, or could not see. */
  private static List<String> look(LabNode node) {
    Optional<NodeDaemon.Answer> answer = node.daemon().get("/v1/audit").filter(NodeDaemon.Answer::ok);
    if (answer.isEmpty()) {
      return List.of("the daemon gives no answer");
    }
    JsonNode audit = parsed(answer.get().body());
    TreeSet<String> always = new TreeSet<>();
    audit.path("invariants").forEach(i -> {
      if (i.path("holds").asText().equals("always")) {
        always.add(i.path("name").asText());
      }
    });
    assertThat(always).as("invariants that hold at every instant").isNotEmpty();
    List<String> found = new ArrayList<>();
    audit.path("breaches").forEach(b -> {
      assertThat(always).as("at no instant: " + b).doesNotContain(b.path("invariant").asText());
      found.add(b.toString());
    });
    audit.path("unseen").properties().forEach(u -> found.add("not looked at: " + u));
    return found;
  }

  /** Runs the command itself on every node. */
  public static void all(Lab lab) {
    for (LabNode node : lab.nodes()) {
      Outcome outcome = node.patchbay("audit", "--json", "--wait", String.valueOf(Until.LONG.toSeconds()));
      assertThat(outcome.exit()).as("patchbay audit on %s: %s%s", node.name(), outcome.output(), outcome.errors()).isZero();
      assertThat(parsed(outcome.output()).path("well").asBoolean()).isTrue();
    }
  }

  private static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException wrong) {
      throw new AssertionError("no JSON: " + text, wrong);
    }
  }
}
