package dev.patchbay.spi.view;

import dev.patchbay.spi.ImplementedByRuntime;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The objects that a mode declared to read. Asking for another kind throws {@link IllegalArgumentException}.
 */
@ImplementedByRuntime
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ObjectsView {
  /**
   * {@return whether the API server has been heard, so that an object not found does not exist}
   * @param kind the kind
   */
  boolean complete(ObjectKind kind);

  /**
   * {@return an object, as last seen}
   * @param ref its name
   */
  Optional<ObjectView> get(ObjectRef ref);

  /**
   * {@return the objects of a kind, by namespace and name}
   * @param kind the kind
   */
  List<ObjectView> list(ObjectKind kind);

  /**
   * {@return the objects of a kind in a namespace, by name}
   * @param kind the kind
   * @param namespace the namespace
   */
  List<ObjectView> list(ObjectKind kind, String namespace);
}
