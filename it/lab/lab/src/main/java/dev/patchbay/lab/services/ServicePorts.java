package dev.patchbay.lab.services;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.lab.kube.KubeObjects;
import dev.patchbay.lab.services.ServicePort.Endpoint;
import dev.patchbay.lab.services.ServicePort.Policy;
import dev.patchbay.netlink.Family;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What the objects of the Kubernetes API say about services. Endpoints come from a service's slices; where nobody writes
 * any, from the pods that its selector finds, as the endpoint slice controller would.
 */
final class ServicePorts {
  private static final long USUAL_AFFINITY_SECONDS = 10_800;
  private static final String SLICES = "endpointslices.discovery.k8s.io";

  private final KubeObjects objects;

  ServicePorts(KubeObjects objects) {
    this.objects = objects;
  }

  /** All ports of all services with a cluster address, in a stable order. */
  List<ServicePort> read() {
    List<ServicePort> all = new ArrayList<>();
    for (JsonNode service : objects.list("services", "", "")) {
      for (JsonNode address : service.at("/spec/clusterIPs")) {
        if (address.asText().matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
          InetAddress cluster = InetAddress.ofLiteral(address.asText());
          service.at("/spec/ports").forEach(port -> all.add(read(service, cluster, port)));
        }
      }
    }
    all.sort(Comparator.comparing(ServicePort::name).thenComparing(ServicePort::protocol));
    return all;
  }

  private ServicePort read(JsonNode service, InetAddress cluster, JsonNode port) {
    String portName = port.path("name").asText("");
    String name = text(service, "/metadata/namespace") + "/" + text(service, "/metadata/name");
    JsonNode spec = service.path("spec");
    boolean sticky = text(spec, "/sessionAffinity").equals("ClientIP");
    return new ServicePort(
        portName.isEmpty() ? name : name + ":" + portName,
        protocol(port),
        cluster,
        port.path("port").asInt(),
        Optional.of(port.path("nodePort").asInt()).filter(number -> number != 0),
        endpoints(service, Family.of(cluster), port),
        policy(spec, "internalTrafficPolicy"),
        policy(spec, "externalTrafficPolicy"),
        sticky ? spec.at("/sessionAffinityConfig/clientIP/timeoutSeconds").asLong(USUAL_AFFINITY_SECONDS) : 0);
  }

  private List<Endpoint> endpoints(JsonNode service, Family family, JsonNode port) {
    String namespace = text(service, "/metadata/namespace");
    List<? extends JsonNode> slices =
        objects.list(SLICES, namespace, "kubernetes.io/service-name=" + text(service, "/metadata/name"));
    Stream<Endpoint> found =
        slices.isEmpty() ? fromPods(service, namespace, family, port) : fromSlices(slices, family, port);
    return found.distinct().sorted(Comparator.comparing(Endpoint::text)).toList();
  }

  private static Stream<Endpoint> fromSlices(List<? extends JsonNode> slices, Family family, JsonNode port) {
    String type = family == Family.IPV4 ? "IPv4" : "IPv6";
    List<Endpoint> ready = new ArrayList<>();
    List<Endpoint> lastResort = new ArrayList<>();
    for (JsonNode slice : slices) {
      if (!slice.path("addressType").asText().equals(type)) {
        continue;
      }
      for (JsonNode offered : slice.path("ports")) {
        if (!offered.path("name").asText("").equals(port.path("name").asText("")) || !protocol(offered).equals(protocol(port))) {
          continue;
        }
        for (JsonNode endpoint : slice.path("endpoints")) {
          JsonNode conditions = endpoint.path("conditions");
          boolean is = conditions.path("ready").asBoolean(true);
          boolean was = conditions.path("serving").asBoolean(false) && conditions.path("terminating").asBoolean(false);
          JsonNode address = endpoint.path("addresses").path(0);
          if ((is || was) && !address.isMissingNode()) {
            Endpoint read =
                new Endpoint(
                    InetAddress.ofLiteral(address.asText()), offered.path("port").asInt(), endpoint.path("nodeName").asText(""));
            (is ? ready : lastResort).add(read);
          }
        }
      }
    }
    // Pods that end still serve while there is none else (Kubernetes documentation, "Traffic to terminating endpoints").
    return (ready.isEmpty() ? lastResort : ready).stream();
  }

  private Stream<Endpoint> fromPods(JsonNode service, String namespace, Family family, JsonNode port) {
    JsonNode selector = service.at("/spec/selector");
    if (selector.isEmpty()) {
      return Stream.empty();
    }
    List<String> terms = new ArrayList<>();
    selector.properties().forEach(entry -> terms.add(entry.getKey() + "=" + entry.getValue().asText()));
    boolean early = service.at("/spec/publishNotReadyAddresses").asBoolean(false);
    List<Endpoint> found = new ArrayList<>();
    for (JsonNode pod : objects.list("pods", namespace, String.join(",", terms))) {
      if (pod.at("/metadata").has("deletionTimestamp") || !(early || ready(pod))) {
        continue;
      }
      for (JsonNode ip : pod.at("/status/podIPs")) {
        InetAddress address = InetAddress.ofLiteral(ip.path("ip").asText());
        if (Family.of(address) == family) {
          target(pod, port).ifPresent(number -> found.add(new Endpoint(address, number, text(pod, "/spec/nodeName"))));
          break;
        }
      }
    }
    return found.stream();
  }

  private static boolean ready(JsonNode pod) {
    return stream(pod.at("/status/conditions"))
        .anyMatch(condition -> condition.path("type").asText().equals("Ready") && condition.path("status").asText().equals("True"));
  }

  /** The number of a target port, which may be the name of a container's port. */
  private static Optional<Integer> target(JsonNode pod, JsonNode port) {
    JsonNode target = port.path("targetPort");
    if (!target.isTextual()) {
      return Optional.of(target.asInt(port.path("port").asInt()));
    }
    return stream(pod.at("/spec/containers"))
        .flatMap(container -> stream(container.path("ports")))
        .filter(each -> each.path("name").asText().equals(target.asText()) && protocol(each).equals(protocol(port)))
        .map(each -> each.path("containerPort").asInt())
        .findFirst();
  }

  private static Policy policy(JsonNode spec, String field) {
    return spec.path(field).asText("").equals("Local") ? Policy.LOCAL : Policy.CLUSTER;
  }

  private static String protocol(JsonNode port) {
    return port.path("protocol").asText("TCP").toLowerCase(Locale.ROOT);
  }

  private static String text(JsonNode object, String path) {
    return object.at(path).asText("");
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
