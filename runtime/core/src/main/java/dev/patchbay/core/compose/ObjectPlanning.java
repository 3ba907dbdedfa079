package dev.patchbay.core.compose;

import dev.patchbay.core.view.AttachmentSnapshot;
import dev.patchbay.core.view.NodeSnapshot;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks modes what the API server and the operator should see. Pure; runs on a planner's thread. */
public final class ObjectPlanning {
  private ObjectPlanning() {}

  /**
   * {@return the modes that say something on objects}
   * @param composition the modes
   */
  public static List<ModeInstance> speakers(Composition composition) {
    return composition.modes().stream().filter(m -> m.mode().objectPlanner().isPresent()).toList();
  }

  /**
   * Asks what should be seen of the node.
   *
   * @param composition the modes
   * @param circumstances whom there is to ask
   * @param node the node
   * @param inquiry who asks
   * @return the answers by the modes' ids; a mode that is set aside says nothing
   */
  public static Map<String, Answer<ObjectPlan>> node(Composition composition, Circumstances circumstances, NodeSnapshot node,
      Inquiry inquiry) {
    Map<String, Answer<ObjectPlan>> answers = new LinkedHashMap<>();
    for (ModeInstance mode : speakers(composition)) {
      if (!circumstances.isAside(mode)) {
        answers.put(mode.id(), inquiry.ask(mode, node, (m, n) -> m.objectPlanner().orElseThrow().node(n)));
      }
    }
    return answers;
  }

  /**
   * Asks what should be seen of an attachment that is complete.
   *
   * @param composition the modes
   * @param circumstances whom there is to ask
   * @param attachment the attachment
   * @param inquiry who asks
   * @return the answers by the modes' ids; a mode that is set aside says nothing
   */
  public static Map<String, Answer<ObjectPlan>> attachment(Composition composition, Circumstances circumstances,
      AttachmentSnapshot attachment, Inquiry inquiry) {
    Map<String, Answer<ObjectPlan>> answers = new LinkedHashMap<>();
    for (ModeInstance mode : speakers(composition)) {
      if (!circumstances.isAside(mode)) {
        answers.put(mode.id(), inquiry.ask(mode, attachment, (m, a) -> m.objectPlanner().orElseThrow().attachment(a)));
      }
    }
    return answers;
  }
}
