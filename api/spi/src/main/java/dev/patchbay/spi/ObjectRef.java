package dev.patchbay.spi;

import org.apiguardian.api.API;

/**
 * The name of an object of the Kubernetes API.
 *
 * @param kind the object's kind
 * @param namespace its namespace, empty for a cluster-scoped object
 * @param name its name
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ObjectRef(ObjectKind kind, String namespace, String name) {
  @Override
  public String toString() {
    return kind.kind() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
