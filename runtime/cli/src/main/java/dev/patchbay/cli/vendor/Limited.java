package dev.patchbay.cli.vendor;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Runs code of a module that nobody has tried, on a thread that can be left behind: it may never come back. */
final class Limited {
  private static final long STACK = 1L << 20;

  private final Duration limit;

  Limited(Duration limit) {
    this.limit = limit;
  }

  /** What came of it. */
  sealed interface Outcome<T> {
    /** It came back. */
    record Came<T>(T value) implements Outcome<T> {}

    /** It threw. */
    record Threw<T>(Throwable thrown) implements Outcome<T> {}

    /** It is still at it. */
    record StillRuns<T>() implements Outcome<T> {}
  }

  <T> Outcome<T> run(String what, Supplier<T> code) {
    FutureTask<T> task = new FutureTask<>(code::get);
    Thread thread = new Thread(null, task, "verify-" + what, STACK);
    thread.setDaemon(true);
    thread.start();
    try {
      return new Outcome.Came<>(task.get(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException e) {
      Throwable thrown = e.getCause();
      return new Outcome.Threw<>(thrown == null ? e : thrown);
    } catch (TimeoutException e) {
      return new Outcome.StillRuns<>();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.StillRuns<>();
    }
  }

  String words() {
    return "it did not come back within " + limit.toSeconds() + " s";
  }
}
