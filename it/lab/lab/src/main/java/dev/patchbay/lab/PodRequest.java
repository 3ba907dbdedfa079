package dev.patchbay.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pod to be made. Immutable; each method gives a changed copy.
 *
 * @param namespace its Kubernetes namespace, made if it is not there
 * @param name its name
 * @param annotations its annotations
 * @param labels its labels
 * @param ports the ports that it publishes on the node
 * @param serviceAccount the service account of its namespace whose token it gets
 * @param resources what its container requests, which is its limit, too
 */
public record PodRequest(
    String namespace, String name, Map<String, String> annotations, Map<String, String> labels, List<Port> ports,
    String serviceAccount, Map<String, String> resources) {
  /**
   * A port of the pod that is published on the node, as {@code hostPort} in a pod's spec.
   *
   * @param hostPort 1 to 65535
   * @param containerPort 1 to 65535
   * @param protocol tcp, udp or sctp
   */
  public record Port(int hostPort, int containerPort, String protocol) {}

  /** Copies the collections. */
  public PodRequest {
    annotations = Map.copyOf(annotations);
    labels = Map.copyOf(labels);
    ports = List.copyOf(ports);
    resources = Map.copyOf(resources);
  }

  /** A pod in the namespace {@code default}. */
  public static PodRequest of(String name) {
    return new PodRequest("default", name, Map.of(), Map.of(), List.of(), "default", Map.of());
  }

  /** In another namespace. */
  public PodRequest in(String other) {
    return new PodRequest(other, name, annotations, labels, ports, serviceAccount, resources);
  }

  /** With a further annotation. */
  public PodRequest annotated(String key, String value) {
    return new PodRequest(namespace, name, with(annotations, key, value), labels, ports, serviceAccount, resources);
  }

  /** With a further label. */
  public PodRequest labelled(String key, String value) {
    return new PodRequest(namespace, name, annotations, with(labels, key, value), ports, serviceAccount, resources);
  }

  /** With a further published port of TCP. */
  public PodRequest published(int hostPort, int containerPort) {
    List<Port> all = new ArrayList<>(ports);
    all.add(new Port(hostPort, containerPort, "tcp"));
    return new PodRequest(namespace, name, annotations, labels, all, serviceAccount, resources);
  }

  /** With a service account of its own, which must be there. */
  public PodRequest withServiceAccount(String account) {
    return new PodRequest(namespace, name, annotations, labels, ports, account, resources);
  }

  /** With a further resource that its container requests. */
  public PodRequest requesting(String resource, String quantity) {
    return new PodRequest(namespace, name, annotations, labels, ports, serviceAccount, with(resources, resource, quantity));
  }

  private static Map<String, String> with(Map<String, String> map, String key, String value) {
    Map<String, String> changed = new LinkedHashMap<>(map);
    changed.put(key, value);
    return changed;
  }
}
