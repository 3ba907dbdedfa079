package dev.patchbay.cluster.view;

import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.spi.view.ObjectsView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which node is which instance. Immutable.
 *
 * @param complete whether all nodes have been heard of, so that one that is not among them does not exist
 * @param instances the instance of each node whose object tells it
 * @param unnamed the nodes whose objects do not tell their instance
 */
public record Nodes(boolean complete, Map<String, String> instances, List<String> unnamed) {
  /**
   * Copies the collections.
   */
  public Nodes {
    instances = Map.copyOf(instances);
    unnamed = List.copyOf(unnamed);
  }

  /**
   * Reads the nodes' objects.
   *
   * @param objects the objects
   * @return the nodes
   */
  public static Nodes of(ObjectsView objects) {
    Map<String, String> instances = new LinkedHashMap<>();
    List<String> unnamed = new ArrayList<>();
    for (ObjectView node : objects.list(ObjectKind.NODE)) {
      instance(node).ifPresentOrElse(id -> instances.put(node.ref().name(), id), () -> unnamed.add(node.ref().name()));
    }
    return new Nodes(objects.complete(ObjectKind.NODE), instances, unnamed);
  }

  /**
   * {@return a node's instance}
   *
   * <p>Source of the form: the AWS cloud provider of Kubernetes, {@code aws:///ZONE/INSTANCE}.
   *
   * @param node the node's object
   */
  public static Optional<String> instance(ObjectView node) {
    String id = node.content().fields("spec").text("providerID").orElse("");
    String last = id.substring(id.lastIndexOf('/') + 1);
    return id.startsWith("aws:") && last.matches("i-([0-9a-f]{8}|[0-9a-f]{17})") ? Optional.of(last) : Optional.empty();
  }

  /**
   * {@return a node's instance}
   * @param node the node's name
   */
  public Optional<String> instance(String node) {
    return Optional.ofNullable(instances.get(node));
  }

  /**
   * {@return the node that is an instance}
   * @param instance the instance
   */
  public Optional<String> node(String instance) {
    return instances.entrySet().stream().filter(e -> e.getValue().equals(instance)).map(Map.Entry::getKey).findFirst();
  }
}
