package dev.patchbay.node.preflight;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudClient;
import dev.patchbay.core.cloud.CloudException;
import dev.patchbay.core.needs.IamPolicy;
import dev.patchbay.core.needs.PolicyRefusals;
import dev.patchbay.core.needs.SideNeeds;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * EC2's part: whether the policy of the node's role allows each action that is needed. Calls that are made anyway tell most of it: an
 * action that has succeeded is allowed, and one that is refused is not, until it succeeds. The others are asked for by dry runs, where
 * the action has one. For any thread.
 */
final class CloudCheck {
  private enum Known {
    ALLOWED,
    DENIED_BY_DRY_RUN,
    REFUSED
  }

  private final SideNeeds needs;
  private final Board board;
  private final Map<String, Known> known = new TreeMap<>();
  private String region = "";

  CloudCheck(SideNeeds needs, Board board) {
    this.needs = needs;
    this.board = board;
  }

  /** EC2 was called. */
  synchronized void called(String action, CloudAnswer answer) {
    Known before = known.get(action);
    if (!(answer instanceof CloudAnswer.Failed failed)) {
      known.put(action, Known.ALLOWED);
    } else if (PolicyRefusals.isOne(failed)) {
      known.put(action, Known.REFUSED);
    }
    if (known.get(action) != before) {
      show();
    }
  }

  /**
   * Asks for the actions of which nothing is known. Blocks.
   *
   * @return whether one is missing, so that it is worth asking again
   */
  boolean ask(CloudClient client) {
    List<String> unknown;
    synchronized (this) {
      unknown = needs.actions().keySet().stream()
          .filter(action -> known.getOrDefault(action, Known.DENIED_BY_DRY_RUN) == Known.DENIED_BY_DRY_RUN).toList();
    }
    if (!unknown.isEmpty()) {
      List<String> denied = client.denied(unknown);
      learn(unknown, denied, region(client));
    }
    synchronized (this) {
      return known.values().stream().anyMatch(state -> state != Known.ALLOWED);
    }
  }

  private synchronized void learn(List<String> unknown, List<String> denied, String where) {
    region = where;
    for (String action : unknown) {
      // What a call told meanwhile counts for more.
      if (denied.contains(action)) {
        known.putIfAbsent(action, Known.DENIED_BY_DRY_RUN);
      } else {
        known.remove(action, Known.DENIED_BY_DRY_RUN);
      }
    }
    show();
  }

  private static String region(CloudClient client) {
    try {
      return client.metadata().identity().region();
    } catch (CloudException e) {
      return "";
    }
  }

  private void show() {
    Map<String, Finding> missing = new LinkedHashMap<>();
    known.forEach((action, state) -> {
      if (state != Known.ALLOWED) {
        missing.put(action, Finding.of(Codes.CLOUD_DENIED,
            "The policy of the node's role does not allow ec2:" + action + "; "
                + Who.needs(needs.actions().getOrDefault(action, new TreeSet<>())) + " it.",
            "Add this statement to the policy: " + IamPolicy.statement(action, IamPolicy.partition(region))
                + " `patchbay permissions --iam` prints the whole policy.").about("ec2:" + action));
      }
    });
    board.show(missing);
  }
}
