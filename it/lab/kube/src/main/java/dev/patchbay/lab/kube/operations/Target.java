package dev.patchbay.lab.kube.operations;

import dev.patchbay.lab.kube.model.ObjectKey;
import dev.patchbay.lab.kube.model.ResourceType;

/**
 * What a request is about.
 *
 * @param type the resource, in the version that the caller speaks
 * @param namespace empty for cluster-scoped resources
 * @param name empty for a create
 * @param subresource empty for the object itself
 */
public record Target(ResourceType type, String namespace, String name, String subresource) {
  /** Where the object is stored. */
  public ObjectKey key() {
    return new ObjectKey(namespace, name);
  }

  /** The same for an object of another name. */
  public Target named(String other) {
    return new Target(type, namespace, other, subresource);
  }
}
