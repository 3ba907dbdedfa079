package dev.patchbay.it.histories;

import java.io.IOException;
import java.io.Reader;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Histories that another module began, in a process of their own.
 *
 * @param folder where that process puts what comes of them; while it runs, it has a lock there
 */
record Begun(Path folder) {
  /** Waits until they are done, at most for a while, and reads what came of them. */
  Counts counts(Duration atMost) throws IOException, InterruptedException {
    if (!Files.exists(folder.resolve("lock"))) {
      throw new AssertionError("No histories were begun: the tests of it/simulation, which do that, have not run, or the process that they"
          + " started failed. It said: " + log());
    }
    awaitEnd(atMost);
    // Now that the process is gone, what it had to say is there, or will never be.
    if (!Files.exists(folder.resolve("result"))) {
      throw new AssertionError("The process of the histories ended before they were done. It said: " + log());
    }
    Properties result = new Properties();
    try (Reader reader = Files.newBufferedReader(folder.resolve("result"))) {
      result.load(reader);
    }
    return new Counts(number(result, "histories"), number(result, "steps"), number(result, "violations"), log());
  }

  private void awaitEnd(Duration atMost) throws IOException, InterruptedException {
    try (AsynchronousFileChannel lock = AsynchronousFileChannel.open(folder.resolve("lock"), StandardOpenOption.WRITE)) {
      if (lock.tryLock() == null) {
        hurry();
        lock.lock().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (TimeoutException e) {
      throw new AssertionError("The histories are not done " + atMost.toMinutes() + " minutes after all other tests. Their process said: "
          + log(), e);
    } catch (ExecutionException e) {
      throw new AssertionError("The process of the histories can't be waited for.", e);
    }
  }

  /** All other tests are over: from now on the process comes first no less than anything else. Who may not change that leaves it so. */
  private void hurry() throws IOException, InterruptedException {
    Path tasks = Path.of("/proc", Files.readString(folder.resolve("pid")).strip(), "task");
    // A thread that was begun meanwhile, by one that came last still, is found at the second look.
    for (int look = 0; look < 2; look++) {
      List<String> command = new ArrayList<>(List.of("renice", "0", "-p"));
      try (DirectoryStream<Path> each = Files.newDirectoryStream(tasks)) {
        each.forEach(task -> command.add(task.getFileName().toString()));
      } catch (NoSuchFileException over) {
        return;
      }
      new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start()
          .waitFor();
    }
  }

  private static long number(Properties result, String name) {
    return Long.parseLong(result.getProperty(name, "0"));
  }

  private String log() throws IOException {
    Path log = folder.resolve("log");
    return Files.exists(log) ? Files.readString(log) : "nothing";
  }
}
