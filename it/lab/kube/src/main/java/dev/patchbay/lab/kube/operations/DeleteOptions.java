package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import java.util.List;
import java.util.Optional;

/**
 * How something is deleted.
 *
 * @param gracePeriodSeconds the time given to a pod
 * @param propagation what becomes of dependents
 * @param uid the uid that the object must have
 * @param resourceVersion the version that the object must have
 */
public record DeleteOptions(
    Optional<Long> gracePeriodSeconds,
    Propagation propagation,
    Optional<String> uid,
    Optional<String> resourceVersion) {
  /** What becomes of dependents. */
  public enum Propagation {
    /** They are deleted afterwards. */
    BACKGROUND,
    /** They are deleted first. */
    FOREGROUND,
    /** They are left alone. */
    ORPHAN
  }

  /** Deletion without particular wishes. */
  public static final DeleteOptions DEFAULT =
      new DeleteOptions(Optional.empty(), Propagation.BACKGROUND, Optional.empty(), Optional.empty());

  /** Deletion at once. */
  public static final DeleteOptions NOW =
      new DeleteOptions(Optional.of(0L), Propagation.BACKGROUND, Optional.empty(), Optional.empty());

  /**
   * From a {@code DeleteOptions} object and the query parameters that may stand for its fields.
   *
   * @param body the object; empty if none was sent
   * @param grace the query parameter {@code gracePeriodSeconds}, or empty
   * @param policy the query parameter {@code propagationPolicy}, or empty
   */
  public static DeleteOptions of(JsonNode body, String grace, String policy) {
    JsonNode seconds = body.path("gracePeriodSeconds");
    Optional<Long> period = Optional.empty();
    if (seconds.isIntegralNumber()) {
      period = Optional.of(seconds.asLong());
    } else if (!grace.isEmpty()) {
      try {
        period = Optional.of(Long.parseLong(grace));
      } catch (NumberFormatException e) {
        throw StatusException.badRequest("gracePeriodSeconds: \"" + grace + "\" is no number");
      }
    }
    String named = Json.optional(body, "propagationPolicy").orElse(policy);
    Propagation propagation =
        switch (named) {
          case "" -> body.path("orphanDependents").asBoolean(false) ? Propagation.ORPHAN : Propagation.BACKGROUND;
          case "Background" -> Propagation.BACKGROUND;
          case "Foreground" -> Propagation.FOREGROUND;
          case "Orphan" -> Propagation.ORPHAN;
          default ->
              throw StatusException.invalidOptions(
                  "DeleteOptions",
                  Cause.notSupported(
                      "propagationPolicy", '"' + named + '"', List.of("Foreground", "Background", "Orphan", "nil")));
        };
    return new DeleteOptions(
        period,
        propagation,
        Json.optional(body, "preconditions", "uid"),
        Json.optional(body, "preconditions", "resourceVersion"));
  }
}
