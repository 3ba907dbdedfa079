package dev.patchbay.lab.kube;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The real API server's programs.
 *
 * @param apiServer kube-apiserver
 * @param etcd its store
 * @param folder where they keep what they need; whoever made it removes it
 */
public record KubeBinaries(Path apiServer, Path etcd, Path folder) {
  /** The same programs with another folder. */
  public KubeBinaries in(Path other) {
    return new KubeBinaries(apiServer, etcd, other);
  }

  /** What is wrong with the files, in words for whoever has named them; empty if nothing is. */
  public Optional<String> complaint() {
    for (Path file : new Path[] {apiServer, etcd}) {
      if (!Files.isRegularFile(file) || !Files.isExecutable(file)) {
        return Optional.of(file + " is no program that can be run: it must be the real " + (file.equals(etcd) ? "etcd" : "kube-apiserver"));
      }
    }
    return Optional.empty();
  }
}
