package dev.patchbay.core.brain;

import dev.patchbay.core.compose.ObjectPlanning;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What modes say on objects, behind the work on pods: of the node whenever its view has changed, of an attachment when it is complete.
 * One question at a time, so that pods' plans never queue behind many of these.
 */
final class Sayings {
  private final Context context;
  private final boolean any;
  private final Map<String, ObjectPlan> said = new HashMap<>();
  private final Deque<AttachmentRecord> complete = new ArrayDeque<>();
  private boolean nodeChanged;
  private boolean asking;

  Sayings(Context context) {
    this.context = context;
    this.any = !ObjectPlanning.speakers(context.composition).isEmpty();
  }

  /** The node's view has changed. */
  void nodeChanged() {
    nodeChanged = any;
    next();
  }

  /** An attachment is complete, or was found so at the start. */
  void complete(AttachmentRecord attachment) {
    if (any) {
      complete.add(attachment);
      next();
    }
  }

  private void next() {
    if (asking || context.facts().isEmpty() || context.plan.lanes().isEmpty()) {
      return;
    }
    if (nodeChanged) {
      nodeChanged = false;
      ask(new PlanWork.NodeObjects(context.composition, context.circumstances(), context.snapshot()), this::ofNode);
      return;
    }
    AttachmentRecord attachment = complete.pollFirst();
    if (attachment != null) {
      ask(new PlanWork.AttachmentObjects(context.composition, context.circumstances(), Views.of(context, attachment)),
          answers -> answers.forEach((mode, answer) -> ofAttachment(attachment, mode, answer)));
    }
  }

  private void ask(PlanWork work, java.util.function.Consumer<Map<String, Answer<ObjectPlan>>> then) {
    asking = true;
    context.ask(token -> new Effect.Plan(token, work), event -> {
      asking = false;
      switch (event) {
        case Event.Planned p -> then.accept(((PlanWork.Outcome.OfObjects) p.outcome()).answers());
        // It is set aside by now, and says nothing for a while.
        case Event.PlannerFailed _ -> {}
        default -> throw Context.unexpected(event);
      }
      next();
    });
  }

  private void ofNode(Map<String, Answer<ObjectPlan>> answers) {
    context.findings.keySet().removeIf(key -> key.startsWith("objects "));
    answers.forEach((mode, answer) -> {
      int n = 0;
      for (Finding finding : findings(answer)) {
        context.findings.put("objects " + mode + " " + n++, finding.subject().isPresent() ? finding : finding.about(mode));
      }
      answer.plan().ifPresent(plan -> {
        ObjectPlan before = said.put(mode, plan);
        if (!plan.equals(before)) {
          publish(news(plan, Optional.ofNullable(before)));
        }
      });
    });
  }

  private void ofAttachment(AttachmentRecord attachment, String mode, Answer<ObjectPlan> answer) {
    if (context.ledger.attachment(attachment.key()).isPresent()) {
      context.remarks.take(Remarks.On.of(attachment), "objects " + mode, findings(answer));
    }
    answer.plan().ifPresent(this::publish);
  }

  private static List<Finding> findings(Answer<ObjectPlan> answer) {
    return switch (answer) {
      case Answer.Planned<ObjectPlan> p -> p.findings();
      case Answer.Wait<ObjectPlan> w -> List.of(w.reason());
      case Answer.Refuse<ObjectPlan> r -> List.of(r.reason());
      case Answer.Pass<ObjectPlan> _ -> List.of();
    };
  }

  /** What objects hold may have been changed by others and is said again; an Event is said once. */
  private static ObjectPlan news(ObjectPlan plan, Optional<ObjectPlan> before) {
    ObjectPlan news = ObjectPlan.empty();
    for (ObjectPlan.Patch p : plan.patches()) {
      news = p.subresource().equals(ObjectPlan.CREATE) ? news.withObject(p.object(), p.content())
          : news.withPatch(p.object(), p.subresource(), p.content());
    }
    for (ObjectPlan.Condition c : plan.conditions()) {
      news = news.withCondition(c.object(), c.type(), c.status(), c.code(), c.text());
    }
    for (ObjectPlan.Event e : plan.events()) {
      if (before.filter(b -> b.events().contains(e)).isEmpty()) {
        news = news.withEvent(e.object(), e.uid(), e.warning(), e.code(), e.text());
      }
    }
    return news;
  }

  private void publish(ObjectPlan plan) {
    if (!plan.equals(ObjectPlan.empty())) {
      context.emit(new Effect.Publish(plan));
    }
  }
}
