package dev.patchbay.it.e2e.modes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.PodRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Networks that pods of a lab name, and what pods get of them. JSON is written with single quotes. Addresses of host-local are kept in
 * the lab's folder, for all nodes together.
 *
 * @param lab the lab
 */
record Networks(Lab lab) {
  static final String ASKED = "k8s.v1.cni.cncf.io/networks";

  private static final String STATUS = "k8s.v1.cni.cncf.io/network-status";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Makes a network in the namespace {@code default}. */
  void define(String name, String config) {
    define("default", name, config);
  }

  /** Makes a network. */
  void define(String namespace, String name, String config) {
    ObjectNode object = JsonNodeFactory.instance.objectNode().put("apiVersion", "k8s.cni.cncf.io/v1")
        .put("kind", "NetworkAttachmentDefinition");
    object.putObject("metadata").put("name", name).put("namespace", namespace);
    object.putObject("spec").put("config", config.replace('\'', '"'));
    lab.kube().objects().create(object);
  }

  /** Where plugins keep what they have to remember. */
  Path kept() {
    return Lab.folder(lab.name()).resolve("plugins");
  }

  private Path ipam() {
    return kept().resolve("ipam");
  }

  /** The part {@code ipam} of a configuration. */
  String hostLocal(String subnet) {
    return hostLocal(subnet, "");
  }

  /** The same, with routes, each written as an object. */
  String hostLocal(String subnet, String routes) {
    return "{'type':'host-local','dataDir':'" + ipam() + "','subnet':'" + subnet + "'" + (routes.isEmpty() ? "" : ",'routes':[" + routes + "]") + "}";
  }

  /** A whole configuration. */
  String macvlan(String master, String ipam) {
    return "{'cniVersion':'1.0.0','type':'macvlan','master':'" + master + "','ipam':" + ipam + "}";
  }

  /** Makes a pod that asks for networks. */
  static LabPod pod(LabNode node, String name, String networks) {
    return node.addPod(PodRequest.of(name).annotated(ASKED, networks.replace('\'', '"')));
  }

  /** The addresses that host-local has given out. */
  List<String> given() {
    try (Stream<Path> files = Files.isDirectory(ipam()) ? Files.walk(ipam()) : Stream.empty()) {
      return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).filter(f -> f.matches("[0-9.]+")).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The pod's annotation {@code network-status}, as soon as it is there. */
  JsonNode status(LabPod pod) {
    String text = Until.there("the status of " + pod.name(), () -> lab.kube().objects().get("pods", pod.namespace(), pod.name())
        .map(o -> o.path("metadata").path("annotations").path(STATUS).asText("")).filter(t -> !t.isEmpty()));
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("the status of " + pod.name() + " is no JSON: " + text, e);
    }
  }

  /** What the pod has by its status: for each interface, the network's name, the interface's and its addresses. */
  List<String> interfaces(LabPod pod) {
    List<String> all = new ArrayList<>();
    status(pod).forEach(s -> all.add(s.path("name").asText() + " " + s.path("interface").asText()));
    return all;
  }

  /** The address of an interface of a pod, by its status. */
  InetAddress address(LabPod pod, String device) {
    return address(pod, device, false);
  }

  /** The address of a family of an interface of a pod, by its status. */
  InetAddress address(LabPod pod, String device, boolean six) {
    for (JsonNode one : status(pod)) {
      if (one.path("interface").asText().equals(device)) {
        for (JsonNode ip : one.path("ips")) {
          if (ip.asText().contains(":") == six) {
            return InetAddress.ofLiteral(ip.asText());
          }
        }
      }
    }
    throw new AssertionError(pod.name() + " has no such address on " + device + ": " + status(pod));
  }
}
