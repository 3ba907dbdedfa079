package dev.patchbay.lab.demo;

import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a lab has on the machine.
 *
 * @param namespaces network namespaces of its name
 * @param devices network devices in them
 * @param processes processes in them: daemons, and whatever else runs there
 * @param files files in its folder
 * @param hostDevices network devices of the machine's own namespace
 */
record Inventory(int namespaces, int devices, int processes, int files, int hostDevices) {
  private static final Path NAMED = Path.of("/run/netns");

  /** Counts. */
  static Inventory of(String lab) {
    List<Path> namespaces = list(NAMED).stream().filter(file -> file.getFileName().toString().startsWith("patchbay-" + lab + "-")).toList();
    Set<Object> keys = new HashSet<>();
    int devices = 0;
    for (Path namespace : namespaces) {
      key(namespace, keys);
      devices += devices(namespace);
    }
    int processes = 0;
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      Set<Object> own = new HashSet<>();
      key(Path.of("/proc", String.valueOf(process.pid()), "ns/net"), own);
      processes += own.stream().anyMatch(keys::contains) ? 1 : 0;
    }
    return new Inventory(namespaces.size(), devices, processes, files(Lab.folder(lab)), list(Path.of("/sys/class/net")).size());
  }

  private static int devices(Path namespace) {
    // /sys shows the namespace in which it was mounted, /proc/PID/net that of the process.
    try {
      Process cat = new ProcessBuilder("nsenter", "--net=" + namespace, "cat", "/proc/self/net/dev").start();
      return (int) cat.inputReader().lines().filter(line -> line.contains(":")).count();
    } catch (IOException failure) {
      throw new LabException("cannot count the devices in " + namespace + ": " + failure.getMessage(), failure);
    }
  }

  private static int files(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return (int) all.filter(file -> !Files.isDirectory(file)).count();
    } catch (NoSuchFileException none) {
      return 0;
    } catch (IOException failure) {
      throw new LabException("cannot list " + folder + ": " + failure.getMessage(), failure);
    }
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException failure) {
      throw new LabException("cannot list " + folder + ": " + failure.getMessage(), failure);
    }
  }

  private static void key(Path file, Set<Object> keys) {
    try {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      if (key != null) {
        keys.add(key);
      }
    } catch (IOException gone) {
      // A process that ended meanwhile is not there: nothing to count.
      return;
    }
  }
}
