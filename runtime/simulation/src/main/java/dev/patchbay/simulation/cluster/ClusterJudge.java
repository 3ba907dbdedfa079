package dev.patchbay.simulation.cluster;

import dev.patchbay.cluster.view.Marks;
import dev.patchbay.cluster.view.Nodes;
import dev.patchbay.core.cloud.AssociationRecord;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceRecord;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Holds what happens against the invariants, by what is true in the world, whoever knows of it. */
final class ClusterJudge implements CloudOfCluster.Judge {
  private static final String BRANCH = "branch/";

  private final ClusterWorld world;
  /** By the uids of pods. */
  private final Map<String, ClusterScene.Told> told = new HashMap<>();

  ClusterJudge(ClusterWorld world) {
    this.world = world;
  }

  /** A replica sends a call. */
  void sends(ReplicaModel by, CloudCall call) {
    acts(by, call.action());
  }

  private void acts(ReplicaModel by, String what) {
    world.replicas.stream().filter(r -> r != by && r.acts()).findFirst().ifPresent(other -> {
      throw world.broken(ClusterInvariant.ONE_ACTS, by.name() + " does " + what + " while " + other.name() + " may act");
    });
  }

  /** A replica has something written to objects. */
  void published(ReplicaModel by, ObjectPlan plan) {
    acts(by, "write " + plan);
  }

  /** An object was changed. A pod that is told of a branch has it for good, and no other pod has. */
  void told(ObjectRecord object) {
    Optional<ClusterScene.Told> now = object.ref().kind().equals(ObjectKind.POD) ? world.scene.told(object) : Optional.empty();
    if (now.isEmpty()) {
      return;
    }
    String eni = now.get().eni();
    world.say(object.ref() + " is told of " + eni + ", VLAN " + now.get().vlanId());
    ClusterScene.Told before = told.putIfAbsent(object.uid(), now.get());
    if (before != null && !before.equals(now.get())) {
      throw world.broken(ClusterInvariant.ONE_BRANCH, object.ref() + " is told of " + now.get() + " after " + before);
    }
    Optional<String> node = nodeOf(object);
    for (ObjectRecord other : world.api.pods.values()) {
      Optional<ClusterScene.Told> others = Optional.ofNullable(told.get(other.uid()));
      if (!other.uid().equals(object.uid()) && others.filter(o -> o.eni().equals(eni)).isPresent()) {
        throw world.broken(ClusterInvariant.ONE_BRANCH, object.ref() + " is told of " + eni + ", which " + other.ref() + " has");
      }
      if (!other.uid().equals(object.uid()) && nodeOf(other).equals(node)
          && others.filter(o -> o.vlanId() == now.get().vlanId()).isPresent()) {
        throw world.broken(ClusterInvariant.ONE_VLAN_ID, object.ref() + " is told of the VLAN id of " + other.ref());
      }
    }
    AssociationRecord association = world.cloud.associations().get(eni);
    if (association != null && association.vlanId() != now.get().vlanId()) {
      throw world.broken(ClusterInvariant.ONE_VLAN_ID, object.ref() + " is told of VLAN " + now.get().vlanId() + ", and " + association
          + " is so");
    }
  }

  private static Optional<String> nodeOf(ObjectRecord pod) {
    return pod.content().fields("spec").text("nodeName");
  }

  private boolean isDead(EniRecord eni) {
    Optional<String> instance = Marks.instance(eni);
    if (instance.isEmpty()) {
      return false;
    }
    Optional<InstanceRecord> there = world.cloud.instance(instance.get());
    boolean node = world.api.nodes.values().stream().anyMatch(n -> Nodes.instance(n).equals(instance));
    return (there.isEmpty() || there.get().terminated()) && !node;
  }

  private boolean isWanted(EniRecord eni) {
    String key = eni.tags().getOrDefault(Marks.KEY, "");
    return key.startsWith(BRANCH) && world.api.pods.values().stream().map(ObjectRecord::uid).anyMatch(uid -> key.equals(BRANCH + uid)
        || Optional.ofNullable(told.get(uid)).filter(t -> t.eni().equals(eni.id())).isPresent());
  }

  @Override
  public void deleted(EniRecord eni) {
    boolean ours = CloudOfCluster.CLUSTER.equals(eni.tags().get(Marks.CLUSTER)) && Marks.ours(eni);
    boolean ofMode = eni.tags().containsKey(Marks.KEY);
    boolean twice = ofMode && world.cloud.enis().values().stream().anyMatch(e -> !e.id().equals(eni.id())
        && eni.tags().getOrDefault(Marks.KEY, "").equals(e.tags().get(Marks.KEY)));
    boolean right = ours && eni.attachment().isEmpty() && (isDead(eni) || ofMode && (twice || !isWanted(eni)));
    if (!right) {
      throw world.broken(ClusterInvariant.NOTHING_IN_USE_DELETED, eni.id() + " with the tags " + eni.tags() + ", "
          + (isWanted(eni) ? "which a pod has" : "whose node is not dead") + ", is deleted");
    }
  }

  @Override
  public void released(EniRecord eni) {
    if (isWanted(eni) && !isDead(eni)) {
      throw world.broken(ClusterInvariant.NOTHING_IN_USE_DELETED, "the branch " + eni.id() + ", which a pod has, is taken off its trunk");
    }
  }

  /** What holds at any time. */
  void always() {
    Set<String> ids = new HashSet<>();
    for (AssociationRecord a : world.cloud.associations().values()) {
      if (!ids.add(a.trunkId() + " " + a.vlanId())) {
        throw world.broken(ClusterInvariant.ONE_VLAN_ID, a.trunkId() + " has the VLAN id " + a.vlanId() + " twice");
      }
    }
  }

  /** What holds when faults have ended some time ago. */
  void inTheEnd() {
    always();
    for (EniRecord eni : world.cloud.enis().values()) {
      boolean ours = CloudOfCluster.CLUSTER.equals(eni.tags().get(Marks.CLUSTER)) && Marks.ours(eni);
      boolean branch = eni.tags().getOrDefault(Marks.KEY, "").startsWith(BRANCH);
      if (ours && (isDead(eni) || branch && !isWanted(eni))) {
        throw world.broken(ClusterInvariant.NOTHING_LEAKED, eni.id() + " with the tags " + eni.tags() + " is still there");
      }
    }
    boolean planned = !world.modes.isEmpty();
    for (ObjectRecord node : world.api.nodes.values()) {
      String instance = Nodes.instance(node).orElseThrow();
      long trunks = world.cloud.enis().values().stream().filter(e -> e.type().equals("trunk")
          && e.attachment().filter(a -> a.instanceId().equals(instance) && a.deleteOnTermination()).isPresent()).count();
      if (planned && trunks != 1) {
        throw world.broken(ClusterInvariant.ALL_DONE, "node " + node.ref().name() + " has " + trunks + " trunks that go with it");
      }
    }
    for (ObjectRecord pod : world.api.pods.values()) {
      long branches = world.cloud.enis().values().stream().filter(e -> (BRANCH + pod.uid()).equals(e.tags().get(Marks.KEY))
          && world.cloud.associations().containsKey(e.id())).count();
      if (planned && (branches != 1 || !told.containsKey(pod.uid()))) {
        throw world.broken(ClusterInvariant.ALL_DONE, "pod " + pod.ref().name() + " has " + branches + " branches, and is "
            + (told.containsKey(pod.uid()) ? "" : "not ") + "told of one");
      }
    }
  }
}
