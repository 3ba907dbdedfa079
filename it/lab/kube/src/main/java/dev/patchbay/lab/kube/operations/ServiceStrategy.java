package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.Names;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import dev.patchbay.lab.kube.store.ObjectStore;
import dev.patchbay.lab.kube.store.StoredObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Services: their cluster addresses and node ports are given out here (Kubernetes documentation, "Service",
 * "Service ClusterIP allocation"). What forwards to them is not the API server's business.
 */
public final class ServiceStrategy implements Strategy {
  private static final int FIRST_NODE_PORT = 30_000;
  private static final int NODE_PORTS = 2768;
  // Beyond the first, which is the API server's, and DNS's customary tenth.
  private static final int FIRST_ADDRESS = 16;

  private final ObjectStore store;
  private final AddressRange ipv4;
  private final AddressRange ipv6;
  private final AtomicInteger nextNodePort = new AtomicInteger();

  /**
   * @param store where the services are
   * @param cidr where IPv4 cluster addresses come from
   * @param cidr6 where IPv6 cluster addresses come from
   */
  public ServiceStrategy(ObjectStore store, String cidr, String cidr6) {
    this.store = store;
    this.ipv4 = new AddressRange(cidr, FIRST_ADDRESS);
    this.ipv6 = new AddressRange(cidr6, FIRST_ADDRESS);
  }

  /** The cluster address of the API server itself. */
  public static String apiServerAddress(String cidr) {
    return new AddressRange(cidr, 1).at(1);
  }

  @Override
  public void applyDefaults(ObjectNode service) {
    ObjectNode spec = Json.child(service, "spec");
    putMissing(spec, "type", "ClusterIP");
    putMissing(spec, "sessionAffinity", "None");
    Json.child(service, "status").withObjectProperty("loadBalancer");
    for (JsonNode each : spec.path("ports")) {
      if (each instanceof ObjectNode port) {
        putMissing(port, "protocol", "TCP");
        if (!port.has("targetPort") && port.has("port")) {
          port.set("targetPort", port.get("port"));
        }
      }
    }
    String type = Json.text(spec, "type");
    if (type.equals("ExternalName")) {
      return;
    }
    putMissing(spec, "internalTrafficPolicy", "Cluster");
    allocateAddresses(spec);
    if (!type.equals("ClusterIP")) {
      putMissing(spec, "externalTrafficPolicy", "Cluster");
      allocateNodePorts(spec);
    }
  }

  private void allocateAddresses(ObjectNode spec) {
    List<String> families = families(spec);
    spec.set("ipFamilies", Json.strings(families));
    putMissing(spec, "ipFamilyPolicy", families.size() > 1 ? "RequireDualStack" : "SingleStack");
    String given = Json.text(spec, "clusterIP");
    if (given.equals("None")) {
      spec.set("clusterIPs", Json.array().add("None"));
      return;
    }
    List<String> addresses = new ArrayList<>(Json.list(spec, "clusterIPs"));
    if (addresses.isEmpty() && !given.isEmpty()) {
      addresses.add(given);
    }
    if (addresses.size() < families.size()) {
      Set<String> taken = new HashSet<>();
      services().forEach(each -> taken.addAll(Json.list(each.content(), "spec", "clusterIPs")));
      for (int i = addresses.size(); i < families.size(); i++) {
        addresses.add((families.get(i).equals("IPv6") ? ipv6 : ipv4).allocate(taken::contains));
      }
    }
    spec.set("clusterIPs", Json.strings(addresses));
    spec.put("clusterIP", addresses.getFirst());
  }

  private static List<String> families(ObjectNode spec) {
    List<String> families = new ArrayList<>(Json.list(spec, "ipFamilies"));
    if (families.isEmpty()) {
      String given = Json.text(spec, "clusterIP");
      families.add(given.contains(":") ? "IPv6" : "IPv4");
    }
    boolean dual = Set.of("PreferDualStack", "RequireDualStack").contains(Json.text(spec, "ipFamilyPolicy"));
    if (dual && families.size() == 1) {
      families.add(families.getFirst().equals("IPv4") ? "IPv6" : "IPv4");
    }
    return families;
  }

