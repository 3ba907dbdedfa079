package dev.patchbay.core.compose;

import dev.patchbay.core.view.NodeSnapshot;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.net.AddressFamily;
import java.util.List;

/**
 * The nearest configuration that works where a base refuses the node's instance type. A mode knows no other mode, so the runtime asks those
 * that the module files offer whether they would plan this node, and adds to the remedy which of them do.
 */
final class Nearest {
  private Nearest() {}

  /** The same answer; if it refuses the type, with the modes that don't. */
  static Answer<EniPlan> named(Answer<EniPlan> answer, Composition composition, AddressFamily family, NodeSnapshot node) {
    if (!(answer instanceof Answer.Refuse<EniPlan> refused) || !refused.reason().code().equals(Codes.INSTANCE_TYPE_UNSUITABLE)) {
      return answer;
    }
    List<String> willing = composition.otherBases(family).stream().filter(mode -> plans(mode, node))
        .map(mode -> mode.id() + " (" + mode.descriptor().summary() + ")").toList();
    return willing.isEmpty() ? answer : Answer.refuse(refused.reason().code(), refused.reason().cause(), refused.reason().remedy()
        + " Of the modes that the module files offer, there " + (willing.size() == 1 ? "works " : "work ") + String.join(", ", willing)
        + "; an override with a label selector chooses it for these nodes alone.");
  }

  private static boolean plans(ModeInstance mode, NodeSnapshot node) {
    try {
      // Whoever runs the planners must not think that this mode is the one that was asked.
      return new Inquiry().ask(mode, node, (m, n) -> m.eniPlanner().orElseThrow().plan(n)).plan().isPresent();
    } catch (RuntimeException | LinkageError broken) {
      return false;
    }
  }
}
