package dev.patchbay.lab.kube.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ObjectKey;
import dev.patchbay.lab.kube.store.ObjectStore;
import dev.patchbay.lab.kube.store.StoredObject;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * From a service to the address and port of its first ready endpoint: from its EndpointSlices, or its Endpoints. An
 * external name is followed; the cluster address comes last, as it reaches somebody only where services are forwarded.
 */
public final class ServiceAddresses implements UnaryOperator<String> {
  private final ObjectStore store;

  /** Reads services and endpoints from a store. */
  public ServiceAddresses(ObjectStore store) {
    this.store = store;
  }

  /**
   * The address of a service.
   *
   * @param place {@code NAMESPACE/NAME:PORT}
   * @return {@code HOST:PORT}, empty if there is none
   */
  @Override
  public String apply(String place) {
    int slash = place.indexOf('/');
    int colon = place.lastIndexOf(':');
    ObjectKey key = new ObjectKey(place.substring(0, slash), place.substring(slash + 1, colon));
    int port = Integer.parseInt(place.substring(colon + 1));
    Optional<ObjectNode> service = store.get("services", key).map(StoredObject::content);
    if (service.isEmpty()) {
      return "";
    }
    String external = Json.text(service.get(), "spec", "externalName");
    if (!external.isEmpty()) {
      return host(external) + ":" + port;
    }
    String portName = "";
    for (JsonNode each : Json.at(service.get(), "spec", "ports")) {
      if (each.path("port").asInt() == port) {
        portName = Json.text(each, "name");
      }
    }
    String name = portName;
    return fromSlices(key, name)
        .or(() -> fromEndpoints(key, name))
        .or(() -> clusterAddress(service.get()).map(address -> host(address) + ":" + port))
        .orElse("");
  }

  private static Optional<String> clusterAddress(ObjectNode service) {
    return Json.optional(service, "spec", "clusterIP").filter(address -> !address.equals("None"));
  }

  private Optional<String> fromSlices(ObjectKey service, String portName) {
    Optional<String> namespace = Optional.of(service.namespace());
    for (StoredObject slice :
        store.list("endpointslices.discovery.k8s.io", namespace, OptionalLong.empty()).objects()) {
      ObjectNode content = slice.content();
      String named = Json.text(content, "metadata", "labels", "kubernetes.io/service-name");
      boolean belongs = service.name().equals(named);
      Optional<Integer> port = port(content.path("ports"), portName);
      if (belongs && port.isPresent()) {
        for (JsonNode endpoint : content.path("endpoints")) {
          if (Json.at(endpoint, "conditions", "ready").asBoolean(true) && !endpoint.path("addresses").isEmpty()) {
            return Optional.of(host(endpoint.path("addresses").get(0).asText()) + ":" + port.get());
          }
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> fromEndpoints(ObjectKey service, String portName) {
    for (JsonNode subset :
        store.get("endpoints", service).map(found -> found.content().path("subsets")).orElseGet(Json::array)) {
      Optional<Integer> port = port(subset.path("ports"), portName);
      if (port.isPresent() && !subset.path("addresses").isEmpty()) {
        return Optional.of(host(Json.text(subset.path("addresses").get(0), "ip")) + ":" + port.get());
      }
    }
    return Optional.empty();
  }

  private static Optional<Integer> port(JsonNode ports, String name) {
    for (JsonNode each : ports) {
      if (Json.text(each, "name").equals(name)) {
        return Optional.of(each.path("port").asInt());
      }
    }
    return Optional.empty();
  }

  private static String host(String address) {
    return address.contains(":") ? "[" + address + "]" : address;
  }
}
