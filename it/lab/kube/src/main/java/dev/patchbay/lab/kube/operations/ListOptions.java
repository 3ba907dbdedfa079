package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.lab.kube.model.FieldSelector;
import dev.patchbay.lab.kube.model.LabelSelector;
import java.util.function.Predicate;

/**
 * What a list or a watch asks for, beside the resource.
 *
 * @param labels which labels
 * @param fields which fields
 * @param limit how many objects at most, 0 for all
 * @param continueToken where to go on, empty for the beginning
 * @param resourceVersion empty, {@code 0}, or a version
 * @param versionMatch empty, {@code Exact} or {@code NotOlderThan}
 */
public record ListOptions(
    LabelSelector labels,
    FieldSelector fields,
    long limit,
    String continueToken,
    String resourceVersion,
    String versionMatch) {
  /** Everything there is. */
  public static final ListOptions ALL =
      new ListOptions(LabelSelector.EVERYTHING, FieldSelector.EVERYTHING, 0, "", "", "");

  /** Whether an object is asked for. */
  public Predicate<JsonNode> matches() {
    return labels.and(fields);
  }

  /** Whether every object is asked for. */
  public boolean selectsEverything() {
    return labels == LabelSelector.EVERYTHING && fields == FieldSelector.EVERYTHING;
  }
}
