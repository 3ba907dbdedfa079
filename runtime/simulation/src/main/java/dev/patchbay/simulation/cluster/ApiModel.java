package dev.patchbay.simulation.cluster;

import dev.patchbay.cluster.Effect;
import dev.patchbay.core.needs.RuntimeNeeds;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The API server: nodes, pods and the Lease, each change with a version. */
final class ApiModel {
  static final ObjectRef LEASE = new ObjectRef(RuntimeNeeds.LEASE, "kube-system", "patchbay-cluster");

  private final ClusterWorld world;
  final Map<String, ObjectRecord> nodes = new TreeMap<>();
  final Map<String, ObjectRecord> pods = new TreeMap<>();
  Optional<ObjectRecord> lease = Optional.empty();
  private long version;

  ApiModel(ClusterWorld world) {
    this.world = world;
  }

  void node(String name, String instance) {
    version++;
    ObjectRecord node = new ObjectRecord(new ObjectRef(ObjectKind.NODE, "", name), "uid-" + name + "-" + version, String.valueOf(version),
        Map.of(), Map.of(), Fields.empty().with("spec", Fields.empty().with("providerID", "aws:///zone-a/" + instance)));
    nodes.put(name, node);
    world.replicas.forEach(r -> r.sees(node));
  }

  void pod(String name, String node) {
    version++;
    ObjectRecord pod = new ObjectRecord(new ObjectRef(ObjectKind.POD, "default", name), "uid-" + name, String.valueOf(version),
        Map.of("synthetic.patchbay.dev/branch", "yes"), Map.of(), Fields.empty().with("spec", Fields.empty().with("nodeName", node)));
    pods.put(name, pod);
    world.replicas.forEach(r -> r.sees(pod));
  }

  void remove(Map<String, ObjectRecord> from, String name) {
    ObjectRecord gone = from.remove(name);
    if (gone != null) {
      world.replicas.forEach(r -> r.misses(gone.ref()));
    }
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
