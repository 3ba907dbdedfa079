package dev.patchbay.kube;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Fields that an object should have, or an object that should be.
 *
 * @param ref the object
 * @param subresource the subresource, empty for the object itself
 * @param create whether to make the object if it is not there
 * @param content the fields
 */
record PatchWish(ObjectRef ref, String subresource, boolean create, Fields content) implements Wish {
  static final String MERGE = "application/merge-patch+json";

  static PatchWish of(ObjectPlan.Patch patch) {
    boolean create = patch.subresource().equals(ObjectPlan.CREATE);
    return new PatchWish(patch.object(), create ? "" : patch.subresource(), create, patch.content());
  }

  @Override
  public Object key() {
    return List.of("patch", ref, subresource);
  }

  @Override
  public ObjectKind kind() {
    return ref.kind();
  }

  @Override
  public String what() {
    return (create ? "create " : "patch ") + ref.kind() + (subresource.isEmpty() ? "" : "/" + subresource);
  }

  /** What the older one asks for and this one says nothing of stays asked for: they may be of two modes. */
  @Override
  public Wish over(Wish older) {
    PatchWish before = (PatchWish) older;
    return new PatchWish(ref, subresource, create || before.create, merged(before.content, content));
  }

  /** One merge patch that does what two do, one after the other. */
  static Fields merged(Fields first, Fields second) {
    Map<String, Object> all = new TreeMap<>(first.values());
    second.values().forEach((name, value) -> all.merge(name, value,
        (before, after) -> before instanceof Fields b && after instanceof Fields a ? merged(b, a) : after));
    return Fields.of(all);
  }

  @Override
  public boolean outdatedByConflict() {
    Fields metadata = content.fields("metadata");
    return metadata.has("resourceVersion") || metadata.has("uid");
  }

  @Override
  public Optional<Long> grant(ApiServer api) {
    if (create) {
      try {
        api.write("POST", Paths.in(ref.kind(), ref.namespace()), "application/json", whole());
        return Optional.empty();
      } catch (ApiFailure e) {
        if (e.kind() != ApiFailure.Kind.CONFLICT) {
          throw e;
        }
      }
    }
    api.write("PATCH", Paths.of(ref, subresource), MERGE, content);
    return Optional.empty();
  }

  private Fields whole() {
    Fields metadata = content.fields("metadata").with("name", ref.name());
    return content.with("apiVersion", ref.kind().apiVersion()).with("kind", ref.kind().kind())
        .with("metadata", ref.kind().namespaced() ? metadata.with("namespace", ref.namespace()) : metadata);
  }
}
