package dev.patchbay.it.simulation;

import dev.patchbay.simulation.Choice;
import dev.patchbay.simulation.History;
import dev.patchbay.simulation.Tally;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Many histories, on as many threads as there are processors, until there are enough or the time is over. */
final class Many {
  private static final long TOLD_EACH = 10_000;

  private Many() {}

  /** Runs them, and prints what came of them. */
  static Tally run(long first, long histories, Duration atMost) throws InterruptedException, ExecutionException {
    long began = System.nanoTime();
    long end = began + atMost.toNanos();
    AtomicLong seeds = new AtomicLong(first);
    int threads = Runtime.getRuntime().availableProcessors();
    List<List<Choice>> families = BuiltIn.families();
    List<Future<Tally>> parts = new ArrayList<>();
    ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
    AtomicLong spent = new AtomicLong();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int n = 0; n < threads; n++) {
        parts.add(pool.submit(() -> {
          Tally tally = new Tally();
          for (long seed = seeds.getAndIncrement(); seed < first + histories && System.nanoTime() < end; seed = seeds.getAndIncrement()) {
            if (seed > first && (seed - first) % TOLD_EACH == 0) {
              System.out.printf("%,d histories after %d s%n", seed - first, (System.nanoTime() - began) / 1_000_000_000);
            }
            tally.add(History.of(seed, families.get((int) (seed % families.size()))).run(false));
          }
          spent.addAndGet(cpu.getCurrentThreadCpuTime());
          return tally;
        }));
      }
      Tally all = new Tally();
      for (Future<Tally> part : parts) {
        all.add(part.get());
      }
      System.out.print(all.words());
      long faults = all.faults().values().stream().mapToLong(Long::longValue).sum();
      double hours = (System.nanoTime() - began) / 3.6e12;
      System.out.printf("%.1f ms of CPU a history; at this rate %,.0f histories and %,.0f faults an hour%n",
          spent.get() / 1e6 / Math.max(1, all.histories()), all.histories() / hours, faults / hours);
      return all;
    }
  }
}
