package dev.patchbay.core.compose;

import dev.patchbay.core.view.AttachmentSnapshot;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.ExtraAttachment;
import dev.patchbay.spi.net.AddressFamily;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out for one pod which modes plan it, which addresses it should hold, what its datapath is, and which further interfaces it
 * gets. Pure; runs on a planner's thread.
 */
public final class AttachmentPlanning {
  /** A pod would get two interfaces of one name. */
  public static final Code INTERFACE_TWICE = Code.of(306, "InterfaceTwice");

  private static final Set<String> OWN_OR_EGRESS = Set.of(AddressRequest.ROLE_POD, AddressRequest.ROLE_EGRESS);

  private final Composition composition;
  private final NodePlan plan;
  private final Circumstances circumstances;
  private final AttachmentSnapshot attachment;
  private final Inquiry inquiry;
  /** What was answered beside plans. */
  private final Set<Finding> findings = new LinkedHashSet<>();

  private AttachmentPlanning(Composition composition, NodePlan plan, Circumstances circumstances, AttachmentSnapshot attachment,
      Inquiry inquiry) {
    this.composition = composition;
    this.plan = plan;
    this.circumstances = circumstances;
    this.attachment = attachment;
    this.inquiry = inquiry;
  }

  /**
   * What an attachment should hold.
   *
   * @param shares who plans what: the modes in the order of their families, each with its requests, their lanes named as the
   *     node names them
   */
  public record Draft(List<Share> shares) {
    /**
     * Copies the list.
     */
    public Draft {
      shares = List.copyOf(shares);
    }

    /**
     * {@return all requests in order}
     */
    public List<AddressRequest> requests() {
      return shares.stream().flatMap(s -> s.requests().stream()).toList();
    }

    /**
     * {@return the modes that plan the attachment}
     */
    public List<ModeInstance> modes() {
      return shares.stream().map(Share::mode).toList();
    }
  }

  /**
   * One mode's share of an attachment.
   *
   * @param mode the mode
   * @param requests the addresses that it asks for
   */
  public record Share(ModeInstance mode, List<AddressRequest> requests) {
    /**
     * Copies the list.
     */
    public Share {
      requests = List.copyOf(requests);
    }
  }

  /**
   * A further interface that a mode adds.
   *
   * @param mode the mode
   * @param attachment the interface
   */
  public record Extra(ModeInstance mode, ExtraAttachment attachment) {}

  /**
   * Plans what a pod's first attachment should hold.
   *
   * @param composition the modes
   * @param plan the node's plan
   * @param circumstances whom there is to ask
   * @param attachment the attachment, without addresses
   * @param inquiry who asks
   * @return the draft; a wait or refusal of the mode concerned
   * @throws InvalidPlanException if a mode answers with what the SPI does not allow
   */
  public static Answer<Draft> draft(Composition composition, NodePlan plan, Circumstances circumstances,
      AttachmentSnapshot attachment, Inquiry inquiry) {
    return new AttachmentPlanning(composition, plan, circumstances, attachment, inquiry).first();
  }

  private Answer<Draft> first() {
    Map<AddressFamily, ModeInstance> claimed = new LinkedHashMap<>();
    for (ModeInstance mode : composition.with(Role.Claim.class)) {
      Answer<Set<AddressFamily>> answer = claim(mode, mode.role(Role.Claim.class).orElseThrow());
      switch (answer) {
        case Answer.Planned<Set<AddressFamily>> p -> {
          findings.addAll(p.findings());
          for (AddressFamily family : p.value()) {
            ModeInstance other = claimed.putIfAbsent(family, mode);
            if (other != null) {
              return Answer.refuse(Codes.CLAIMED_TWICE,
                  other.id() + " and " + mode.id() + " both claim the " + family + " address of this pod.",
                  "Change the pod, or the objects that make one of the two claim it.");
            }
          }
        }
        case Answer.Pass<Set<AddressFamily>> _ -> {}
        case Answer.Wait<Set<AddressFamily>> _, Answer.Refuse<Set<AddressFamily>> _ -> {
          return Answers.stopped(answer);
        }
      }
    }
    // A claim that takes one family over takes the pod's whole first interface of that family; others keep their base.
    Map<ModeInstance, List<AddressRequest>> shares = new LinkedHashMap<>();
    List<AddressFamily> families = new ArrayList<>(composition.families());
    claimed.keySet().stream().filter(f -> !families.contains(f)).forEach(families::add);
    for (AddressFamily family : families) {
      ModeInstance claimer = claimed.get(family);
      ModeInstance mode = claimer != null ? claimer : composition.base(family).orElseThrow();
      if (shares.containsKey(mode)) {
        continue;
      }
      Answer<List<AddressRequest>> answer = addresses(mode, claimer == null);
      if (answer instanceof Answer.Wait<?> || answer instanceof Answer.Refuse<?>) {
        return Answers.stopped(answer);
      }
      // Of a family that another mode plans here, nothing is held twice, and no way out is needed: the pod has an address of it.
      shares.put(mode, answer.plan().orElse(List.of()).stream().filter(r -> !OWN_OR_EGRESS.contains(r.role())
          || mode.equals(claimed.getOrDefault(r.family(), composition.base(r.family()).orElse(mode)))).toList());
    }
    return Answer.of(new Draft(shares.entrySet().stream().map(e -> new Share(e.getKey(), e.getValue())).toList()), List.copyOf(findings));
  }

