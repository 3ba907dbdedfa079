package dev.patchbay.lab.kube;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import java.util.List;

/**
 * What a new cluster has: namespaces, and the roles that clients count on (Kubernetes documentation, "Using RBAC
 * Authorization", "Default roles and role bindings").
 */
final class Bootstrap {
  private static final String RBAC = "rbac.authorization.k8s.io";

  private final KubeObjects objects;

  private Bootstrap(KubeObjects objects) {
    this.objects = objects;
  }

  /**
   * @param serviceAddress the cluster address of the service {@code kubernetes}
   * @param host where the API server itself is reached
   * @param port the port there
   */
  static void run(KubeObjects objects, String serviceAddress, String host, int port) {
    Bootstrap bootstrap = new Bootstrap(objects);
    List.of("default", "kube-system", "kube-public", "kube-node-lease").forEach(bootstrap::namespace);
    bootstrap.roles();
    bootstrap.service(serviceAddress, host, port);
  }

  /** The API server as pods see it (Kubernetes documentation, "Accessing the Kubernetes API from a Pod"). */
  private void service(String address, String host, int port) {
    ObjectNode service = object("v1", "Service", "kubernetes");
    Json.child(service, "metadata", "labels").put("component", "apiserver").put("provider", "kubernetes");
    ObjectNode spec = service.putObject("spec").put("clusterIP", address);
    spec.putArray("ports")
        .addObject()
        .put("name", "https")
        .put("port", 443)
        .put("protocol", "TCP")
        .put("targetPort", port);
    objects.create(service);
    endpoint(host, port);
  }

  /** The endpoint of the service {@code kubernetes} alone, where the service is there already. */
  static void endpoint(KubeObjects objects, KubeApiOptions options, int port) {
    options.certificateNames().stream()
        .filter(name -> name.matches("[0-9.]+"))
        .findFirst()
        .ifPresent(host -> new Bootstrap(objects).endpoint(host, port));
  }

  private void endpoint(String host, int port) {
    ObjectNode slice = object("discovery.k8s.io/v1", "EndpointSlice", "kubernetes");
    Json.child(slice, "metadata", "labels").put("kubernetes.io/service-name", "kubernetes");
    boolean numeric = host.matches("[0-9.]+|.*:.*");
    slice.put("addressType", numeric ? (host.contains(":") ? "IPv6" : "IPv4") : "FQDN");
    slice.putArray("ports").addObject().put("name", "https").put("port", port).put("protocol", "TCP");
    ObjectNode endpoint = slice.putArray("endpoints").addObject();
    endpoint.putArray("addresses").add(host);
    endpoint.putObject("conditions").put("ready", true);
    objects.create(slice);
  }

  private void namespace(String name) {
    objects.create(object("v1", "Namespace", name));
  }

  private void roles() {
    ObjectNode admin = clusterRole("cluster-admin");
    rule(admin, List.of("*"), List.of("*"), List.of("*"));
    paths(admin, List.of("*"), List.of("*"));
    create(admin, "system:masters");

    ObjectNode discovery = clusterRole("system:discovery");
    paths(
        discovery,
        List.of("get"),
        List.of(
            "/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz",
            "/version", "/version/"));
    create(discovery, "system:authenticated");

    ObjectNode basic = clusterRole("system:basic-user");
    rule(
        basic,
        List.of("authorization.k8s.io"),
        List.of("selfsubjectaccessreviews", "selfsubjectrulesreviews"),
        List.of("create"));
    rule(basic, List.of("authentication.k8s.io"), List.of("selfsubjectreviews"), List.of("create"));
    create(basic, "system:authenticated");

    ObjectNode view = clusterRole("view");
    rule(
        view,
        List.of("", "apps", "batch", "discovery.k8s.io", "events.k8s.io", "networking.k8s.io", "policy"),
        List.of(
            "configmaps", "daemonsets", "deployments", "endpoints", "endpointslices", "events", "namespaces",
            "networkpolicies", "pods", "pods/status", "replicasets", "serviceaccounts", "services", "statefulsets"),
        List.of("get", "list", "watch"));
    objects.create(view);
  }

  private static ObjectNode clusterRole(String name) {
    ObjectNode role = object(RBAC + "/v1", "ClusterRole", name);
    Json.child(role, "metadata", "labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
    role.putArray("rules");
    return role;
  }

  private static void rule(ObjectNode role, List<String> groups, List<String> resources, List<String> verbs) {
    ObjectNode rule = ((ArrayNode) role.get("rules")).addObject();
    rule.set("verbs", Json.strings(verbs));
    rule.set("apiGroups", Json.strings(groups));
    rule.set("resources", Json.strings(resources));
  }

  private static void paths(ObjectNode role, List<String> verbs, List<String> paths) {
    ObjectNode rule = ((ArrayNode) role.get("rules")).addObject();
    rule.set("verbs", Json.strings(verbs));
    rule.set("nonResourceURLs", Json.strings(paths));
  }

  private void create(ObjectNode role, String group) {
    String name = Json.text(role, "metadata", "name");
    objects.create(role);
    ObjectNode binding = object(RBAC + "/v1", "ClusterRoleBinding", name);
    binding.putObject("roleRef").put("apiGroup", RBAC).put("kind", "ClusterRole").put("name", name);
    binding.putArray("subjects").addObject().put("apiGroup", RBAC).put("kind", "Group").put("name", group);
    objects.create(binding);
  }

  private static ObjectNode object(String apiVersion, String kind, String name) {
    ObjectNode object = Json.object().put("apiVersion", apiVersion).put("kind", kind);
    object.putObject("metadata").put("name", name);
    return object;
  }
}
