package dev.patchbay.core.view;

import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.spi.view.ObjectsView;
import java.util.List;
import java.util.Optional;

/**
 * The objects that a mode declared to read, and no others. Immutable.
 *
 * @param all all objects
 * @param kinds the kinds that the mode reads
 */
public record DeclaredObjects(ObjectsView all, List<ObjectKind> kinds) implements ObjectsView {
  private void require(ObjectKind kind) {
    if (!kinds.contains(kind)) {
      throw new IllegalArgumentException("the mode reads " + kind + ", and its descriptor does not declare it");
    }
  }

  @Override
  public boolean complete(ObjectKind kind) {
    require(kind);
    return all.complete(kind);
  }

  @Override
  public Optional<ObjectView> get(ObjectRef ref) {
    require(ref.kind());
    return all.get(ref);
  }

  @Override
  public List<ObjectView> list(ObjectKind kind) {
    require(kind);
    return all.list(kind);
  }

  @Override
  public List<ObjectView> list(ObjectKind kind, String namespace) {
    require(kind);
    return all.list(kind, namespace);
  }
}
