package dev.patchbay.core.compose;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.view.AttachmentView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds out for one pod which mode plans it, and which addresses it should hold. Pure; runs on a planner's thread.
 */
public final class AttachmentPlanning {
  private AttachmentPlanning() {}

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
   * Plans what a pod's first attachment should hold.
   *
   * @param composition the modes
   * @param plan the node's plan
   * @param attachment the attachment, without addresses
   * @return the draft; a wait or refusal of the mode concerned
   */
  public static Answer<Draft> draft(Composition composition, NodePlan plan, AttachmentView attachment) {
    Map<AddressFamily, ModeInstance> claimed = new LinkedHashMap<>();
    for (ModeInstance mode : composition.with(Role.Claim.class)) {
      Role.Claim role = mode.role(Role.Claim.class).orElseThrow();
      boolean readable = attachment.pod().object().isPresent();
      if (!readable) {
        // A caller that names no pod (ctr, say) has no object that a claim could be about.
        if (role.unreadable() == Role.WhenUnreadable.REFUSE && !attachment.pod().name().isEmpty()) {
          return Answer.waitFor(
              new dev.patchbay.spi.ObjectRef(dev.patchbay.spi.ObjectKind.POD, attachment.pod().namespace(),
                  attachment.pod().name()),
              Codes.OBJECT_UNREADABLE,
              "The pod can't be read from the API server, and " + mode.id() + " must know whether it is one of its own.",
              "Check that the node reaches the API server; kubelet tries again by itself.");
        }
        continue;
      }
      Answer<Set<AddressFamily>> answer = mode.mode().podClaim().orElseThrow().claim(attachment);
      switch (answer) {
        case Answer.Planned<Set<AddressFamily>> p -> {
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
        case Answer.Wait<Set<AddressFamily>> w -> {
          return Answer.waitFor(w.object(), w.reason().code(), w.reason().cause(), w.reason().remedy());
        }
        case Answer.Refuse<Set<AddressFamily>> r -> {
          return Answer.refuse(r.reason().code(), r.reason().cause(), r.reason().remedy());
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
      Answer<List<AddressRequest>> answer = mode.mode().addressPlanner().orElseThrow().addresses(attachment);
      switch (answer) {
        case Answer.Planned<List<AddressRequest>> p -> {
          Answer<List<AddressRequest>> laned = laned(composition, plan, mode, claimer != null, p.value(), attachment);
          switch (laned) {
            case Answer.Planned<List<AddressRequest>> l -> shares.put(mode, l.value());
            case Answer.Pass<List<AddressRequest>> _ -> shares.put(mode, List.of());
            case Answer.Wait<List<AddressRequest>> w -> {
              return Answer.waitFor(w.object(), w.reason().code(), w.reason().cause(), w.reason().remedy());
            }
            case Answer.Refuse<List<AddressRequest>> r -> {
              return Answer.refuse(r.reason().code(), r.reason().cause(), r.reason().remedy());
            }
          }
        }
        case Answer.Pass<List<AddressRequest>> _ -> shares.put(mode, List.of());
        case Answer.Wait<List<AddressRequest>> w -> {
          return Answer.waitFor(w.object(), w.reason().code(), w.reason().cause(), w.reason().remedy());
        }
        case Answer.Refuse<List<AddressRequest>> r -> {
          return Answer.refuse(r.reason().code(), r.reason().cause(), r.reason().remedy());
        }
      }
    }
    return Answer.of(new Draft(shares.entrySet().stream().map(e -> new Share(e.getKey(), e.getValue())).toList()));
  }

  /** Gives each request its lane: the base's own name translated, or the one that a modifier chooses for the pod. */
  private static Answer<List<AddressRequest>> laned(Composition composition, NodePlan plan, ModeInstance mode,
      boolean claimed, List<AddressRequest> requests, AttachmentView attachment) {
    List<AddressRequest> laned = new ArrayList<>();
    for (AddressRequest request : requests) {
      String lane = request.lane().orElse(Lane.DEFAULT);
      if (request.lane().isEmpty() && !claimed) {
        for (ModeInstance modifier : composition.with(Role.Modifier.class)) {
          if (!modifier.role(Role.Modifier.class).orElseThrow().families().contains(request.family())) {
            continue;
          }
          Answer<String> choice = modifier.mode().laneModifier().orElseThrow().choose(attachment);
          switch (choice) {
            case Answer.Planned<String> p -> lane = p.value();
            case Answer.Pass<String> _ -> {}
            case Answer.Wait<String> w -> {
              return Answer.waitFor(w.object(), w.reason().code(), w.reason().cause(), w.reason().remedy());
            }
            case Answer.Refuse<String> r -> {
              return Answer.refuse(r.reason().code(), r.reason().cause(), r.reason().remedy());
            }
          }
        }
      }
      String name = mode.baseFamilies().contains(request.family()) ? plan.laneName(request.family(), lane) : lane;
      laned.add(AddressRequest.of(request.fields().with("lane", name)));
    }
    return Answer.of(laned);
  }
}
