package dev.patchbay.tck.view;

import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.spi.view.ObjectsView;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.apiguardian.api.API;

/**
 * The objects that a mode declared to read. Asking for another kind throws, as the runtime's does.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TestObjects implements ObjectsView {
  private final Set<ObjectKind> declared;
  private final Set<ObjectKind> unheard;
  private final SequencedMap<ObjectRef, ObjectView> objects;

  private TestObjects(Set<ObjectKind> declared, Set<ObjectKind> unheard, SequencedMap<ObjectRef, ObjectView> objects) {
    this.declared = declared;
    this.unheard = unheard;
    this.objects = objects;
  }

  private static TreeMap<ObjectRef, ObjectView> sorted() {
    return new TreeMap<>(Comparator.comparing((ObjectRef r) -> r.kind().toString()).thenComparing(ObjectRef::namespace)
        .thenComparing(ObjectRef::name));
  }

  /**
   * {@return no objects of any kind}
   */
  public static TestObjects none() {
    return new TestObjects(Set.of(), Set.of(), sorted());
  }

  /**
   * {@return these and the kinds given as declared}
   * @param kinds the kinds
   */
  public TestObjects declaring(List<ObjectKind> kinds) {
    Set<ObjectKind> all = new LinkedHashSet<>(declared);
    all.addAll(kinds);
    return new TestObjects(all, unheard, objects);
  }

  /**
   * {@return these and one more, its kind declared}
   * @param object the object
   */
  public TestObjects with(ObjectView object) {
    return with(List.of(object));
  }

  /**
   * {@return these and more, their kinds declared}
   * @param more the objects
   */
  public TestObjects with(List<? extends ObjectView> more) {
    TreeMap<ObjectRef, ObjectView> all = sorted();
    all.putAll(objects);
    more.forEach(object -> all.put(object.ref(), object));
    return new TestObjects(declared, unheard, all).declaring(more.stream().map(o -> o.ref().kind()).distinct().toList());
  }

  /**
   * {@return these, the API server not heard about a kind yet and no object of it seen}
   * @param kind the kind
   */
  public TestObjects unheard(ObjectKind kind) {
    Set<ObjectKind> kinds = new LinkedHashSet<>(unheard);
    kinds.add(kind);
    TreeMap<ObjectRef, ObjectView> others = sorted();
    objects.forEach((ref, object) -> {
      if (!ref.kind().equals(kind)) {
        others.put(ref, object);
      }
    });
    return new TestObjects(declared, kinds, others).declaring(List.of(kind));
  }

  /**
   * {@return only those objects whose kinds are among these, and these kinds as declared}
   * @param kinds the kinds
   */
  public TestObjects restrictedTo(List<ObjectKind> kinds) {
    TreeMap<ObjectRef, ObjectView> some = sorted();
    objects.forEach((ref, object) -> {
      if (kinds.contains(ref.kind())) {
        some.put(ref, object);
      }
    });
    return new TestObjects(new LinkedHashSet<>(kinds), unheard, some);
  }

  private void check(ObjectKind kind) {
    if (!declared.contains(kind)) {
      throw new IllegalArgumentException("The mode reads " + kind + ", which its descriptor does not declare"
          + " (nodeReads for node planners, clusterReads for the cluster side).");
    }
  }

  @Override
  public boolean complete(ObjectKind kind) {
    check(kind);
    return !unheard.contains(kind);
  }

  @Override
  public Optional<ObjectView> get(ObjectRef ref) {
    check(ref.kind());
    return Optional.ofNullable(objects.get(ref));
  }

  @Override
  public List<ObjectView> list(ObjectKind kind) {
    check(kind);
    return objects.values().stream().filter(o -> o.ref().kind().equals(kind)).toList();
  }

  @Override
  public List<ObjectView> list(ObjectKind kind, String namespace) {
    return list(kind).stream().filter(o -> o.ref().namespace().equals(namespace)).toList();
  }
}
