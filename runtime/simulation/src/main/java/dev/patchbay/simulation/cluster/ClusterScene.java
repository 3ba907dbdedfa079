package dev.patchbay.simulation.cluster;

import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.simulation.model.Chance;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the objects of a cluster look like to the modes that plan for it: how pods ask, and how they are told. */
public interface ClusterScene {
  /** Pods ask by a label, and are told in an annotation of words. */
  ClusterScene MARKED = new ClusterScene() {
    @Override
    public Map<String, String> labels(Chance chance) {
      return Map.of("synthetic.patchbay.dev/branch", "yes");
    }

    @Override
    public Fields spec() {
      return Fields.empty();
    }

    @Override
    public Optional<Told> told(ObjectRecord pod) {
      // The address, the interface, the VLAN id, the MAC address, the gateway.
      return pod.annotations().values().stream().map(text -> text.split(" ", -1)).filter(words -> words.length >= 3)
          .map(words -> new Told(words[1], Integer.parseInt(words[2]))).findFirst();
    }
  };

  /**
   * What a pod was told.
   *
   * @param eni its branch
   * @param vlanId the VLAN id
   */
  record Told(String eni, int vlanId) {}

  /**
   * {@return the labels of the next pod}
   * @param chance draws
   */
  Map<String, String> labels(Chance chance);

  /**
   * {@return the specification of every pod}
   */
  Fields spec();

  /**
   * {@return what a pod was told by its annotations}
   * @param pod the pod
   */
  Optional<Told> told(ObjectRecord pod);

  /**
   * {@return the kinds of further objects}
   */
  default Set<ObjectKind> kinds() {
    return Set.of();
  }

  /**
   * {@return the further objects that a node has, which go with it}
   * @param name the node's name
   */
  default List<ObjectRecord> ofNode(String name) {
    return List.of();
  }

  /**
   * {@return the further objects of the cluster, in each of the states that follow on one another; none: there are none. With those of the
   *     first, to which calm comes back, every pod can have what it asks for}
   */
  default List<List<ObjectRecord>> states() {
    return List.of();
  }

  /**
   * {@return whether a pod may come again under the same name}
   */
  default boolean namesComeAgain() {
    return false;
  }
}
