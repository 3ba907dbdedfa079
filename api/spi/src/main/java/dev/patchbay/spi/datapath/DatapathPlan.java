package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What should exist and hold, for the node or for one attachment. Elements are applied in order and undone in reverse.
 * Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DatapathPlan {
  private static final DatapathPlan EMPTY = new DatapathPlan(List.of());

  private final List<PlanElement> elements;

  private DatapathPlan(List<PlanElement> elements) {
    this.elements = List.copyOf(elements);
  }

  /**
   * {@return a plan that wants nothing}
   */
  public static DatapathPlan empty() {
    return EMPTY;
  }

  /**
   * {@return a plan of elements}
   * @param elements the elements in order
   */
  public static DatapathPlan of(PlanElement... elements) {
    return new DatapathPlan(List.of(elements));
  }

  /**
   * {@return a plan of elements}
   * @param elements the elements in order
   */
  public static DatapathPlan of(List<PlanElement> elements) {
    return new DatapathPlan(elements);
  }

  /**
   * Reads a plan back.
   *
   * @param fields the fields of {@link #fields()}
   * @return the plan
   */
  public static DatapathPlan of(Fields fields) {
    return new DatapathPlan(fields.list("elements").stream()
        .map(f -> PlanElement.of(f.required("kind"), f.fields("of"))).toList());
  }

  /**
   * {@return this plan and one more element at its end}
   * @param element the element
   */
  public DatapathPlan and(PlanElement element) {
    List<PlanElement> all = new ArrayList<>(elements);
    all.add(element);
    return new DatapathPlan(all);
  }

  /**
   * {@return this plan and another after it}
   * @param other the other plan
   */
  public DatapathPlan and(DatapathPlan other) {
    return new DatapathPlan(Stream.concat(elements.stream(), other.elements.stream()).toList());
  }

  /**
   * {@return the elements in order}
   */
  public List<PlanElement> elements() {
    return elements;
  }

  /**
   * {@return the elements of one class, in order}
   * @param type the class
   * @param <T> the class
   */
  public <T extends PlanElement> List<T> elements(Class<T> type) {
    List<T> those = new ArrayList<>();
    for (PlanElement element : elements) {
      if (type.isInstance(element)) {
        those.add(type.cast(element));
      }
    }
    return List.copyOf(those);
  }

  /**
   * {@return the plan as fields}
   */
  public Fields fields() {
    return Fields.empty().with("elements",
        elements.stream().map(e -> Fields.empty().with("kind", e.kind()).with("of", e.fields())).toList());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DatapathPlan plan && plan.elements.equals(elements);
  }

  @Override
  public int hashCode() {
    return elements.hashCode();
  }

  @Override
  public String toString() {
    return elements.toString();
  }
}
