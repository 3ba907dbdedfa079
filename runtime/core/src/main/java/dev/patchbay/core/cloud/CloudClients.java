package dev.patchbay.core.cloud;

/**
 * Opens the way to the cloud. Provided as a service by an adapter's module, which lives in a layer above this one, so that the node
 * answers while the adapter's libraries still load.
 */
public interface CloudClients {
  /**
   * Opens a client. Connects to nothing yet.
   *
   * @param settings where and as whom
   * @return the client; the caller closes it
   */
  CloudClient open(CloudSettings settings);
}
