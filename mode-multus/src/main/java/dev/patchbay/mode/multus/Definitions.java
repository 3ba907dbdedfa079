package dev.patchbay.mode.multus;

import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.spi.view.ObjectView;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the networks that pods name. */
final class Definitions {
  /** Describes a network. */
  static final ObjectKind KIND =
      new ObjectKind("k8s.cni.cncf.io", "v1", "NetworkAttachmentDefinition", "network-attachment-definitions", true);
  /** The resource of which a network takes one device for each of its interfaces. */
  static final String RESOURCE = "k8s.v1.cni.cncf.io/resourceName";

  private final boolean isolated;
  private final Set<String> global;

  Definitions(boolean isolated, List<String> global) {
    this.isolated = isolated;
    this.global = Set.copyOf(global);
  }

  /**
   * A network as its object describes it.
   *
   * @param namespace the object's namespace
   * @param name the object's name
   * @param configuration its CNI configuration
   * @param resource the resource of which it takes devices
   */
  record Definition(String namespace, String name, Configuration configuration, Optional<String> resource) {
    String network() {
      return namespace + "/" + name;
    }
  }

  /**
   * Finds the network that a pod names.
   *
   * @param node the node
   * @param pod the pod's namespace
   * @param selection what the pod asks for
   * @return the network
   * @throws Refusal if it may not be used, does not exist or is wrong
   */
  Definition find(NodeView node, String pod, Selection selection) throws Refusal {
    if (isolated && !selection.namespace().equals(pod) && !global.contains(selection.namespace())) {
      throw new Refusal(Refusal.NETWORK_FORBIDDEN, "Namespace isolation is enabled, and a pod of namespace " + pod + " names the network "
          + selection.network() + ", of namespace " + selection.namespace() + ".", "Use a network of the pod's own namespace"
          + (global.isEmpty() ? "." : " or of one of these, which all may use: " + String.join(", ", global.stream().sorted().toList()) + "."));
    }
    Optional<ObjectView> object = node.objects().get(new ObjectRef(KIND, selection.namespace(), selection.name()));
    if (object.isEmpty()) {
      throw new Refusal(Refusal.NO_NETWORK, "There is no NetworkAttachmentDefinition " + selection.network() + ".",
          "Make it, or correct the pod's annotation; kubelet tries again by itself.");
    }
    return read(object.get());
  }

  /** Whether an object's network may be one of our type, or have addresses of ours; of all others nothing is said before a pod names them. */
  static boolean mayHaveOurAddresses(ObjectView object) {
    return object.content().fields("spec").text("config").orElse("").contains(Configuration.OURS);
  }

  /** What an object says of its network. */
  static Definition read(ObjectView object) throws Refusal {
    String network = object.ref().namespace() + "/" + object.ref().name();
    String text = object.content().fields("spec").text("config").orElse("");
    if (text.isBlank()) {
      throw Configuration.wrong(network, "its spec.config is empty, and configurations in files of the node are not read");
    }
    return new Definition(object.ref().namespace(), object.ref().name(), Configuration.of(network, object.ref().name(), text),
        Optional.ofNullable(object.annotations().get(RESOURCE)).filter(r -> !r.isBlank()));
  }
}