  private Answer<Set<AddressFamily>> claim(ModeInstance mode, Role.Claim role) {
    Optional<ObjectRef> unreadable = circumstances.unreadable(mode, attachment, true);
    // A caller that names no pod (ctr, say) has no object that a claim could be about.
    if (attachment.pod().name().isEmpty()) {
      return Answer.pass();
    }
    if (circumstances.isAside(mode) || unreadable.isPresent()) {
      return circumstances.<Set<AddressFamily>>without(mode, role.unreadable(), unreadable).orElseGet(Answer::pass);
    }
    Answer<Set<AddressFamily>> answer = inquiry.ask(mode, attachment, (m, a) -> m.podClaim().orElseThrow().claim(a));
    answer.plan().ifPresent(families -> PlanChecks.claimed(families, role));
    return answer;
  }

  private Answer<List<AddressRequest>> addresses(ModeInstance mode, boolean base) {
    if (circumstances.isAside(mode)) {
      return circumstances.asideRefusal(mode);
    }
    Answer<List<AddressRequest>> answer = inquiry.ask(mode, attachment, (m, a) -> m.addressPlanner().orElseThrow().addresses(a));
    if (answer.plan().isEmpty()) {
      return answer;
    }
    findings.addAll(Answers.findings(answer));
    PlanChecks.requests(answer.plan().get());
    List<AddressRequest> laned = new ArrayList<>();
    for (AddressRequest request : answer.plan().get()) {
      Answer<String> lane = request.lane().isPresent() || !base ? Answer.of(request.lane().orElse(Lane.DEFAULT)) : chosen(request);
      if (lane.plan().isEmpty()) {
        return Answers.stopped(lane);
      }
      laned.add(AddressRequest.of(request.fields().with("lane", laneName(mode, request.family(), lane.plan().get()))));
    }
    return Answer.of(laned);
  }

  /** The lane that modifiers choose for the pod; the default one if none does. */
  private Answer<String> chosen(AddressRequest request) {
    String lane = Lane.DEFAULT;
    for (ModeInstance modifier : composition.with(Role.Modifier.class)) {
      Role.Modifier role = modifier.role(Role.Modifier.class).orElseThrow();
      if (!role.families().contains(request.family())) {
        continue;
      }
      Optional<ObjectRef> unreadable = circumstances.unreadable(modifier, attachment, false);
      Answer<String> choice = circumstances.isAside(modifier) || unreadable.isPresent()
          ? circumstances.<String>without(modifier, role.unreadable(), unreadable).orElseGet(Answer::pass)
          : inquiry.ask(modifier, attachment, (m, a) -> m.laneModifier().orElseThrow().choose(a));
      switch (choice) {
        case Answer.Planned<String> p -> {
          findings.addAll(p.findings());
          lane = p.value();
        }
        case Answer.Pass<String> _ -> {}
        case Answer.Wait<String> _, Answer.Refuse<String> _ -> {
          return choice;
        }
      }
    }
    return Answer.of(lane);
  }

  /** The node's name of a lane that a mode names. */
  private String laneName(ModeInstance mode, AddressFamily family, String lane) {
    if (plan.lane(lane).filter(l -> l.mode().equals(mode.id())).isPresent() && !mode.baseFamilies().contains(family)) {
      return lane;
    }
    AddressFamily names = mode.baseFamilies().isEmpty() || mode.baseFamilies().contains(family) ? family
        : mode.baseFamilies().iterator().next();
    return plan.laneName(names, lane);
  }

