package dev.patchbay.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Many pieces of work, several of them at a time. */
final class Together {
  private Together() {}

  /**
   * Does all of it, and waits until nothing of it is under way any more. After the first failure nothing further is begun.
   *
   * @param atOnce how many pieces are under way at a time
   * @return what the pieces gave, in their order
   */
  static <T> List<T> all(int atOnce, List<Callable<T>> work) {
    List<T> done = new ArrayList<>();
    @Nullable RuntimeException failure = null;
    // Platform threads: the work starts processes and enters namespaces.
    try (ExecutorService workers = Executors.newFixedThreadPool(atOnce, Thread.ofPlatform().daemon().name("together-", 0).factory())) {
      List<Future<T>> begun = work.stream().map(workers::submit).toList();
      for (Future<T> each : begun) {
        if (failure != null) {
          each.cancel(false);
          continue;
        }
        try {
          done.add(each.get());
        } catch (ExecutionException failed) {
          failure = failed.getCause() instanceof RuntimeException cause ? cause : new LabException(String.valueOf(failed.getCause()), failed);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          failure = new LabException("interrupted", interrupted);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return done;
  }
}
