package dev.patchbay.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.KubeApiException;
import dev.patchbay.lab.kube.KubeApiServer;
import dev.patchbay.lab.kube.KubeObjects;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.InstanceType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** The lab's part in the Kubernetes API: what an installer, cloud controller, scheduler and kubelet would write there. */
final class Cluster {
  private static final String NAMESPACE = "kube-system";
  private static final String ACCOUNT = "patchbay-node";
  private static final String CONTROLLER = "patchbay-cluster";
  private static final String WEBHOOK = "webhook";
  private static final String SLICES = "endpointslices.discovery.k8s.io";
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  private final KubeApiServer api;
  private final KubeObjects objects;

  Cluster(KubeApiServer api) {
    this.api = api;
    objects = api.objects();
  }

  /**
   * The daemon's service account and its rights.
   *
   * @param rules the rules of its role
   */
  void install(JsonNode rules) {
    ObjectNode account = object("v1", "ServiceAccount", ACCOUNT);
    metadata(account).put("namespace", NAMESPACE);
    objects.create(account);
    ObjectNode role = object("rbac.authorization.k8s.io/v1", "ClusterRole", ACCOUNT);
    role.set("rules", rules);
    objects.create(role);
    ObjectNode binding = object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", ACCOUNT);
    binding.putObject("roleRef").put("apiGroup", "rbac.authorization.k8s.io").put("kind", "ClusterRole").put("name", ACCOUNT);
    binding.putArray("subjects").addObject().put("kind", "ServiceAccount").put("namespace", NAMESPACE).put("name", ACCOUNT);
    objects.create(binding);
  }

  /**
   * The kubeconfig with which the daemon reaches the API server.
   *
   * @param host where nodes reach it
   */
  String nodeKubeconfig(String host) {
    String token = api.serviceAccountToken(NAMESPACE, ACCOUNT);
    return api.kubeconfig(ACCOUNT, token).replace(api.url(), "https://" + host + ":" + api.port());
  }

  /** What gives the replicas of the controller their rights: the objects as `patchbay permissions --rbac` prints them. */
  void installController(JsonNode printed) {
    printed.forEach(each -> objects.create(each.deepCopy()));
    ObjectNode service = object("v1", "Service", CONTROLLER);
    metadata(service).put("namespace", NAMESPACE);
    service.putObject("spec").putArray("ports").addObject().put("name", WEBHOOK).put("port", 443);
    objects.create(service);
  }

  /** The kubeconfig with which a replica of the controller reaches the API server on this machine. */
  String controllerKubeconfig() {
    String token = api.serviceAccountToken(NAMESPACE, CONTROLLER);
    return api.kubeconfig(CONTROLLER, token);
  }

  /** A replica's endpoint of the Service that leads to the controller's webhooks. */
  void tellEndpoint(String replica, String address, int port, boolean ready) {
    String name = CONTROLLER + "-" + replica;
    try {
      if (objects.get(SLICES, NAMESPACE, name).isEmpty()) {
        ObjectNode slice = object("discovery.k8s.io/v1", "EndpointSlice", name);
        metadata(slice).put("namespace", NAMESPACE).putObject("labels").put("kubernetes.io/service-name", CONTROLLER);
        slice.put("addressType", "IPv4");
        slice.putArray("ports").addObject().put("name", WEBHOOK).put("port", port).put("protocol", "TCP");
        ObjectNode endpoint = slice.putArray("endpoints").addObject();
        endpoint.putArray("addresses").add(address);
        endpoint.putObject("conditions").put("ready", ready);
        objects.create(slice);
      } else {
        objects.update(SLICES, NAMESPACE, name, slice -> {
          ((ObjectNode) slice.at("/endpoints/0/conditions")).put("ready", ready);
          return slice;
        });
      }
    } catch (KubeApiException refused) {
      // A real API server takes no endpoint on loopback; whoever runs one can't call webhooks by this Service.
      return;
    }
  }

  /** A node as kubelet and cloud controller describe it. */
  void addNode(String name, Instance instance, String region, String address) {
    ObjectNode node = object("v1", "Node", name);
    ObjectNode labels = metadata(node).putObject("labels");
    labels.put("kubernetes.io/hostname", name);
    labels.put("kubernetes.io/os", "linux");
    labels.put("node.kubernetes.io/instance-type", instance.type().name());
    labels.put("topology.kubernetes.io/region", region);
    labels.put("topology.kubernetes.io/zone", instance.zone());
    node.putObject("spec").put("providerID", "aws:///" + instance.zone() + "/" + instance.id());
    objects.create(node);
    String pods = String.valueOf(podsOf(instance.type()));
    objects.updateStatus("nodes", "", name, tree -> {
      ObjectNode status = tree.withObject("/status");
      status.putObject("capacity").put("pods", pods).put("cpu", "2").put("memory", "8Gi");
      status.putObject("allocatable").put("pods", pods).put("cpu", "2").put("memory", "8Gi");
      ArrayNode addresses = status.putArray("addresses");
      addresses.addObject().put("type", "InternalIP").put("address", address);
      addresses.addObject().put("type", "Hostname").put("address", name);
      condition(status.putArray("conditions"), "Ready", true);
      return tree;
    });
  }

