package dev.patchbay.core.brain;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.PlanElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The part of a node's plan that can be had now. A plan names every interface of the instance; one whose device the kernel has not
 * shown yet, or that is being given back, has no part in it, and must not keep the others from theirs.
 */
final class Described {
  private static final String PREFIX = "eni:";
  private static final String FIELD = "eni";

  private Described() {}

  /** Leaves out the elements that name another interface than these. */
  static DatapathPlan part(DatapathPlan plan, Set<String> interfaces) {
    List<PlanElement> rest = new ArrayList<>(plan.elements());
    return rest.removeIf(e -> !only(e.fields(), interfaces)) ? DatapathPlan.of(rest) : plan;
  }

  private static boolean only(Object value, Set<String> interfaces) {
    return switch (value) {
      case String text -> !text.startsWith(PREFIX) || interfaces.contains(text.substring(PREFIX.length()));
      case Fields fields -> {
        for (Map.Entry<String, Object> field : fields.values().entrySet()) {
          if (!only(field, interfaces)) {
            yield false;
          }
        }
        yield true;
      }
      case List<?> list -> {
        for (Object element : list) {
          if (!only(element, interfaces)) {
            yield false;
          }
        }
        yield true;
      }
      default -> true;
    };
  }

  private static boolean only(Map.Entry<String, Object> field, Set<String> interfaces) {
    boolean id = field.getKey().equals(FIELD) && field.getValue() instanceof String;
    return id ? interfaces.contains(field.getValue().toString()) : only(field.getValue(), interfaces);
  }
}
