package dev.patchbay.lab.kube.resources;

import dev.patchbay.lab.kube.model.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The resources that are always served. Names as in the Kubernetes API reference. */
final class BuiltInResources {
  private static final boolean NAMESPACED = true;
  private static final boolean CLUSTER = false;

  private final List<ResourceType> types = new ArrayList<>();

  private BuiltInResources() {}

  static List<ResourceType> all() {
    BuiltInResources resources = new BuiltInResources();
    resources.core();
    resources.workloads();
    resources.others();
    return List.copyOf(resources.types);
  }

  private void core() {
    add("", "v1", "Namespace", "namespaces", CLUSTER, List.of("ns"), List.of(), "status", "finalize");
    add("", "v1", "Node", "nodes", CLUSTER, List.of("no"), List.of(), "status");
    add("", "v1", "Pod", "pods", NAMESPACED, List.of("po"), List.of("all"), "status");
    add("", "v1", "Service", "services", NAMESPACED, List.of("svc"), List.of("all"), "status");
    add("", "v1", "Endpoints", "endpoints", "endpoints", NAMESPACED, List.of("ep"), List.of());
    add("", "v1", "ConfigMap", "configmaps", NAMESPACED, List.of("cm"), List.of());
    add("", "v1", "Secret", "secrets", NAMESPACED, List.of(), List.of());
    add("", "v1", "ServiceAccount", "serviceaccounts", NAMESPACED, List.of("sa"), List.of());
    add("", "v1", "Event", "events", NAMESPACED, List.of("ev"), List.of());
    add("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", NAMESPACED, List.of("pvc"), List.of(), "status");
    add("", "v1", "PersistentVolume", "persistentvolumes", CLUSTER, List.of("pv"), List.of(), "status");
    add("", "v1", "ResourceQuota", "resourcequotas", NAMESPACED, List.of("quota"), List.of(), "status");
    add("", "v1", "LimitRange", "limitranges", NAMESPACED, List.of("limits"), List.of());
  }

  private void workloads() {
    List<String> all = List.of("all");
    add("apps", "v1", "DaemonSet", "daemonsets", NAMESPACED, List.of("ds"), all, "status");
    add("apps", "v1", "Deployment", "deployments", NAMESPACED, List.of("deploy"), all, "status");
    add("apps", "v1", "ReplicaSet", "replicasets", NAMESPACED, List.of("rs"), all, "status");
    add("apps", "v1", "StatefulSet", "statefulsets", NAMESPACED, List.of("sts"), all, "status");
    add("apps", "v1", "ControllerRevision", "controllerrevisions", NAMESPACED, List.of(), List.of());
    add("batch", "v1", "Job", "jobs", NAMESPACED, List.of(), all, "status");
    add("batch", "v1", "CronJob", "cronjobs", NAMESPACED, List.of("cj"), all, "status");
    add("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", NAMESPACED, List.of("pdb"), List.of(), "status");
  }

  private void others() {
    List<String> extensions = List.of("api-extensions");
    add("coordination.k8s.io", "v1", "Lease", "leases", NAMESPACED, List.of(), List.of());
    add("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", NAMESPACED, List.of(), List.of());
    add("events.k8s.io", "v1", "Event", "events", NAMESPACED, List.of("ev"), List.of());
    add(
        "networking.k8s.io",
        "v1",
        "NetworkPolicy",
        "networkpolicies",
        "networkpolicy",
        NAMESPACED,
        List.of("netpol"),
        List.of());
    add(
        "scheduling.k8s.io",
        "v1",
        "PriorityClass",
        "priorityclasses",
        "priorityclass",
        CLUSTER,
        List.of("pc"),
        List.of());
    add("rbac.authorization.k8s.io", "v1", "Role", "roles", NAMESPACED, List.of(), List.of());
    add("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", CLUSTER, List.of(), List.of());
    add("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", NAMESPACED, List.of(), List.of());
    add("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", CLUSTER, List.of(), List.of());
    add(
        "apiextensions.k8s.io",
        "v1",
        "CustomResourceDefinition",
        "customresourcedefinitions",
        CLUSTER,
        List.of("crd", "crds"),
        extensions,
        "status");
    add(
        "admissionregistration.k8s.io",
        "v1",
        "MutatingWebhookConfiguration",
        "mutatingwebhookconfigurations",
        CLUSTER,
        List.of(),
        extensions);
    add(
        "admissionregistration.k8s.io",
        "v1",
        "ValidatingWebhookConfiguration",
        "validatingwebhookconfigurations",
        CLUSTER,
        List.of(),
        extensions);
  }

  private void add(
      String group,
      String version,
      String kind,
      String plural,
      boolean namespaced,
      List<String> shortNames,
      List<String> categories,
      String... subresources) {
    String singular = plural.substring(0, plural.length() - 1);
    add(group, version, kind, plural, singular, namespaced, shortNames, categories, subresources);
  }

  private void add(
      String group,
      String version,
      String kind,
      String plural,
      String singular,
      boolean namespaced,
      List<String> shortNames,
      List<String> categories,
      String... subresources) {
    types.add(
        new ResourceType(
            group, version, kind, plural, singular, namespaced, shortNames, categories, Set.of(subresources), false));
  }
}
