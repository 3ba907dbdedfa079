package dev.patchbay.lab.kube.model;

import java.util.List;
import java.util.Set;

/**
 * One resource in one version, as discovery names it.
 *
 * @param group the API group, empty for core
 * @param version the version, {@code v1} for instance
 * @param kind the kind of its objects
 * @param plural the name in paths
 * @param singular the name of one object on the command line
 * @param namespaced whether objects live in namespaces
 * @param shortNames further names on the command line
 * @param categories groups of resources that it belongs to on the command line
 * @param subresources {@code status} and the like, without those whose object is another kind's
 * @param custom whether a CustomResourceDefinition defines it
 */
public record ResourceType(
    String group,
    String version,
    String kind,
    String plural,
    String singular,
    boolean namespaced,
    List<String> shortNames,
    List<String> categories,
    Set<String> subresources,
    boolean custom) {

  /** Copies the collections. */
  public ResourceType {
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
    subresources = Set.copyOf(subresources);
  }

  /** {@code v1} or {@code apps/v1}: what stands in {@code apiVersion}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** {@code pods} or {@code leases.coordination.k8s.io}: the name in messages, the same for all versions. */
  public String qualified() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** {@code Pod} or {@code Lease.coordination.k8s.io}: the kind in messages. */
  public String qualifiedKind() {
    return group.isEmpty() ? kind : kind + "." + group;
  }

  /** The kind of the list of its objects. */
  public String listKind() {
    return kind + "List";
  }

  /** Whether {@code status} is a subresource. */
  public boolean hasStatus() {
    return subresources.contains("status");
  }
}
