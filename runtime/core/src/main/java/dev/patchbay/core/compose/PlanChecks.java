package dev.patchbay.core.compose;

import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.UnknownElement;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.ExtraAttachment;
import dev.patchbay.spi.net.AddressFamily;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether what a mode answered is what the SPI allows, as far as the brain relies on it. Elements and requests are made of fields, so
 * a mode can make some that lack a part; they are found here, on the planner's thread, and not later where nobody knows whose they are.
 */
final class PlanChecks {
  /** More than any interface of any instance type carries. */
  private static final int MOST_REQUESTS = 256;
  /** An attachment's plan stands in the ledger; a pod with a few dozen ports and addresses has a hundred elements. */
  private static final int MOST_ELEMENTS = 4_096;
  private static final int MOST_NODE_ELEMENTS = 65_536;

  private PlanChecks() {}

  private static InvalidPlanException invalid(String what, RuntimeException cause) {
    InvalidPlanException e = new InvalidPlanException(what + ": " + cause.getMessage());
    e.initCause(cause);
    return e;
  }

  static void claimed(Set<AddressFamily> families, Role.Claim role) {
    if (families.isEmpty() || !role.families().containsAll(families)) {
      throw new InvalidPlanException("claimed the families " + families + " of a pod, and its role has " + role.families());
    }
  }

  static void requests(List<AddressRequest> requests) {
    if (requests.size() > MOST_REQUESTS) {
      throw new InvalidPlanException(
          "asked for " + requests.size() + " addresses for one interface, and " + MOST_REQUESTS + " are the most");
    }
    for (AddressRequest request : requests) {
      try {
        AddressFamily family = request.family();
        if (request.role().isEmpty() || request.particular().filter(ip -> ip.family() != family).isPresent()) {
          throw new IllegalArgumentException("its address is of another family, or its role has no name");
        }
      } catch (IllegalArgumentException e) {
        throw invalid("asked for an address in a way that can't be understood, " + request, e);
      }
    }
  }

  static void extras(List<ExtraAttachment> extras, ModeInstance mode) {
    if (!extras.isEmpty() && mode.mode().datapathPlanner().isEmpty()) {
      throw new InvalidPlanException("adds an interface, and has no planner of datapaths for it");
    }
    Set<String> names = new HashSet<>();
    for (ExtraAttachment extra : extras) {
      if (!names.add(extra.interfaceName())) {
        throw new InvalidPlanException("adds two interfaces " + extra.interfaceName());
      }
    }
  }

  static void attachment(DatapathPlan plan) {
    bounded(plan, MOST_ELEMENTS);
    known(plan);
    Set<String> acts = new HashSet<>();
    for (Act act : plan.elements(Act.class)) {
      try {
        boolean whole = switch (act.type()) {
          case "plugin" -> act.configuration().isPresent() && act.interfaceName().isPresent();
          case "device" -> act.resource().isPresent();
          default -> false;
        };
        if (!whole || !acts.add(act.id())) {
          throw new IllegalArgumentException(whole ? "two acts have the id " + act.id() : "it is neither a plugin nor a device");
        }
      } catch (IllegalArgumentException e) {
        throw invalid("planned an act that can't be carried out, " + act, e);
      }
    }
  }

  static void node(DatapathPlan plan) {
    bounded(plan, MOST_NODE_ELEMENTS);
    known(plan);
    for (Act act : plan.elements(Act.class)) {
      if (!act.type().equals("plugin") || act.configuration().isEmpty()) {
        throw new InvalidPlanException("planned an act for the node that names no plugin; others are for attachments");
      }
    }
  }

  private static void bounded(DatapathPlan plan, int most) {
    int size = plan.elements().size();
    if (size > most) {
      throw new InvalidPlanException("planned " + size + " elements, and " + most + " are the most");
    }
  }

  private static void known(DatapathPlan plan) {
    for (PlanElement element : plan.elements()) {
      if (element instanceof UnknownElement) {
        throw new InvalidPlanException("planned an element that this version does not know, " + element);
      }
    }
  }
}
