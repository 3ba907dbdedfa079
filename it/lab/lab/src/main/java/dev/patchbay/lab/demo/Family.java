package dev.patchbay.lab.demo;

import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A family of addresses, and what everybody has of it. */
enum Family {
  IPV4("IPv4", "0.0.0.0", Fabric.INTERNET_HOST),
  IPV6("IPv6", "::", Fabric.INTERNET_HOST_6);

  private final String word;
  private final InetAddress any;
  private final InetAddress internet;

  Family(String word, String any, InetAddress internet) {
    this.word = word;
    this.any = InetAddress.ofLiteral(any);
    this.internet = internet;
  }

  static Family of(InetAddress address) {
    return address.getAddress().length == IPV4.any.getAddress().length ? IPV4 : IPV6;
  }

  /** All of a node's own addresses. */
  static List<InetAddress> all(LabNode node) {
    NetworkInterface primary = node.interfaces().getFirst();
    return Stream.concat(primary.primary().stream(), primary.ipv6Addresses().stream()).map(ip -> ip.inet()).toList();
  }

  InetAddress any() {
    return any;
  }

  InetAddress internet() {
    return internet;
  }

  Optional<InetAddress> of(LabPod pod) {
    return pod.addresses().stream().filter(address -> of(address) == this).findFirst();
  }

  InetAddress of(LabNode node) {
    return all(node).stream().filter(address -> of(address) == this).findFirst().orElseThrow();
  }

  /** The address by which the internet sees a pod. */
  InetAddress publicOf(LabPod pod) {
    return this == IPV4 ? pod.node().publicAddress() : of(pod).orElseThrow();
  }

  @Override
  public String toString() {
    return word;
  }
}
