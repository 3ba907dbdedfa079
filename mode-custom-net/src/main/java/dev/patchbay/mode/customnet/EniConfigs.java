package dev.patchbay.mode.customnet;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.spi.view.ObjectView;
import java.util.Optional;

/**
 * ENIConfig objects: which one a node names, and what it says. Names and precedence are those of aws-node, so that existing
 * objects go on working.
 */
final class EniConfigs {
  static final ObjectKind KIND = new ObjectKind("crd.k8s.amazonaws.com", "v1alpha1", "ENIConfig", "eniconfigs", false);
  private static final String EXTERNAL_LABEL = "vpc.amazonaws.com/externalEniConfig";
  private static final String OTHERWISE = "default";

  private final String annotation;
  private final String label;

  EniConfigs(String annotation, String label) {
    this.annotation = annotation;
    this.label = label;
  }

  /** The name of the node's ENIConfig; waits for the Node object, without which it could be any. */
  Answer<String> nameFor(NodeView node) {
    Optional<ObjectView> object = node.object();
    if (object.isEmpty()) {
      return Answer.waitFor(new ObjectRef(ObjectKind.NODE, "", node.name()), Codes.OBJECT_UNREADABLE,
          "The Node object " + node.name() + " can't be read, and it says which ENIConfig holds for the node.",
          "Check that the node reaches the API server, and that the node's name is right; it goes on by itself.");
    }
    return Answer.of(named(object.get().labels().get(EXTERNAL_LABEL))
        .or(() -> named(object.get().annotations().get(annotation)))
        .or(() -> named(object.get().labels().get(label)))
        .orElse(OTHERWISE));
  }

  private static Optional<String> named(@org.jspecify.annotations.Nullable String value) {
    return Optional.ofNullable(value).filter(v -> !v.isBlank());
  }

  /** What an ENIConfig says. */
  Answer<Place> read(NodeView node, String name) {
    ObjectRef ref = new ObjectRef(KIND, "", name);
    Optional<ObjectView> object = node.objects().get(ref);
    if (object.isEmpty()) {
      return node.objects().complete(KIND)
          ? Answer.waitFor(ref, Codes.OBJECT_MISSING, "There is no ENIConfig " + name + ", which should say where this node's pods"
              + " lie.", "Make it, or name another by the node's label " + label + " or its annotation " + annotation + ".")
          : Answer.waitFor(ref, Codes.OBJECT_UNREADABLE, "ENIConfig objects can't be read, and one of them says where this node's"
              + " pods lie.", "Check that the node reaches the API server and that the definition of ENIConfig is installed.");
    }
    Fields spec = object.get().content().fields("spec");
    Optional<String> subnet = spec.text("subnet").map(String::strip).filter(s -> !s.isEmpty());
    if (subnet.isEmpty()) {
      return Answer.refuse(Codes.OBJECT_INVALID, "ENIConfig " + name + " names no subnet.",
          "Write the id of a subnet in the node's zone " + node.zone() + " into its spec.subnet.");
    }
    if (!subnet.get().matches("subnet-[0-9a-f]{8,17}")) {
      return Answer.refuse(Codes.OBJECT_INVALID, "ENIConfig " + name + " names the subnet \"" + subnet.get() + "\", which is no id"
          + " of one.", "Write an id such as subnet-0123456789abcdef0 into its spec.subnet.");
    }
    return Answer.of(Place.ofEniConfig(name, subnet.get(), spec.texts("securityGroups")));
  }
}
