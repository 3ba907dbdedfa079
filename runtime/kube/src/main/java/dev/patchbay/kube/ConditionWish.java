package dev.patchbay.kube;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A condition in an object's status. Nothing is written where it is as it should be; the time of its transition changes with its
 * status alone (Kubernetes API conventions, "Typical status properties").
 *
 * @param wanted the condition
 */
record ConditionWish(ObjectPlan.Condition wanted) implements Wish {
  /** Kinds whose conditions the API server merges by their type. */
  private static final Set<ObjectKind> MERGED = Set.of(ObjectKind.NODE, ObjectKind.POD);
  private static final Shape READ = Shape.of("metadata.resourceVersion", "status.conditions");

  @Override
  public Object key() {
    return List.of("condition", wanted.object(), wanted.type());
  }

  @Override
  public ObjectKind kind() {
    return wanted.object().kind();
  }

  @Override
  public String what() {
    return "patch " + kind() + "/status";
  }

  @Override
  public Wish over(Wish older) {
    return this;
  }

  @Override
  public Optional<Long> grant(ApiServer api) {
    ObjectRef ref = wanted.object();
    Fields object = api.get(Paths.of(ref), READ);
    List<Fields> conditions = object.fields("status").list("conditions");
    Optional<Fields> there = conditions.stream().filter(c -> c.text("type").equals(Optional.of(wanted.type()))).findFirst();
    String status = wanted.status() ? "True" : "False";
    if (there.filter(c -> says(c, status)).isPresent()) {
      return Optional.empty();
    }
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Fields condition = Fields.empty().with("type", wanted.type()).with("status", status).with("reason", wanted.code().name())
        .with("message", wanted.text()).with("lastTransitionTime", there.filter(c -> c.text("status").equals(Optional.of(status)))
            .flatMap(c -> c.text("lastTransitionTime")).orElse(now));
    if (kind().equals(ObjectKind.NODE)) {
      condition = condition.with("lastHeartbeatTime", now);
    }
    if (MERGED.contains(kind())) {
      api.write("PATCH", Paths.of(ref, "status"), "application/strategic-merge-patch+json",
          Fields.empty().with("status", Fields.empty().with("conditions", List.of(condition))));
      return Optional.empty();
    }
    List<Object> all = new ArrayList<>(conditions);
    int at = there.map(conditions::indexOf).orElse(-1);
    if (at < 0) {
      all.add(condition);
    } else {
      all.set(at, condition);
    }
    Fields patch = Fields.empty()
        // The list is written whole, so nobody may have written it meanwhile.
        .with("metadata", Fields.empty().with("resourceVersion", object.fields("metadata").required("resourceVersion")))
        .with("status", Fields.empty().with("conditions", all));
    try {
      api.write("PATCH", Paths.of(ref, "status"), PatchWish.MERGE, patch);
    } catch (ApiFailure e) {
      if (e.kind() != ApiFailure.Kind.MISSING) {
        throw e;
      }
      // The object is there, so what is missing is the subresource: its status is written with the object then.
      api.write("PATCH", Paths.of(ref), PatchWish.MERGE, patch);
    }
    return Optional.empty();
  }

  private boolean says(Fields condition, String status) {
    return condition.text("status").equals(Optional.of(status))
        && condition.text("reason").equals(Optional.of(wanted.code().name()))
        && condition.text("message").equals(Optional.of(wanted.text()));
  }
}
