package dev.patchbay.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways in which a configuration file becomes another. */
class FileWatchTest {
  @TempDir
  private Path folder;

  private final Semaphore heard = new Semaphore(0);

  private void isHeard(String what) throws InterruptedException {
    assertThat(heard.tryAcquire(30, TimeUnit.SECONDS)).as(what).isTrue();
    heard.drainPermits();
  }

  @Test
  void aFileThatIsWrittenOrReplacedIsHeardOf() throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("patchbay.yaml"), "one");
    try (FileWatch _ = FileWatch.of(file, heard::release)) {
      Files.writeString(file, "two");
      isHeard("written");
      Files.move(Files.writeString(folder.resolve("new"), "three"), file, StandardCopyOption.REPLACE_EXISTING);
      isHeard("replaced");
      Files.delete(file);
      isHeard("taken away");
      Files.writeString(file, "four");
      isHeard("there again");
    }
  }

  @Test
  void aConfigMapThatLeadsElsewhereIsHeardOf() throws IOException, InterruptedException {
    Path one = Files.createDirectory(folder.resolve("..one"));
    Path two = Files.createDirectory(folder.resolve("..two"));
    Files.writeString(one.resolve("patchbay.yaml"), "one");
    Files.writeString(two.resolve("patchbay.yaml"), "two");
    Path link = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..one"));
    Path file = Files.createSymbolicLink(folder.resolve("patchbay.yaml"), Path.of("..data/patchbay.yaml"));
    try (FileWatch _ = FileWatch.of(file, heard::release)) {
      Files.move(Files.createSymbolicLink(folder.resolve("..next"), Path.of("..two")), link, StandardCopyOption.REPLACE_EXISTING);
      isHeard("another folder");
      assertThat(Files.readString(file)).isEqualTo("two");
    }
  }
}
