package dev.patchbay.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apiguardian.api.API;

/**
 * What a mode needs of the world. From the needs of the modes chosen the runtime makes the IAM policy, the RBAC rules,
 * the list of CRDs and the check at start; what is not declared is not granted. The calls that the runtime makes for any
 * mode (assigning addresses for a lane with a stock, say) the runtime itself derives from plans' kinds; a mode declares
 * them all the same, so that its manifest is complete by itself. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Needs {
  private static final Needs NONE =
      new Needs(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  private final List<String> nodeActions;
  private final List<String> clusterActions;
  private final List<ObjectRule> nodeRules;
  private final List<ObjectRule> clusterRules;
  private final List<String> crds;
  private final List<String> kernelFeatures;
  private final List<String> kernelFeaturesOfSome;
  private final List<String> sysctls;

  private Needs(List<String> nodeActions, List<String> clusterActions, List<ObjectRule> nodeRules,
      List<ObjectRule> clusterRules, List<String> crds, List<String> kernelFeatures, List<String> kernelFeaturesOfSome,
      List<String> sysctls) {
    this.nodeActions = nodeActions;
    this.clusterActions = clusterActions;
    this.nodeRules = nodeRules;
    this.clusterRules = clusterRules;
    this.crds = crds;
    this.kernelFeatures = kernelFeatures;
    this.kernelFeaturesOfSome = kernelFeaturesOfSome;
    this.sysctls = sysctls;
  }

  /**
   * {@return no needs}
   */
  public static Needs none() {
    return NONE;
  }

  /**
   * {@return these needs and EC2 actions that the node calls}
   * @param actions the actions' names, {@code AssignPrivateIpAddresses} say
   */
  public Needs withNodeActions(String... actions) {
    return new Needs(joined(nodeActions, actions), clusterActions, nodeRules, clusterRules, crds, kernelFeatures, kernelFeaturesOfSome, sysctls);
  }

  /**
   * {@return these needs and EC2 actions that the cluster-side controller calls}
   * @param actions the actions' names
   */
  public Needs withClusterActions(String... actions) {
    return new Needs(nodeActions, joined(clusterActions, actions), nodeRules, clusterRules, crds, kernelFeatures, kernelFeaturesOfSome, sysctls);
  }

  /**
   * {@return these needs and objects that the node reads or writes}
   * @param kind their kind
   * @param verbs the verbs of RBAC: get, list, watch, create, update, patch, delete
   */
  public Needs withNodeObjects(ObjectKind kind, String... verbs) {
    return new Needs(nodeActions, clusterActions, joined(nodeRules, new ObjectRule(kind, "", Set.of(verbs))), clusterRules,
        crds, kernelFeatures, kernelFeaturesOfSome, sysctls);
  }

  /**
   * {@return these needs and objects that the cluster-side controller reads or writes}
   * @param kind their kind
   * @param verbs the verbs of RBAC
   */
  public Needs withClusterObjects(ObjectKind kind, String... verbs) {
    return new Needs(nodeActions, clusterActions, nodeRules,
        joined(clusterRules, new ObjectRule(kind, "", Set.of(verbs))), crds, kernelFeatures, kernelFeaturesOfSome, sysctls);
  }

  /**
   * {@return these needs and a subresource that the node writes}
   * @param kind the object's kind
   * @param subresource the subresource, {@code status} say
   * @param verbs the verbs of RBAC
   */
  public Needs withNodeSubresource(ObjectKind kind, String subresource, String... verbs) {
    return new Needs(nodeActions, clusterActions, joined(nodeRules, new ObjectRule(kind, subresource, Set.of(verbs))),
        clusterRules, crds, kernelFeatures, kernelFeaturesOfSome, sysctls);
  }

  /**
   * {@return these needs and a subresource that the cluster-side controller writes}
   * @param kind the object's kind
   * @param subresource the subresource, {@code status} say
   * @param verbs the verbs of RBAC
   */
  public Needs withClusterSubresource(ObjectKind kind, String subresource, String... verbs) {
    return new Needs(nodeActions, clusterActions, nodeRules,
        joined(clusterRules, new ObjectRule(kind, subresource, Set.of(verbs))), crds, kernelFeatures, kernelFeaturesOfSome, sysctls);
  }

  /**
   * {@return these needs and a custom resource definition that comes with the mode}
   * @param resource the name of a YAML resource in the mode's module, {@code /crds/eniconfigs.yaml} say
   */
  public Needs withCrd(String resource) {
    return new Needs(nodeActions, clusterActions, nodeRules, clusterRules, joined(crds, resource), kernelFeatures, kernelFeaturesOfSome, sysctls);
  }

  /**
   * {@return these needs and features that the kernel must have; where one is missing, or has a name that the runtime does not know,
   *     the node refuses to start}
   * @param features their names: {@code veth}, {@code nftables}, {@code conntrack}, {@code policy-routing}, {@code ipv6},
   *     {@code 8021q}, {@code macvlan}, {@code ipvlan}, {@code bridge}, {@code dummy}, {@code vrf}, {@code ifb}
   */
  public Needs withKernelFeatures(String... features) {
    return new Needs(nodeActions, clusterActions, nodeRules, clusterRules, crds, joined(kernelFeatures, features), kernelFeaturesOfSome,
        sysctls);
  }

  /**
   * {@return these needs and features of the kernel that only some pods call for, or some nodes: the node starts without, and such a pod is
   *     refused}
   * @param features their names, as {@link #withKernelFeatures} has them
   */
  public Needs withKernelFeaturesOfSome(String... features) {
    return new Needs(nodeActions, clusterActions, nodeRules, clusterRules, crds, kernelFeatures, joined(kernelFeaturesOfSome, features),
        sysctls);
  }

  /**
   * {@return these needs and sysctls of the node that must be as stated}
   * @param sysctls each as {@code net.ipv4.ip_forward=1}; modes that want one to differ are refused together
   */
  public Needs withSysctls(String... sysctls) {
    return new Needs(nodeActions, clusterActions, nodeRules, clusterRules, crds, kernelFeatures, kernelFeaturesOfSome,
        joined(this.sysctls, sysctls));
  }

  /**
   * {@return these needs and others}
   * @param others the others
   */
  public Needs and(Needs others) {
    return new Needs(joined(nodeActions, others.nodeActions), joined(clusterActions, others.clusterActions),
        joined(nodeRules, others.nodeRules), joined(clusterRules, others.clusterRules), joined(crds, others.crds),
        joined(kernelFeatures, others.kernelFeatures), joined(kernelFeaturesOfSome, others.kernelFeaturesOfSome), joined(sysctls, others.sysctls));
  }

  private static <T> List<T> joined(List<T> first, List<T> more) {
    List<T> all = new ArrayList<>(first);
    all.addAll(more);
    return List.copyOf(all);
  }

  private static List<String> joined(List<String> first, String... more) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(more));
    return List.copyOf(all);
  }

  private static List<ObjectRule> joined(List<ObjectRule> first, ObjectRule more) {
    List<ObjectRule> all = new ArrayList<>(first);
    all.add(more);
    return List.copyOf(all);
  }

  /**
   * {@return EC2 actions that the node calls}
   */
  public List<String> nodeActions() {
    return nodeActions;
  }

  /**
   * {@return EC2 actions that the cluster-side controller calls}
   */
  public List<String> clusterActions() {
    return clusterActions;
  }

  /**
   * {@return objects that the node touches}
   */
  public List<ObjectRule> nodeRules() {
    return nodeRules;
  }

  /**
   * {@return objects that the cluster-side controller touches}
   */
  public List<ObjectRule> clusterRules() {
    return clusterRules;
  }

  /**
   * {@return resources of the mode's module that hold a CRD each}
   */
  public List<String> crds() {
    return crds;
  }

  /**
   * {@return features that the kernel must have}
   */
  public List<String> kernelFeatures() {
    return kernelFeatures;
  }

  /**
   * {@return features of the kernel that only some pods or nodes call for}
   */
  public List<String> kernelFeaturesOfSome() {
    return kernelFeaturesOfSome;
  }

  /**
   * {@return sysctls of the node, each as {@code key=value}}
   */
  public List<String> sysctls() {
    return sysctls;
  }

  /**
   * A rule of RBAC: what may be done with objects of a kind.
   *
   * @param kind the kind
   * @param subresource the subresource, empty for the object itself
   * @param verbs the verbs
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record ObjectRule(ObjectKind kind, String subresource, Set<String> verbs) {
    /**
     * Copies the verbs, in order.
     */
    public ObjectRule {
      verbs = java.util.Collections.unmodifiableSet(new TreeSet<>(verbs));
    }
  }
}
