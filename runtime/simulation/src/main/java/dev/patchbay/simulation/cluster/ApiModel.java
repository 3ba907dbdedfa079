package dev.patchbay.simulation.cluster;

import dev.patchbay.cluster.Effect;
import dev.patchbay.core.needs.RuntimeNeeds;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The API server: nodes, pods, the scene's further objects and the Lease, each change with a version. */
final class ApiModel {
  static final ObjectRef LEASE = new ObjectRef(RuntimeNeeds.LEASE, "kube-system", "patchbay-cluster");

  private final ClusterWorld world;
  final Map<String, ObjectRecord> nodes = new TreeMap<>();
  final Map<String, ObjectRecord> pods = new TreeMap<>();
  private final Map<String, ObjectRecord> others = new TreeMap<>();
  Optional<ObjectRecord> lease = Optional.empty();
  private int state;
  private long version;

  ApiModel(ClusterWorld world) {
    this.world = world;
    become(0);
  }

  /** All objects but the Lease. */
  List<ObjectRecord> objects() {
    return Stream.of(nodes, pods, others).flatMap(kind -> kind.values().stream()).toList();
  }

  private ObjectRecord put(Map<String, ObjectRecord> into, String name, ObjectRecord object) {
    version++;
    ObjectRecord now = new ObjectRecord(object.ref(), object.uid(), String.valueOf(version), object.labels(), object.annotations(), object.content());
    into.put(name, now);
    world.replicas.forEach(r -> r.sees(now));
    return now;
  }

  void node(String name, String instance) {
    put(nodes, name, new ObjectRecord(new ObjectRef(ObjectKind.NODE, "", name), "uid-" + name + "-" + (version + 1), "", Map.of(), Map.of(),
        Fields.empty().with("spec", Fields.empty().with("providerID", "aws:///zone-a/" + instance))));
    world.scene.ofNode(name).forEach(object -> put(others, object.ref().toString(), object));
  }

  void forget(String node) {
    remove(nodes, node);
    world.scene.ofNode(node).forEach(object -> remove(others, object.ref().toString()));
  }

  void pod(String name, String node) {
    put(pods, name, new ObjectRecord(new ObjectRef(ObjectKind.POD, "default", name), "uid-" + name + "-" + (version + 1), "",
        world.scene.labels(world.chance), Map.of(), Fields.empty().with("spec", world.scene.spec().with("nodeName", node))));
  }

  void remove(Map<String, ObjectRecord> from, String name) {
    ObjectRecord gone = from.remove(name);
    if (gone != null) {
      version++;
      world.replicas.forEach(r -> r.misses(gone.ref()));
    }
  }

  /** The scene's objects become the next. */
  void next() {
    change(state + 1);
  }

  /** The scene's objects become those of the beginning. */
  void first() {
    change(0);
  }

  private void change(int to) {
    if (!world.scene.states().isEmpty()) {
      List<ObjectRecord> before = world.scene.states().get(state);
      int next = to % world.scene.states().size();
      List<ObjectRef> after = world.scene.states().get(next).stream().map(ObjectRecord::ref).toList();
      before.stream().filter(object -> !after.contains(object.ref())).forEach(object -> remove(others, object.ref().toString()));
      become(next);
    }
  }

  private void become(int which) {
    state = which;
    if (!world.scene.states().isEmpty()) {
      world.scene.states().get(which).forEach(object -> put(others, object.ref().toString(), object));
    }
  }

  /**
   * Changes an object by a merge patch; what is of another uid, or gone, is not changed.
   *
   * @return the object as it is then; empty if it was not changed
   */
  Optional<ObjectRecord> patch(ObjectPlan.Patch patch) {
    Map<String, ObjectRecord> in = patch.object().kind().equals(ObjectKind.POD) ? pods : patch.object().kind().equals(ObjectKind.NODE) ? nodes
        : others;
    String name = in == others ? patch.object().toString() : patch.object().name();
    ObjectRecord before = in.get(name);
    Fields metadata = patch.content().fields("metadata");
    if (before == null || metadata.text("uid").filter(uid -> !uid.equals(before.uid())).isPresent()) {
      return Optional.empty();
    }
    Map<String, String> annotations = new TreeMap<>(before.annotations());
    metadata.fields("annotations").values().forEach((key, value) -> annotations.put(key, value.toString()));
    Fields content = merged(before.content(), patch.content().without("metadata"));
    if (annotations.equals(before.annotations()) && content.equals(before.content())) {
      return Optional.of(before);
    }
    return Optional.of(put(in, name, new ObjectRecord(before.ref(), before.uid(), "", before.labels(), annotations, content)));
  }

  private static Fields merged(Fields before, Fields patch) {
    Map<String, Object> all = new TreeMap<>(before.values());
    patch.values().forEach((name, value) -> all.put(name, value instanceof Fields fields ? merged(before.fields(name), fields) : value));
    return Fields.of(all);
  }

  Optional<ObjectRecord> write(Effect.WriteLease e) {
    if (!lease.map(ObjectRecord::resourceVersion).orElse("").equals(e.version())) {
      return Optional.empty();
    }
    version++;
    lease = Optional.of(new ObjectRecord(LEASE, "uid-lease", String.valueOf(version), Map.of(), Map.of(), e.content()));
    return lease;
  }
}
