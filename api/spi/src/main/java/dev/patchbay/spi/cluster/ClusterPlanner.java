package dev.patchbay.spi.cluster;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.ImplementedByMode;
import org.apiguardian.api.API;

/**
 * The cluster side of a mode: a pure planner over the cluster's objects and the interfaces that carry the cluster's tags.
 * Exactly one controller in the cluster runs it.
 */
@ImplementedByMode
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ClusterPlanner {
  /**
   * Plans one key. Must not block.
   *
   * @param cluster the cluster
   * @param key what to plan: one of {@link #keys}
   * @return what should be
   */
  Answer<ClusterPlan> plan(ClusterView cluster, String key);

  /**
   * Names what there is to plan, so that one change does not plan the whole cluster again: the runtime plans keys on their own
   * and in parallel.
   *
   * @param cluster the cluster
   * @return the keys: a node's name, say
   */
  java.util.List<String> keys(ClusterView cluster);
}
