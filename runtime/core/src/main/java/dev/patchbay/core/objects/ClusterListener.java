package dev.patchbay.core.objects;

import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.util.Optional;

/**
 * Hears what the API server has. Called on the client's threads, one call at a time for one kind; must not block.
 */
public interface ClusterListener {
  /**
   * An object is new or has changed.
   *
   * @param object the object
   */
  void seen(ObjectRecord object);

  /**
   * An object is gone.
   *
   * @param ref the object
   */
  void gone(ObjectRef ref);

  /**
   * All objects of a kind have been seen, or the API server is no longer heard.
   *
   * @param kind the kind
   * @param heard whether they have been seen
   */
  void heard(ObjectKind kind, boolean heard);

  /**
   * Something about the API server that the operator should know, or that is over. Unlike the others, called on any of the client's
   * threads.
   *
   * @param about what it is about; at most one finding holds for each
   * @param finding what it is; empty if it is over
   */
  void told(String about, Optional<Finding> finding);
}
