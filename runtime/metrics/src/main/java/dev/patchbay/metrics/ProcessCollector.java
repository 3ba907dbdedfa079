package dev.patchbay.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Figures of the process, by the names that Prometheus' own clients give them. For any thread.
 *
 * <p>Source: {@code proc(5)}, files {@code status}, {@code limits} and {@code fd} of a process.
 */
final class ProcessCollector implements MultiCollector {
  private static final double MILLIS = 1e3;
  private static final double NANOS = 1e9;
  private static final double KIBI = 1024;

  private final Path process;

  ProcessCollector(Path process) {
    this.process = process;
  }

  @Override
  public MetricSnapshots collect() {
    Snapshots figures = new Snapshots();
    ProcessHandle.Info info = ProcessHandle.current().info();
    info.totalCpuDuration().ifPresent(spent -> figures.add(Family.PROCESS_CPU, spent.toNanos() / NANOS));
    info.startInstant().ifPresent(start -> figures.add(Family.PROCESS_START, start.toEpochMilli() / MILLIS));
    try {
      Map<String, String> status = status();
      memory(status, "VmRSS", Family.PROCESS_RESIDENT, figures);
      memory(status, "VmSize", Family.PROCESS_VIRTUAL, figures);
      if (status.containsKey("Threads")) {
        figures.add(Family.PROCESS_THREADS, Double.parseDouble(status.getOrDefault("Threads", "0")));
      }
      descriptors(figures);
    } catch (IOException e) {
      // A system without /proc shows the rest.
      figures.add(Family.PROCESS_THREADS, Thread.activeCount());
    }
    Runtime runtime = Runtime.getRuntime();
    figures.add(Family.JVM_MEMORY, runtime.totalMemory() - runtime.freeMemory(), "heap");
    figures.add(Family.JVM_MEMORY, ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed(), "nonheap");
    for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
      figures.add(Family.JVM_GC, Math.max(0, gc.getCollectionTime()) / MILLIS, gc.getName());
      figures.add(Family.JVM_GC_COUNT, Math.max(0, gc.getCollectionCount()), gc.getName());
    }
    return figures.all();
  }

  private Map<String, String> status() throws IOException {
    Map<String, String> status = new HashMap<>();
    for (String line : Files.readAllLines(process.resolve("status"))) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        status.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return status;
  }

  private static void memory(Map<String, String> status, String name, Family family, Snapshots figures) {
    String value = status.getOrDefault(name, "");
    if (value.endsWith(" kB")) {
      figures.add(family, Double.parseDouble(value.substring(0, value.length() - 3)) * KIBI);
    }
  }

  private void descriptors(Snapshots figures) throws IOException {
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      figures.add(Family.PROCESS_FDS, open.count());
    }
    List<String> limits = Files.readAllLines(process.resolve("limits"));
    limits.stream().filter(line -> line.startsWith("Max open files ")).map(line -> line.split("\\s+")[3])
        .forEach(soft -> figures.add(Family.PROCESS_MAX_FDS, soft.equals("unlimited") ? Double.POSITIVE_INFINITY : Double.parseDouble(soft)));
  }
}
