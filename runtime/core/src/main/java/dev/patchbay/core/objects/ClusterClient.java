package dev.patchbay.core.objects;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.List;
import java.util.Optional;

/**
 * The API server. For any number of threads.
 */
public interface ClusterClient extends AutoCloseable {
  /**
   * Writes what objects should hold, behind: returns at once, tries again after failures, and drops a wish that a newer one for the
   * same object replaces.
   *
   * @param plan what objects should hold
   */
  void publish(ObjectPlan plan);

  /** Drops all wishes that have not been written yet; the one that is being written may still be. */
  void withdraw();

  /**
   * Reads an object as it is now. Blocks.
   *
   * @param ref the object
   * @return the object; empty if there is none
   * @throws ClusterException if the API server can't be asked or refuses
   */
  Optional<ObjectRecord> read(ObjectRef ref);

  /**
   * Makes an object, or changes one of a version. Blocks. What fails may have been done all the same.
   *
   * @param ref the object
   * @param resourceVersion the version that is changed; empty if there must be no such object
   * @param content what it should hold, without metadata and type; what is not named stays
   * @return the object as it is then; empty if it is not of that version any more, is gone, or there is one already
   * @throws ClusterException if the API server can't be asked or refuses
   */
  Optional<ObjectRecord> write(ObjectRef ref, String resourceVersion, Fields content);

  /**
   * Deletes an object of a version. Blocks. What fails may have been done all the same.
   *
   * @param ref the object
   * @param resourceVersion the version that is deleted
   * @return whether there is no such object any more; false if it is not of that version
   * @throws ClusterException if the API server can't be asked or refuses
   */
  boolean delete(ObjectRef ref, String resourceVersion);

  /**
   * Asks the API server which of these rules the client lacks (SelfSubjectAccessReview). Blocks.
   *
   * @param rules the rules
   * @return those that are lacking, each as {@code verb resource}; empty if all are granted
   * @throws ClusterException if the API server can't be asked
   */
  List<String> lacking(List<Needs.ObjectRule> rules);

  @Override
  void close();
}
