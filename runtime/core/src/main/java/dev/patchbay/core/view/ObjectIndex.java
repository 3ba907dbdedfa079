package dev.patchbay.core.view;

import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.spi.view.ObjectsView;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The objects that were last seen. Each change makes another index that shares what did not change, so a view that a planner
 * still reads stays as it was. Immutable.
 */
public final class ObjectIndex implements ObjectsView {
  /** No objects, and nothing heard. */
  public static final ObjectIndex EMPTY = new ObjectIndex(Map.of(), Set.of(), Set.of());

  private final Map<ObjectKind, TreeMap<String, TreeMap<String, ObjectView>>> byKind;
  private final Set<ObjectKind> complete;
  private final Set<ObjectKind> known;

  private ObjectIndex(Map<ObjectKind, TreeMap<String, TreeMap<String, ObjectView>>> byKind, Set<ObjectKind> complete,
      Set<ObjectKind> known) {
    this.byKind = byKind;
    this.complete = complete;
    this.known = known;
  }

  /**
   * {@return this index with an object}
   * @param object the object
   */
  public ObjectIndex with(ObjectRecord object) {
    return changed(object.ref(), Optional.of(object));
  }

  /**
   * {@return this index without an object}
   * @param ref the object
   */
  public ObjectIndex without(ObjectRef ref) {
    return changed(ref, Optional.empty());
  }

  /**
   * {@return this index, all objects of a kind having been heard, or no longer}
   * @param kind the kind
   * @param heard whether they have been heard
   */
  public ObjectIndex heard(ObjectKind kind, boolean heard) {
    Set<ObjectKind> kinds = new HashSet<>(complete);
    Set<ObjectKind> ever = new HashSet<>(known);
    if (heard) {
      kinds.add(kind);
      ever.add(kind);
    } else {
      kinds.remove(kind);
    }
    return new ObjectIndex(byKind, Set.copyOf(kinds), Set.copyOf(ever));
  }

  /**
   * {@return the kinds of which all objects have been heard at some time}
   */
  public Set<ObjectKind> known() {
    return known;
  }

  private ObjectIndex changed(ObjectRef ref, Optional<ObjectView> object) {
    Map<ObjectKind, TreeMap<String, TreeMap<String, ObjectView>>> kinds = new HashMap<>(byKind);
    TreeMap<String, TreeMap<String, ObjectView>> namespaces =
        new TreeMap<>(kinds.getOrDefault(ref.kind(), new TreeMap<>()));
    TreeMap<String, ObjectView> names = new TreeMap<>(namespaces.getOrDefault(ref.namespace(), new TreeMap<>()));
    object.ifPresentOrElse(o -> names.put(ref.name(), o), () -> names.remove(ref.name()));
    namespaces.put(ref.namespace(), names);
    kinds.put(ref.kind(), namespaces);
    return new ObjectIndex(kinds, complete, known);
  }

  @Override
  public boolean complete(ObjectKind kind) {
    return complete.contains(kind);
  }

  @Override
  public Optional<ObjectView> get(ObjectRef ref) {
    return Optional.ofNullable(byKind.getOrDefault(ref.kind(), new TreeMap<>())
        .getOrDefault(ref.namespace(), new TreeMap<>()).get(ref.name()));
  }

  @Override
  public List<ObjectView> list(ObjectKind kind) {
    return byKind.getOrDefault(kind, new TreeMap<>()).values().stream().flatMap(names -> names.values().stream())
        .sorted(Comparator.comparing((ObjectView o) -> o.ref().namespace()).thenComparing(o -> o.ref().name())).toList();
  }

  @Override
  public List<ObjectView> list(ObjectKind kind, String namespace) {
    return List.copyOf(byKind.getOrDefault(kind, new TreeMap<>()).getOrDefault(namespace, new TreeMap<>()).values());
  }
}
