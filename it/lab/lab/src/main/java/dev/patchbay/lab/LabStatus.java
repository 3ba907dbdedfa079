package dev.patchbay.lab;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.vpc.NetworkInterface;

/** The lab as JSON. */
final class LabStatus {
  private LabStatus() {}

  static ObjectNode of(Lab lab) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("ec2", lab.ec2Uri().toString());
    status.put("kubernetes", lab.kube().url());
    ArrayNode nodes = status.putArray("nodes");
    lab.nodes().forEach(node -> node(nodes.addObject(), lab, node));
    if (!lab.replicas().isEmpty()) {
      ArrayNode replicas = status.putArray("replicas");
      lab.replicas().forEach(replica -> replicas.addObject().put("name", replica.name()).put("pid", replica.pid().orElse(null))
          .put("metrics", replica.metricsUri()).put("log", replica.log().toString()));
    }
    return status;
  }

  private static void node(ObjectNode json, Lab lab, LabNode node) {
    json.put("name", node.name());
    json.put("instanceId", node.instanceId());
    json.put("instanceType", node.instance().type().name());
    json.put("netns", node.netns().path().toString());
    json.put("daemon", lab.settings().daemons());
    json.put("pid", node.daemon().pid().orElse(null));
    json.putObject("cni")
        .put("bin", node.cniBin().toString())
        .put("folder", node.cniConf().toString())
        .put("conf", node.conflist().toString())
        .put("socket", node.socket().toString());
    json.put("metrics", node.daemon().metricsUri().toString());
    ArrayNode enis = json.putArray("enis");
    node.interfaces().forEach(eni -> eni(enis.addObject(), lab, eni));
    ArrayNode pods = json.putArray("pods");
    node.pods().forEach(pod -> pod(pods.addObject(), pod));
  }

  private static void eni(ObjectNode json, Lab lab, NetworkInterface eni) {
    json.put("id", eni.id());
    json.put("mac", eni.mac());
    json.put("device", lab.device(eni).orElse(null));
    json.put("subnet", eni.subnetId());
    ArrayNode addresses = json.putArray("addresses");
    eni.ipv4Addresses().forEach(address -> addresses.add(address.toString()));
    eni.ipv6Addresses().forEach(address -> addresses.add(address.toString()));
    ArrayNode prefixes = json.putArray("prefixes");
    eni.ipv4Prefixes().forEach(prefix -> prefixes.add(prefix.toString()));
    eni.ipv6Prefixes().forEach(prefix -> prefixes.add(prefix.toString()));
  }

  /** Also what {@code pod add} prints, with the result of ADD. */
  static void pod(ObjectNode json, LabPod pod) {
    json.put("namespace", pod.namespace());
    json.put("name", pod.name());
    json.put("netns", pod.netns().path().toString());
    ArrayNode addresses = json.putArray("addresses");
    pod.addresses().forEach(address -> addresses.add(address.getHostAddress()));
  }
}
