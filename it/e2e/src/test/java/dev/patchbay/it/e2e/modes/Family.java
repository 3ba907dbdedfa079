package dev.patchbay.it.e2e.modes;

import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.net.InetAddress;
import java.util.List;

/** A family of addresses, and what everybody has of it. */
enum Family {
  IPV4("IPv4", 4, "0.0.0.0", Fabric.INTERNET_HOST),
  IPV6("IPv6", 16, "::", Fabric.INTERNET_HOST_6);

  private final String word;
  private final int bytes;
  private final InetAddress any;
  private final InetAddress internet;

  Family(String word, int bytes, String any, InetAddress internet) {
    this.word = word;
    this.bytes = bytes;
    this.any = InetAddress.ofLiteral(any);
    this.internet = internet;
  }

  /** As Kubernetes writes it. */
  String word() {
    return word;
  }

  /** The unspecified address. */
  InetAddress any() {
    return any;
  }

  /** The host on the internet. */
  InetAddress internet() {
    return internet;
  }

  boolean has(InetAddress address) {
    return address.getAddress().length == bytes;
  }

  /** A pod's address. */
  InetAddress of(LabPod pod) {
    return pod.addresses().stream().filter(this::has).findFirst()
        .orElseThrow(() -> new AssertionError(pod + " has no " + word + " address"));
  }

  /** A node's own address. */
  InetAddress of(LabNode node) {
    NetworkInterface primary = node.interfaces().getFirst();
    return (this == IPV4 ? primary.primary().orElseThrow() : primary.ipv6Addresses().iterator().next()).inet();
  }

  /** The addresses of a node's interfaces that are the node's own, and no pod's. */
  List<InetAddress> allOf(LabNode node) {
    return this == IPV6 ? List.of(of(node))
        : node.interfaces().stream().flatMap(eni -> eni.primary().stream()).map(Ip::inet).toList();
  }

  /** The address by which the internet reaches a node. */
  InetAddress publicOf(LabNode node) {
    return this == IPV4 ? node.publicAddress() : of(node);
  }

  /** The address of a pod by which the internet sees it. */
  InetAddress publicOf(LabPod pod) {
    return this == IPV4 ? pod.node().publicAddress() : of(pod);
  }

  /** The interface to which the VPC delivers a pod's address. */
  NetworkInterface eniOf(LabPod pod) {
    Ip ip = Ip.of(of(pod));
    return pod.node().interfaces().stream().filter(eni -> eni.holds(ip)).findFirst()
        .orElseThrow(() -> new AssertionError("EC2 has not given " + ip + " to " + pod.node().name()));
  }
}
