package dev.patchbay.core.objects;

import dev.patchbay.spi.ObjectKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the API server is, and what of it is watched.
 *
 * @param kubeconfig the client's configuration file; empty for that of the pod that the process runs in
 * @param nodeName the node's name: of pods only this node's are watched, of nodes only this one
 * @param kinds the kinds to watch
 */
public record ClusterSettings(Optional<Path> kubeconfig, String nodeName, List<ObjectKind> kinds) {
  /**
   * Copies the list.
   */
  public ClusterSettings {
    kinds = List.copyOf(kinds);
  }
}
