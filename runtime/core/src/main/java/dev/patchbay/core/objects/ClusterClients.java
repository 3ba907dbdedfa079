package dev.patchbay.core.objects;

/**
 * Opens the way to the API server. Provided as a service by an adapter's module, in a layer above this one.
 */
public interface ClusterClients {
  /**
   * Opens a client and begins to watch what the settings name. Returns at once; what is seen arrives at the listener.
   *
   * @param settings where, as whom, and what to watch
   * @param listener who hears of it
   * @return the client; the caller closes it
   */
  ClusterClient open(ClusterSettings settings, ClusterListener listener);
}
