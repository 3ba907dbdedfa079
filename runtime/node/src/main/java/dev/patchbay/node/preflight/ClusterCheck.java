package dev.patchbay.node.preflight;

import dev.patchbay.core.needs.NeedCodes;
import dev.patchbay.core.needs.RbacRules;
import dev.patchbay.core.needs.SideNeeds;
import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.core.objects.ClusterException;
import dev.patchbay.spi.Finding;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The API server's part: whether each verb on objects that is needed is granted, by asking it. */
final class ClusterCheck {
  private final SideNeeds needs;
  private final Board board;

  ClusterCheck(SideNeeds needs, Board board) {
    this.needs = needs;
    this.board = board;
  }

  /**
   * Asks. Blocks.
   *
   * @return whether it is worth asking again: something is missing, or the API server gave no answer
   */
  boolean ask(ClusterClient client) {
    Set<String> lacking;
    try {
      lacking = new HashSet<>(client.lacking(needs.grants().keySet().stream().map(SideNeeds.Grant::rule).toList()));
    } catch (ClusterException e) {
      // That it is not heard its client tells; what was found before may still hold.
      return true;
    }
    Map<String, Finding> missing = new LinkedHashMap<>();
    needs.grants().forEach((grant, who) -> {
      if (lacking.contains(grant.toString())) {
        missing.put(grant.toString(), Finding.of(NeedCodes.RULE_MISSING,
            "The API server does not let Patchbay " + grant + "; " + Who.needs(who) + " it.",
            "Add this rule to the role of its service account: " + RbacRules.granting(List.of(grant)).rules().getFirst()
                + " `patchbay permissions --rbac` prints the whole role.").about(grant.toString()));
      }
    });
    board.show(missing);
    return !missing.isEmpty();
  }
}
