package dev.patchbay.lab.fabric;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Processes that run in namespaces of a fabric: what an unclean end of the lab leaves behind. */
final class Residents {
  private Residents() {}

  /** Kills every process but this one whose network namespace is among these, and waits until they are gone. */
  static void end(Iterable<NetworkNamespace> namespaces) {
    Set<Object> ours = new HashSet<>();
    namespaces.forEach(namespace -> fileKey(namespace.path()).ifPresent(ours::add));
    List<CompletableFuture<ProcessHandle>> ending = new ArrayList<>();
    // A process may have started another in the meantime: look again until there is none.
    for (List<ProcessHandle> found = in(ours); !found.isEmpty(); found = in(ours)) {
      for (ProcessHandle process : found) {
        process.destroyForcibly();
        ending.add(process.onExit());
      }
      try {
        CompletableFuture.allOf(ending.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new FabricException("interrupted while processes of the fabric were ended", interrupted);
      } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException stuck) {
        throw new FabricException("processes %s are in the fabric's namespaces and did not end".formatted(found), stuck);
      }
    }
  }

  private static List<ProcessHandle> in(Set<Object> namespaces) {
    long own = ProcessHandle.current().pid();
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != own)
        .filter(process -> fileKey(Path.of("/proc", String.valueOf(process.pid()), "ns", "net")).filter(namespaces::contains).isPresent())
        .toList();
  }

  private static java.util.Optional<Object> fileKey(Path path) {
    try {
      return java.util.Optional.of(Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class).fileKey());
    } catch (IOException gone) {
      return java.util.Optional.empty();
    }
  }
}
