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
    return read(node, object.get());
  }

  /** Whether an object's network may be one of our type, or have addresses of ours; of all others nothing is said before a pod names them. */
  static boolean mayHaveOurAddresses(NodeView node, ObjectView object) {
    return text(node, object).filter(text -> text.contains(Configuration.OURS)).isPresent();
  }

  /** The configuration of an object, or that in the first of the node's files that has its name; empty if there is none. */
  private static Optional<String> text(NodeView node, ObjectView object) {
    String own = object.content().fields("spec").text("config").orElse("");
    return own.isBlank() ? node.objects().list(ObjectKind.NETWORK_FILE).stream().map(file -> file.content().text("text").orElse(""))
        .filter(text -> isNamed(text, object.ref().name())).findFirst() : Optional.of(own);
  }

  private static boolean isNamed(String text, String name) {
    try {
      return name.equals(Json.object(text).get("name"));
    } catch (IllegalArgumentException e) {
      // Of whom a file is that can't be read nobody knows.
      return false;
    }
  }

  /** What an object says of its network. */
  static Definition read(NodeView node, ObjectView object) throws Refusal {
    String network = object.ref().namespace() + "/" + object.ref().name();
    String text = text(node, object).orElseThrow(() -> new Refusal(Refusal.NETWORK_INVALID, "NetworkAttachmentDefinition " + network
        + " can't be used: its spec.config is empty, and no file of this node has a network configuration of the name "
        + object.ref().name() + ".", "Write the configuration into the object, or a file with it into the folder that cni.networkDir of"
        + " Patchbay's configuration names."));
    return new Definition(object.ref().namespace(), object.ref().name(), Configuration.of(network, object.ref().name(), text),
        Optional.ofNullable(object.annotations().get(RESOURCE)).filter(r -> !r.isBlank()));
  }
}
