package dev.patchbay.spi;

import org.apiguardian.api.API;

/**
 * A kind of object of the Kubernetes API.
 *
 * @param group the API group, empty for the core group
 * @param version the version, {@code v1} say
 * @param kind the kind, {@code Pod} say
 * @param plural the name in paths and RBAC rules, {@code pods} say
 * @param namespaced whether objects of the kind live in namespaces
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ObjectKind(String group, String version, String kind, String plural, boolean namespaced) {
  /** Pods. */
  public static final ObjectKind POD = new ObjectKind("", "v1", "Pod", "pods", true);
  /** Nodes. */
  public static final ObjectKind NODE = new ObjectKind("", "v1", "Node", "nodes", false);
  /** Namespaces. */
  public static final ObjectKind NAMESPACE = new ObjectKind("", "v1", "Namespace", "namespaces", false);
  /** Service accounts. */
  public static final ObjectKind SERVICE_ACCOUNT =
      new ObjectKind("", "v1", "ServiceAccount", "serviceaccounts", true);

  /**
   * Files of the node in which CNI networks are configured, as users of Multus have them in {@code /etc/cni/multus/net.d}: no object of
   * the API, and read like one. The name is the file's, {@code text} of the content what stands in it.
   */
  public static final ObjectKind NETWORK_FILE = new ObjectKind("node.patchbay.dev", "v1", "NetworkFile", "networkfiles", false);

  /**
   * {@return group and version as they stand in {@code apiVersion}}
   */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  @Override
  public String toString() {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
