package dev.patchbay.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Processes of a lab by a variable in their environment. Most are in the lab's namespaces and found there; a lab that is killed also
 * leaves those that were on their way into one, and those that work for it outside.
 */
final class Marked {
  /** Its value is the lab's name. */
  static final String VARIABLE = "PATCHBAY_LAB_PROCESS";

  private static final long LONGEST_SECONDS = 10;

  private Marked() {}

  /** Kills every marked process but this one, and waits until they are gone. */
  static void end(String name) {
    // A process may have started another in the meantime: look again until there is none.
    for (List<ProcessHandle> found = of(name); !found.isEmpty(); found = of(name)) {
      found.forEach(ProcessHandle::destroyForcibly);
      try {
        CompletableFuture.allOf(found.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
            .get(LONGEST_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new LabException("interrupted while processes of lab '" + name + "' were ended", interrupted);
      } catch (ExecutionException | TimeoutException stuck) {
        throw new LabException("processes %s of lab '%s' did not end".formatted(found, name), stuck);
      }
    }
  }

  private static List<ProcessHandle> of(String name) {
    long own = ProcessHandle.current().pid();
    String mark = VARIABLE + "=" + name;
    return ProcessHandle.allProcesses().filter(process -> process.pid() != own && environment(process.pid()).contains(mark)).toList();
  }

  private static List<String> environment(long pid) {
    try {
      return Arrays.asList(Files.readString(Path.of("/proc", String.valueOf(pid), "environ"), StandardCharsets.ISO_8859_1).split("\0"));
    } catch (IOException gone) {
      // It has ended, or is somebody else's.
      return List.of();
    }
  }
}