  private void allocateNodePorts(ObjectNode spec) {
    Set<Integer> taken = new HashSet<>();
    services()
        .forEach(
            each ->
                Json.at(each.content(), "spec", "ports").forEach(port -> taken.add(port.path("nodePort").asInt())));
    for (JsonNode each : spec.path("ports")) {
      if (each instanceof ObjectNode port && port.path("nodePort").asInt(0) == 0) {
        int candidate;
        do {
          candidate = FIRST_NODE_PORT + Math.floorMod(nextNodePort.getAndIncrement(), NODE_PORTS);
        } while (!taken.add(candidate));
        port.put("nodePort", candidate);
      }
    }
  }

  private List<StoredObject> services() {
    return store.list("services", Optional.empty(), OptionalLong.empty()).objects();
  }

  @Override
  public void prepareUpdate(ObjectNode service, ObjectNode before) {
    if (Json.text(service, "spec", "type").equals("ExternalName")) {
      return;
    }
    ObjectNode spec = Json.child(service, "spec");
    // What the writer leaves out of what was given out, stays (registry/core/service, patchAllocatedValues).
    for (String field : List.of("clusterIP", "clusterIPs", "ipFamilies")) {
      if (spec.path(field).isEmpty() && spec.path(field).asText("").isEmpty()) {
        Subresources.replaceField(spec, before.path("spec"), field);
      }
    }
    JsonNode earlier = Json.at(before, "spec", "ports");
    for (JsonNode each : spec.path("ports")) {
      for (JsonNode old : earlier) {
        boolean same = old.path("port").equals(each.path("port"))
            && Json.optional(each, "protocol").orElse("TCP").equals(Json.text(old, "protocol"));
        boolean needed = !Json.text(spec, "type").equals("ClusterIP") && old.has("nodePort") && !each.has("nodePort");
        if (same && needed && each instanceof ObjectNode port) {
          port.set("nodePort", old.get("nodePort"));
        }
      }
    }
  }

  @Override
  public List<Cause> validate(ObjectNode service) {
    JsonNode spec = service.path("spec");
    List<Cause> causes = new ArrayList<>();
    String type = Json.text(spec, "type");
    List<String> types = List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
    if (!types.contains(type)) {
      causes.add(Cause.notSupported("spec.type", '"' + type + '"', types));
    }
    boolean headless = Json.text(spec, "clusterIP").equals("None");
    if (spec.path("ports").isEmpty() && !headless && !type.equals("ExternalName")) {
      causes.add(Cause.required("spec.ports", ""));
    }
    ArrayNode ports = spec.path("ports") instanceof ArrayNode array ? array : Json.array();
    for (int i = 0; i < ports.size(); i++) {
      int port = ports.get(i).path("port").asInt(0);
      if (port < 1 || port > 65_535) {
        String path = "spec.ports[" + i + "].port";
        causes.add(Cause.invalid(path, Integer.toString(port), "must be between 1 and 65535, inclusive"));
      }
      if (ports.size() > 1 && Json.text(ports.get(i), "name").isEmpty()) {
        causes.add(Cause.required("spec.ports[" + i + "].name", ""));
      }
    }
    return causes;
  }

  @Override
  public List<Cause> validateUpdate(ObjectNode service, ObjectNode before) {
    String earlier = Json.text(before, "spec", "clusterIP");
    String later = Json.text(service, "spec", "clusterIP");
    if (!earlier.isEmpty() && !later.isEmpty() && !earlier.equals(later)) {
      return List.of(
          Cause.invalid("spec.clusterIPs[0]", '"' + later + '"', "may not change once set"));
    }
    return List.of();
  }

  @Override
  public Optional<String> invalidName(String name) {
    return Names.invalidLabel(name);
  }

  @Override
  public boolean returnsDeleted() {
    return true;
  }

  private static void putMissing(ObjectNode object, String field, String value) {
    if (object.path(field).asText("").isEmpty()) {
      object.put(field, value);
    }
  }
}