  /**
   * Plans what a further interface should hold.
   *
   * @param composition the modes
   * @param plan the node's plan
   * @param circumstances whom there is to ask
   * @param mode the mode that adds it
   * @param attachment the attachment, without addresses
   * @param inquiry who asks
   * @return the draft; a wait or refusal of the mode
   * @throws InvalidPlanException if the mode answers with what the SPI does not allow
   */
  public static Answer<Draft> draftExtra(Composition composition, NodePlan plan, Circumstances circumstances, ModeInstance mode,
      AttachmentSnapshot attachment, Inquiry inquiry) {
    if (mode.mode().addressPlanner().isEmpty()) {
      return circumstances.isAside(mode) ? circumstances.asideRefusal(mode)
          : Answer.of(new Draft(List.of(new Share(mode, List.of()))));
    }
    AttachmentPlanning planning = new AttachmentPlanning(composition, plan, circumstances, attachment, inquiry);
    Answer<List<AddressRequest>> answer = planning.addresses(mode, false);
    return switch (answer) {
      case Answer.Planned<List<AddressRequest>> p -> Answer.of(new Draft(List.of(new Share(mode, p.value()))), List.copyOf(planning.findings));
      case Answer.Pass<List<AddressRequest>> _ -> Answer.of(new Draft(List.of(new Share(mode, List.of()))));
      case Answer.Wait<List<AddressRequest>> _, Answer.Refuse<List<AddressRequest>> _ -> Answers.stopped(answer);
    };
  }

  /**
   * Asks which further interfaces a pod gets.
   *
   * @param composition the modes
   * @param circumstances whom there is to ask
   * @param first the pod's first attachment, with its addresses
   * @param inquiry who asks
   * @return the further interfaces, in order; a wait or refusal of a mode
   * @throws InvalidPlanException if a mode answers with what the SPI does not allow
   */
  public static Answer<List<Extra>> extras(Composition composition, Circumstances circumstances, AttachmentSnapshot first,
      Inquiry inquiry) {
    List<Extra> extras = new ArrayList<>();
    Set<Finding> findings = new LinkedHashSet<>();
    Set<String> names = new HashSet<>(Set.of(first.interfaceName()));
    for (ModeInstance mode : composition.with(Role.Extra.class)) {
      Role.Extra role = mode.role(Role.Extra.class).orElseThrow();
      Optional<ObjectRef> unreadable = circumstances.unreadable(mode, first, false);
      Answer<List<ExtraAttachment>> answer = circumstances.isAside(mode) || unreadable.isPresent()
          ? circumstances.<List<ExtraAttachment>>without(mode, role.unreadable(), unreadable).orElseGet(Answer::pass)
          : inquiry.ask(mode, first, (m, a) -> m.extraPlanner().orElseThrow().extras(a));
      if (answer instanceof Answer.Wait<?> || answer instanceof Answer.Refuse<?>) {
        return Answers.stopped(answer);
      }
      findings.addAll(Answers.findings(answer));
      List<ExtraAttachment> more = answer.plan().orElse(List.of());
      PlanChecks.extras(more, mode);
      for (ExtraAttachment extra : more) {
        if (!names.add(extra.interfaceName())) {
          return Answer.refuse(INTERFACE_TWICE,
              mode.id() + " adds an interface " + extra.interfaceName() + " to this pod, which has one of that name already.",
              "Change the pod, or the objects that make it get the second.");
        }
        extras.add(new Extra(mode, extra));
      }
    }
    return Answer.of(List.copyOf(extras), List.copyOf(findings));
  }

  /**
   * Plans an attachment's datapath.
   *
   * @param modes the modes that share the attachment, each of which sees the addresses that it asked for; what two of them want alike
   *     is made once
   * @param circumstances whom there is to ask
   * @param attachment the attachment with its addresses
   * @param inquiry who asks
   * @return the plan; a wait or refusal of a mode
   * @throws InvalidPlanException if a mode answers with what the SPI does not allow
   */
  public static Answer<DatapathPlan> datapath(List<ModeInstance> modes, Circumstances circumstances, AttachmentSnapshot attachment,
      Inquiry inquiry) {
    Set<PlanElement> elements = new LinkedHashSet<>();
    Set<Finding> findings = new LinkedHashSet<>();
    for (ModeInstance mode : modes) {
      if (circumstances.isAside(mode)) {
        return circumstances.asideRefusal(mode);
      }
      Answer<DatapathPlan> answer =
          inquiry.ask(mode, attachment.of(mode.id()), (m, a) -> m.datapathPlanner().orElseThrow().attachment(a));
      switch (answer) {
        case Answer.Planned<DatapathPlan> p -> {
          PlanChecks.attachment(p.value());
          elements.addAll(p.value().elements());
          findings.addAll(p.findings());
        }
        case Answer.Pass<DatapathPlan> _ -> {}
        case Answer.Wait<DatapathPlan> _, Answer.Refuse<DatapathPlan> _ -> {
          return answer;
        }
      }
    }
    DatapathPlan plan = DatapathPlan.of(List.copyOf(elements));
    PlanChecks.attachment(plan);
    return Answer.of(plan, List.copyOf(findings));
  }
}
