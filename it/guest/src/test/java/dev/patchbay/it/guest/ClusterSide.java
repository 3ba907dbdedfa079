package dev.patchbay.it.guest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.kube.KubeChange;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.SecurityGroup;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.TrunkAssociation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A controller of branches, as EKS has one, for one node: makes the trunk that its CNINode asks for, and for each pod that requests a branch
 * one with the groups that the pod's label says, under VLAN ids that come round, and writes the pod's annotation. When the pod's object
 * goes, its branch goes.
 */
final class ClusterSide implements AutoCloseable {
  static final String KEY = "vpc.amazonaws.com/pod-eni";
  /** A pod's label: the name of its branch's group. */
  static final String GROUP = "group";
  /** A pod's label: the families of its branch's addresses, 4, 6 or 46. */
  static final String FAMILIES = "families";

  private static final int VLANS = 5;
  private static final int TRUNK_INDEX = 2;

  private final Lab lab;
  private final Map<String, SecurityGroup> groups;
  private final Map<String, TrunkAssociation> branches = new HashMap<>();
  private final AutoCloseable following;
  private NetworkInterface trunk;
  private boolean paused;
  private int lastVlan;

  /** Waits until the node asks for a trunk, and gives it one. */
  ClusterSide(Lab lab, LabNode node, Map<String, SecurityGroup> groups) {
    this.lab = lab;
    this.groups = groups;
    Until.holds("the node asks for a trunk", () -> features(node).containsKey("SecurityGroupsForPods"));
    trunk = lab.model().interfaces().create(
        InterfaceRequest.in(node.interfaces().getFirst().subnetId()).kind(NetworkInterface.Kind.TRUNK).build());
    lab.model().attachments().attach(trunk.id(), node.instanceId(), TRUNK_INDEX, 0);
    lab.awaitFabric();
    following = lab.kube().objects().follow("pods", "", this::changed);
  }

  /** What a node has written into its CNINode: values by names. */
  Map<String, String> features(LabNode node) {
    Map<String, String> features = new HashMap<>();
    lab.kube().objects().get("cninodes.vpcresources.k8s.aws", "", node.name()).ifPresent(object -> object.path("spec").path("features")
        .forEach(f -> features.put(f.path("name").asText(), f.path("value").asText())));
    return features;
  }

  NetworkInterface trunk() {
    return trunk;
  }

  /** The VLAN id of a pod's branch. */
  synchronized int vlan(String pod) {
    return Optional.ofNullable(branches.get(pod)).orElseThrow().vlan();
  }

  synchronized int branches() {
    return branches.size();
  }

  /** Makes no branch until it goes on. */
  synchronized void pause() {
    paused = true;
  }

  /** Goes on, with what came meanwhile. */
  void proceed() {
    synchronized (this) {
      paused = false;
    }
    lab.kube().objects().list("pods", "", "").forEach(pod -> changed(new KubeChange(KubeChange.Kind.MODIFIED, pod)));
  }

  private synchronized void changed(KubeChange change) {
    ObjectNode pod = change.object();
    String name = pod.at("/metadata/name").asText();
    if (change.kind() == KubeChange.Kind.DELETED) {
      Optional.ofNullable(branches.remove(name)).ifPresent(this::delete);
    } else if (!paused && !branches.containsKey(name) && requests(pod) && !pod.at("/metadata/annotations").has(KEY)) {
      give(pod, name);
    }
  }

  private static boolean requests(JsonNode pod) {
    return pod.at("/spec/containers/0/resources/requests").has(KEY);
  }

  private void give(ObjectNode pod, String name) {
    JsonNode labels = pod.at("/metadata/labels");
    String families = labels.path(FAMILIES).asText("46");
    Subnet subnet = lab.model().state().subnet(subnetId(pod.at("/spec/nodeName").asText()));
    boolean ipv6 = families.contains("6") && subnet.ipv6().isPresent();
    String group = Optional.ofNullable(groups.get(labels.path(GROUP).asText())).orElseThrow().id();
    NetworkInterface branch =
        lab.model().interfaces().create(InterfaceRequest.in(subnet.id()).ipv6Count(ipv6 ? 1 : 0).groups(List.of(group)).build());
    lastVlan = nextVlan();
    TrunkAssociation association = lab.model().trunks().associate(branch.id(), trunk.id(), lastVlan, "");
    branches.put(name, association);
    lab.awaitFabric();
    ObjectNode said = JsonNodeFactory.instance.objectNode();
    said.put("eniId", branch.id()).put("ifAddress", branch.mac())
        .put("privateIp", families.contains("4") ? branch.primary().map(Ip::toString).orElse("") : "")
        .put("ipv6Addr", branch.ipv6Addresses().stream().findFirst().map(Ip::toString).orElse(""))
        .put("vlanId", lastVlan).put("subnetCidr", subnet.cidr().toString())
        .put("subnetV6Cidr", subnet.ipv6().map(Object::toString).orElse("")).put("associationID", association.id());
    annotate(name, JsonNodeFactory.instance.arrayNode().add(said).toString());
  }

  /** In the subnet that the node's ENIConfig names, where it names one in its CNINode; else in the node's. */
  private String subnetId(String nodeName) {
    LabNode node = lab.node(nodeName);
    String eniConfig = features(node).get("CustomNetworking");
    return eniConfig == null ? node.interfaces().getFirst().subnetId()
        : lab.kube().objects().get("eniconfigs.crd.k8s.amazonaws.com", "", eniConfig).orElseThrow().at("/spec/subnet").asText();
  }

  /** Writes a pod's annotation. */
  void annotate(String pod, String text) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").putObject("annotations").put(KEY, text);
    lab.kube().objects().merge("pods", "default", pod, patch);
  }

  private int nextVlan() {
    int next = lastVlan;
    do {
      next = next % VLANS + 1;
    } while (isTaken(next));
    return next;
  }

  private boolean isTaken(int vlan) {
    return branches.values().stream().anyMatch(b -> b.vlan() == vlan);
  }

  private void delete(TrunkAssociation branch) {
    lab.model().trunks().disassociate(branch.id(), "");
    lab.model().interfaces().delete(branch.branchId());
    lab.awaitFabric();
  }

  /** Ends, and takes away what is left of its branches, and the trunk. */
  @Override
  public void close() {
    try {
      following.close();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
    branches.values().forEach(this::delete);
    branches.clear();
    lab.model().attachments().detach(lab.model().state().networkInterface(trunk.id()).attachment().orElseThrow().id(), true);
    lab.model().interfaces().delete(trunk.id());
    lab.awaitFabric();
  }
}
