package dev.patchbay.kube;

import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.core.objects.ClusterClients;
import dev.patchbay.core.objects.ClusterListener;
import dev.patchbay.core.objects.ClusterSettings;

/**
 * Opens the way to the Kubernetes API.
 */
public final class KubeClusterClients implements ClusterClients {
  /**
   * For the service loader.
   */
  public KubeClusterClients() {}

  @Override
  public ClusterClient open(ClusterSettings settings, ClusterListener listener) {
    return new KubeClusterClient(settings, listener, Pace.USUAL);
  }
}