  /** As many as EKS gives kubelet for a type: the secondary addresses, and two pods in the host's network. */
  static int podsOf(InstanceType type) {
    return type.interfaces() * (type.ipv4PerInterface() - 1) + 2;
  }

  void removeNode(String name) {
    objects.deleteNow("nodes", "", name);
  }

  /** A pod that the scheduler has given to a node. Returns its uid. */
  String addPod(String node, PodRequest request) {
    if (objects.get("namespaces", "", request.namespace()).isEmpty()) {
      try {
        objects.create(object("v1", "Namespace", request.namespace()));
      } catch (KubeApiException refused) {
        if (refused.code() != CONFLICT) {
          throw refused;
        }
      }
    }
    ObjectNode pod = object("v1", "Pod", request.name());
    ObjectNode metadata = metadata(pod).put("namespace", request.namespace());
    put(metadata, "annotations", request.annotations());
    put(metadata, "labels", request.labels());
    if (!request.serviceAccount().equals("default")) {
      // The controller that makes the account default may be a moment behind; others are somebody's to make.
      if (objects.get("serviceaccounts", request.namespace(), request.serviceAccount()).isEmpty()) {
        throw new LabException("there is no service account " + request.namespace() + "/" + request.serviceAccount() + " for pod "
            + request.name() + "; make it first: kubectl create serviceaccount " + request.serviceAccount() + " -n " + request.namespace());
      }
    }
    ObjectNode spec = pod.putObject("spec").put("nodeName", node).put("serviceAccountName", request.serviceAccount());
    ObjectNode container = spec.putArray("containers").addObject().put("name", "main").put("image", "lab/none");
    if (!request.resources().isEmpty()) {
      ObjectNode resources = container.putObject("resources");
      put(resources, "requests", request.resources());
      put(resources, "limits", request.resources());
    }
    if (!request.ports().isEmpty()) {
      ArrayNode ports = container.putArray("ports");
      for (PodRequest.Port port : request.ports()) {
        ports.addObject()
            .put("hostPort", port.hostPort())
            .put("containerPort", port.containerPort())
            .put("protocol", port.protocol().toUpperCase(java.util.Locale.ROOT));
      }
    }
    return objects.create(pod).path("metadata").path("uid").asText();
  }

  /** What kubelet writes once the pod has its network. */
  void podRuns(String namespace, String name, List<String> addresses) {
    objects.updateStatus("pods", namespace, name, tree -> {
      ObjectNode status = tree.withObject("/status");
      status.put("phase", "Running");
      status.put("startTime", now());
      ArrayNode ips = status.putArray("podIPs");
      addresses.forEach(address -> ips.addObject().put("ip", address));
      addresses.stream().findFirst().ifPresent(first -> status.put("podIP", first));
      ArrayNode conditions = status.putArray("conditions");
      condition(conditions, "PodScheduled", true);
      condition(conditions, "Ready", true);
      return tree;
    });
  }

  /** What kubelet does when a pod has ended. */
  void removePod(String namespace, String name) {
    try {
      objects.deleteNow("pods", namespace, name);
    } catch (KubeApiException refused) {
      if (refused.code() != NOT_FOUND) {
        throw refused;
      }
    }
  }

  private static void condition(ArrayNode conditions, String type, boolean value) {
    conditions.addObject().put("type", type).put("status", value ? "True" : "False").put("lastTransitionTime", now());
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static void put(ObjectNode tree, String name, Map<String, String> texts) {
    if (!texts.isEmpty()) {
      ObjectNode all = tree.putObject(name);
      texts.forEach(all::put);
    }
  }

  private static ObjectNode metadata(JsonNode object) {
    return (ObjectNode) object.path("metadata");
  }

  private static ObjectNode object(String apiVersion, String kind, String name) {
    ObjectNode object = JsonNodeFactory.instance.objectNode().put("apiVersion", apiVersion).put("kind", kind);
    object.putObject("metadata").put("name", name);
    return object;
  }
}
