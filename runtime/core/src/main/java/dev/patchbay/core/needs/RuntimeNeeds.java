package dev.patchbay.core.needs;

import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.util.Map;
import java.util.Optional;

/**
 * What the runtime needs whatever modes are chosen. What it does only for a mode's lanes and supplies (making interfaces, assigning
 * addresses) the mode declares.
 */
public final class RuntimeNeeds {
  /** The name under which the runtime stands beside the modes. */
  public static final String NAME = "patchbay";

  /** Events, in the group in which one that happens again is counted and every tool shows the count. */
  public static final ObjectKind EVENT = new ObjectKind("", "v1", "Event", "events", true);

  /** The object by which replicas agree which of them acts; in the namespace of the controller alone. */
  public static final ObjectKind LEASE = new ObjectKind("coordination.k8s.io", "v1", "Lease", "leases", true);

  /** What holds the certificate by which the controller's webhooks are served; in the namespace of the controller alone. */
  public static final ObjectKind SECRET = new ObjectKind("", "v1", "Secret", "secrets", true);

  /** Where the API server reads which webhooks may change objects. */
  public static final ObjectKind MUTATING_WEBHOOKS = new ObjectKind("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration",
      "mutatingwebhookconfigurations", false);

  /** Where the API server reads which webhooks may refuse objects. */
  public static final ObjectKind VALIDATING_WEBHOOKS = new ObjectKind("admissionregistration.k8s.io", "v1",
      "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", false);

  /** The kinds of which one object alone is Patchbay's business, each with its name. */
  private static final Map<ObjectKind, String> NAMES = Map.of(SECRET, "patchbay-cluster-webhook", MUTATING_WEBHOOKS, "patchbay-cluster",
      VALIDATING_WEBHOOKS, "patchbay-cluster");

  private RuntimeNeeds() {}

  /**
   * {@return the one name that objects of a kind have that Patchbay reads and writes; empty if they have any}
   * @param kind the kind
   */
  public static Optional<String> name(ObjectKind kind) {
    return Optional.ofNullable(NAMES.get(kind));
  }

  /**
   * {@return the one object of a kind that Patchbay reads and writes}
   * @param kind a kind of which there is one
   * @param namespace the controller's namespace
   */
  public static ObjectRef only(ObjectKind kind, String namespace) {
    return new ObjectRef(kind, kind.namespaced() ? namespace : "", name(kind).orElseThrow());
  }

  /**
   * {@return whether objects of a kind are granted otherwise than all of the cluster}
   * @param kind the kind
   */
  public static boolean isNarrow(ObjectKind kind) {
    return kind.equals(LEASE) || NAMES.containsKey(kind);
  }

  /**
   * {@return what admission needs, of the side of the cluster: its certificate, and that the API server asks}
   */
  static Needs admission() {
    return Needs.none()
        .withClusterObjects(SECRET, "get", "create", "patch")
        .withClusterObjects(MUTATING_WEBHOOKS, "create", "patch")
        .withClusterObjects(VALIDATING_WEBHOOKS, "create", "patch");
  }

  /**
   * {@return the needs of one side}
   * @param side the side
   */
  public static Needs of(Side side) {
    return switch (side) {
      case NODE -> Needs.none()
          // The witness of what the node has, and the limits of a type that the table lacks.
          .withNodeActions("DescribeInstanceTypes", "DescribeNetworkInterfaces")
          // The node's labels choose overrides of the configuration; its condition says whether pods can be served.
          .withNodeObjects(ObjectKind.NODE, "get", "list", "watch")
          .withNodeSubresource(ObjectKind.NODE, "status", "patch")
          // Events say what the operator should know; those of a pod carry its uid, by which tools find them.
          .withNodeObjects(EVENT, "create", "patch")
          .withNodeObjects(ObjectKind.POD, "get")
          // The fast datapath and the end of a pod's connections.
          .withKernelFeatures("conntrack", "nftables", "policy-routing");
      case CLUSTER -> Needs.none()
          // The sweep of what dead nodes have left.
          .withClusterActions("DeleteNetworkInterface", "DescribeInstances", "DescribeNetworkInterfaces")
          .withClusterObjects(ObjectKind.NODE, "get", "list", "watch")
          // Of several replicas one acts; what it finds it says about the Lease by Events.
          .withClusterObjects(LEASE, "get", "create", "patch")
          // What modes registered that are not chosen any more is taken back.
          .withClusterObjects(MUTATING_WEBHOOKS, "get", "delete")
          .withClusterObjects(VALIDATING_WEBHOOKS, "get", "delete")
          .withClusterObjects(EVENT, "create", "patch");
    };
  }
}
