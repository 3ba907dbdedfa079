package dev.patchbay.launch;

import dev.patchbay.spi.SettingException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks the code of modes that has not run before, on threads that can be left behind: it may throw anything, and may never come back. */
final class Asking {
  /** Such code does no work; what may take long is a machine that has too much to do. */
  static final Duration LIMIT = Duration.ofSeconds(30);

  private final Duration limit;

  Asking(Duration limit) {
    this.limit = limit;
  }

  /**
   * Asks, and waits for the answer.
   *
   * @param module whose code it is
   * @param question what is asked
   * @throws ModeBrokenException if there is no answer, or it is null
   * @throws SettingException if the mode threw that
   */
  <T> T ask(String module, Supplier<@Nullable T> question) {
    FutureTask<@Nullable T> task = new FutureTask<>(question::get);
    Thread thread = Thread.ofPlatform().daemon().name("mode-" + module).start(task);
    try {
      T answer = task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (answer == null) {
        throw new ModeBrokenException("returned null");
      }
      return answer;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SettingException setting) {
        throw setting;
      }
      throw new ModeBrokenException("threw " + root(e), e);
    } catch (TimeoutException e) {
      thread.interrupt();
      throw new ModeBrokenException("did not come back within " + limit.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModeBrokenException("was not waited for: this process ends", e);
    }
  }

  private static Throwable root(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return cause == null ? thrown : root(cause);
  }
}
