package dev.patchbay.lab.kube.resources;

import dev.patchbay.lab.kube.model.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The resources that are served at the moment: the built-in ones and those of CustomResourceDefinitions. Thread-safe:
 * readers see one consistent list.
 */
public final class ResourceRegistry {
  private volatile List<ResourceType> types = BuiltInResources.all();
  private final Map<String, Set<String>> customFields = new ConcurrentHashMap<>();

  /** All resources: built-in ones first, those of one group together, preferred versions first. */
  public List<ResourceType> types() {
    return types;
  }

  /** The resource that a path names. */
  public Optional<ResourceType> find(String group, String version, String plural) {
    return types.stream()
        .filter(type -> type.group().equals(group) && type.version().equals(version) && type.plural().equals(plural))
        .findFirst();
  }

  /** The resource of a kind, as {@code apiVersion} and {@code kind} of an object name it. */
  public Optional<ResourceType> findKind(String apiVersion, String kind) {
    return types.stream()
        .filter(type -> type.apiVersion().equals(apiVersion) && type.kind().equals(kind))
        .findFirst();
  }

  /** The first version of a resource by its plural, core before other groups. */
  public Optional<ResourceType> findAny(String group, String plural) {
    return types.stream()
        .filter(type -> type.group().equals(group) && type.plural().equals(plural))
        .findFirst();
  }

  /** The resource that objects are stored under a name for, in its first version. */
  public Optional<ResourceType> findStored(String storage) {
    return types.stream().filter(type -> storage(type).equals(storage)).findFirst();
  }

  /** The groups served, without core, in the order of {@link #types()}. */
  public List<String> groups() {
    return types.stream().map(ResourceType::group).filter(group -> !group.isEmpty()).distinct().toList();
  }

  /** The versions of a group in the order of preference. */
  public List<String> versions(String group) {
    return types.stream()
        .filter(type -> type.group().equals(group))
        .map(ResourceType::version)
        .distinct()
        .toList();
  }

  /** By which fields objects can be selected, beside name and namespace. */
  public Set<String> selectableFields(ResourceType type) {
    return type.custom()
        ? customFields.getOrDefault(type.qualified(), Set.of())
        : SelectableFields.of(storage(type));
  }

  /**
   * Replaces all versions of a custom resource; an empty list takes it away.
   *
   * @param selectable by which fields its objects can be selected
   */
  public synchronized void setCustom(
      String group, String plural, List<ResourceType> versions, Set<String> selectable) {
    customFields.put(plural + "." + group, Set.copyOf(selectable));
    List<ResourceType> next = new ArrayList<>(types);
    next.removeIf(type -> type.custom() && type.group().equals(group) && type.plural().equals(plural));
    next.addAll(versions);
    types = List.copyOf(next);
  }

  /**
   * The name under which the objects of a resource are stored. Events of both groups are the same objects
   * (k8s.io/kubernetes, {@code pkg/registry/events/rest}).
   */
  public static String storage(ResourceType type) {
    return type.plural().equals("events") ? "events" : type.qualified();
  }
}
