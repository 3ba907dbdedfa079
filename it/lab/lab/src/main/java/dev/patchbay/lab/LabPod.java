package dev.patchbay.lab;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.fabric.NetworkNamespace;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A pod that has its network: an object in the Kubernetes API, and a network namespace on a node. */
public final class LabPod {
  private final LabNode node;
  private final PodRequest request;
  private final Sandbox sandbox;
  private final CniCaller.Added added;

  LabPod(LabNode node, PodRequest request, Sandbox sandbox, CniCaller.Added added) {
    this.node = node;
    this.request = request;
    this.sandbox = sandbox;
    this.added = added;
  }

  /** Its Kubernetes namespace. */
  public String namespace() {
    return request.namespace();
  }

  /** Its name. */
  public String name() {
    return request.name();
  }

  /** Where it runs. */
  public LabNode node() {
    return node;
  }

  /** Its network namespace. */
  public NetworkNamespace netns() {
    return sandbox.netns();
  }

  /** What the plugins were given. */
  public Sandbox sandbox() {
    return sandbox;
  }

  /** What ADD left. */
  public CniCaller.Added added() {
    return added;
  }

  /** The result of ADD, as the last plugin printed it. */
  public ObjectNode result() {
    return added.result();
  }

  /** How long the executable took for ADD, from before its start to after its end. */
  public Duration addTook() {
    return added.took().getFirst();
  }

  /** Its addresses, in the order of the result. */
  public List<InetAddress> addresses() {
    List<InetAddress> addresses = new ArrayList<>();
    added.result().path("ips").forEach(ip -> addresses.add(InetAddress.ofLiteral(ip.path("address").asText().replaceAll("/.*", ""))));
    return addresses;
  }

  /** Its first address. */
  public InetAddress address() {
    return addresses().getFirst();
  }

  /**
   * Where its processes run: in its network, with its service account's token where client libraries look for it, and its
   * hosts file. Each call writes them anew.
   */
  public Place place() {
    return node.place(this);
  }

  /** Runs a command in its network namespace to its end. */
  public NetworkNamespace.Outcome exec(String... command) {
    return netns().run(command);
  }

  /** CHECK. */
  public void check() {
    node.cni().check(sandbox, added);
  }

  /** DEL, then everything else of it goes. */
  public void delete() {
    node.deletePod(namespace(), name());
  }

  @Override
  public String toString() {
    return node.name() + "/" + namespace() + "/" + name() + " " + addresses();
  }
}
