package dev.patchbay.core.brain;

import dev.patchbay.core.compose.AttachmentPlanning;
import dev.patchbay.core.compose.Composition;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.compose.NodePlan;
import dev.patchbay.core.compose.NodePlanning;
import dev.patchbay.core.view.AttachmentSnapshot;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.view.NodeView;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A question to planners, as a value that any thread can carry out. What planners throw goes through to whoever runs it.
 */
public sealed interface PlanWork {
  /**
   * {@return what the planners answered}
   */
  Outcome run();

  /**
   * {@return the modes that are asked, for whoever must say which one failed}
   */
  List<ModeInstance> modes();

  /** What planners answered. */
  sealed interface Outcome {
    /**
     * The node's plan.
     *
     * @param answer the answer
     */
    record OfNode(Answer<NodePlan> answer) implements Outcome {}

    /**
     * What an attachment should hold.
     *
     * @param answer the answer
     */
    record OfDraft(Answer<AttachmentPlanning.Draft> answer) implements Outcome {}

    /**
     * What an attachment's datapath should be.
     *
     * @param answer the answer
     */
    record OfDatapath(Answer<DatapathPlan> answer) implements Outcome {}
  }

  /**
   * Plans the node.
   *
   * @param composition the modes
   * @param node the node
   */
  record Node(Composition composition, NodeView node) implements PlanWork {
    @Override
    public Outcome run() {
      return new Outcome.OfNode(NodePlanning.plan(composition, node));
    }

    @Override
    public List<ModeInstance> modes() {
      return composition.modes();
    }
  }

  /**
   * Finds out what an attachment should hold.
   *
   * @param composition the modes
   * @param plan the node's plan
   * @param attachment the attachment
   */
  record Draft(Composition composition, NodePlan plan, AttachmentSnapshot attachment) implements PlanWork {
    @Override
    public Outcome run() {
      return new Outcome.OfDraft(AttachmentPlanning.draft(composition, plan, attachment));
    }

    @Override
    public List<ModeInstance> modes() {
      return composition.modes();
    }
  }

  /**
   * Plans an attachment's datapath.
   *
   * @param modes the modes that share the attachment; what two of them want alike is made once
   * @param attachment the attachment with its addresses
   */
  record Datapath(List<ModeInstance> modes, AttachmentSnapshot attachment) implements PlanWork {
    @Override
    public Outcome run() {
      Set<PlanElement> elements = new LinkedHashSet<>();
      for (ModeInstance mode : modes) {
        Answer<DatapathPlan> answer = mode.mode().datapathPlanner().orElseThrow().attachment(attachment);
        switch (answer) {
          case Answer.Planned<DatapathPlan> p -> elements.addAll(p.value().elements());
          case Answer.Pass<DatapathPlan> _ -> {}
          case Answer.Wait<DatapathPlan> _, Answer.Refuse<DatapathPlan> _ -> {
            return new Outcome.OfDatapath(answer);
          }
        }
      }
      return new Outcome.OfDatapath(Answer.of(DatapathPlan.of(List.copyOf(elements))));
    }
  }
}
