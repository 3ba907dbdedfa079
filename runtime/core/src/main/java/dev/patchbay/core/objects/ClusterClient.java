package dev.patchbay.core.objects;

import dev.patchbay.spi.Needs;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.List;

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
