package dev.patchbay.core.brain;

import dev.patchbay.core.compose.AttachmentPlanning;
import dev.patchbay.core.compose.Circumstances;
import dev.patchbay.core.compose.Composition;
import dev.patchbay.core.compose.Inquiry;
import dev.patchbay.core.compose.KeptPlan;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.compose.NodePlan;
import dev.patchbay.core.compose.NodePlanning;
import dev.patchbay.core.compose.ObjectPlanning;
import dev.patchbay.core.view.AttachmentSnapshot;
import dev.patchbay.core.view.NodeSnapshot;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A question to planners, as a value that any thread can carry out. What planners throw goes through to whoever runs it.
 */
public sealed interface PlanWork {
  /**
   * Asks.
   *
   * @param inquiry who asks; says afterwards, or meanwhile, which mode was asked last
   * @return what the planners answered
   */
  Outcome run(Inquiry inquiry);

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

    /**
     * Which further interfaces a pod gets.
     *
     * @param answer the answer
     */
    record OfExtras(Answer<List<AttachmentPlanning.Extra>> answer) implements Outcome {}

    /**
     * What objects should hold.
     *
     * @param answers the answers by the modes' ids
     */
    record OfObjects(Map<String, Answer<ObjectPlan>> answers) implements Outcome {
      /**
       * Copies the map.
       */
      public OfObjects {
        answers = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(answers));
      }
    }
  }

  /**
   * Plans the node.
   *
   * @param composition the modes
   * @param node the node
   * @param circumstances whom there is to ask
   * @param before what modes planned when they were last able to
   * @param holding the ids of the modes that planned attachments which are there
   */
  record Node(Composition composition, NodeSnapshot node, Circumstances circumstances, KeptPlan before, Set<String> holding)
      implements PlanWork {
    @Override
    public Outcome run(Inquiry inquiry) {
      return new Outcome.OfNode(NodePlanning.plan(composition, node, circumstances, before, holding, inquiry));
    }
  }

  /**
   * Finds out what a pod's first attachment should hold.
   *
   * @param composition the modes
   * @param plan the node's plan
   * @param circumstances whom there is to ask
   * @param attachment the attachment
   */
  record Draft(Composition composition, NodePlan plan, Circumstances circumstances, AttachmentSnapshot attachment)
      implements PlanWork {
    @Override
    public Outcome run(Inquiry inquiry) {
      return new Outcome.OfDraft(AttachmentPlanning.draft(composition, plan, circumstances, attachment, inquiry));
    }
  }

  /**
   * Asks which further interfaces a pod gets.
   *
   * @param composition the modes
   * @param circumstances whom there is to ask
   * @param first the pod's first attachment, with its addresses
   */
  record Extras(Composition composition, Circumstances circumstances, AttachmentSnapshot first) implements PlanWork {
    @Override
    public Outcome run(Inquiry inquiry) {
      return new Outcome.OfExtras(AttachmentPlanning.extras(composition, circumstances, first, inquiry));
    }
  }

  /**
   * Finds out what a further interface should hold.
   *
   * @param composition the modes
   * @param plan the node's plan
   * @param circumstances whom there is to ask
   * @param mode the mode that adds it
   * @param attachment the attachment
   */
  record ExtraDraft(Composition composition, NodePlan plan, Circumstances circumstances, ModeInstance mode,
      AttachmentSnapshot attachment) implements PlanWork {
    @Override
    public Outcome run(Inquiry inquiry) {
      return new Outcome.OfDraft(AttachmentPlanning.draftExtra(composition, plan, circumstances, mode, attachment, inquiry));
    }
  }

  /**
   * Plans an attachment's datapath.
   *
   * @param modes the modes that share the attachment
   * @param circumstances whom there is to ask
   * @param attachment the attachment with its addresses
   */
  record Datapath(List<ModeInstance> modes, Circumstances circumstances, AttachmentSnapshot attachment) implements PlanWork {
    /**
     * Copies the list.
     */
    public Datapath {
      modes = List.copyOf(modes);
    }

    @Override
    public Outcome run(Inquiry inquiry) {
      return new Outcome.OfDatapath(AttachmentPlanning.datapath(modes, circumstances, attachment, inquiry));
    }
  }

  /**
   * Plans the datapath of a live attachment again, if all its modes declare that safe.
   *
   * @param modes the modes that share the attachment
   * @param circumstances whom there is to ask
   * @param attachment the attachment as it is
   */
  record Again(List<ModeInstance> modes, Circumstances circumstances, AttachmentSnapshot attachment) implements PlanWork {
    /**
     * Copies the list.
     */
    public Again {
      modes = List.copyOf(modes);
    }

    @Override
    public Outcome run(Inquiry inquiry) {
      boolean safe = modes.stream().noneMatch(circumstances::isAside)
          && modes.stream().allMatch(mode -> inquiry.ask(mode, m -> m.datapathPlanner().orElseThrow().replansLiveAttachments()));
      return new Outcome.OfDatapath(
          safe ? AttachmentPlanning.datapath(modes, circumstances, attachment, inquiry) : Answer.pass());
    }
  }

  /**
   * Asks what should be seen of the node.
   *
   * @param composition the modes
   * @param circumstances whom there is to ask
   * @param node the node
   */
  record NodeObjects(Composition composition, Circumstances circumstances, NodeSnapshot node) implements PlanWork {
    @Override
    public Outcome run(Inquiry inquiry) {
      return new Outcome.OfObjects(ObjectPlanning.node(composition, circumstances, node, inquiry));
    }
  }

  /**
   * Asks what should be seen of an attachment that is complete.
   *
   * @param composition the modes
   * @param circumstances whom there is to ask
   * @param attachment the attachment
   */
  record AttachmentObjects(Composition composition, Circumstances circumstances, AttachmentSnapshot attachment)
      implements PlanWork {
    @Override
    public Outcome run(Inquiry inquiry) {
      return new Outcome.OfObjects(ObjectPlanning.attachment(composition, circumstances, attachment, inquiry));
    }
  }
}
