package dev.patchbay.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.brain.Event;
import dev.patchbay.spi.ObjectKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node's files of networks, as modes see them. */
class NetworkFilesTest {
  @TempDir
  private Path parent;
  private final BlockingQueue<Event> told = new LinkedBlockingQueue<>();

  private Event next() throws InterruptedException {
    Event event = told.poll(60, TimeUnit.SECONDS);
    assertThat(event).as("what is told next").isNotNull();
    return java.util.Objects.requireNonNull(event);
  }

  /** What is told of a file: its text, or nothing when it has gone. */
  private void awaitSeen(String name, String text) throws InterruptedException {
    Event event = next();
    // A file may be seen before all of it is written.
    while (event instanceof Event.ObjectSeen seen && seen.object().ref().name().equals(name) && !seen.object().content().text("text").orElse("").equals(text)) {
      event = next();
    }
    assertThat(event).isInstanceOfSatisfying(Event.ObjectSeen.class, seen -> {
      assertThat(seen.object().ref().kind()).isEqualTo(ObjectKind.NETWORK_FILE);
      assertThat(seen.object().ref().name()).isEqualTo(name);
      assertThat(seen.object().content().text("text")).contains(text);
    });
  }

  @Test
  void whatIsThereIsToldAndThenThatThatIsAllAndThenWhatChanges() throws IOException, InterruptedException {
    Path folder = Files.createDirectory(parent.resolve("net.d"));
    Files.writeString(folder.resolve("10-one.conf"), "{}");
    Files.writeString(folder.resolve("notes.txt"), "not a network");
    try (NetworkFiles files = new NetworkFiles(folder, told::add)) {
      assertThat(files).isNotNull();
      awaitSeen("10-one.conf", "{}");
      assertThat(next()).isEqualTo(new Event.ObjectsHeard(ObjectKind.NETWORK_FILE, true));
      Files.writeString(folder.resolve("20-two.conflist"), "[]");
      awaitSeen("20-two.conflist", "[]");
      Files.writeString(folder.resolve("10-one.conf"), "{ }");
      awaitSeen("10-one.conf", "{ }");
      Files.delete(folder.resolve("10-one.conf"));
      assertThat(next()).isInstanceOfSatisfying(Event.ObjectGone.class, gone -> assertThat(gone.ref().name()).isEqualTo("10-one.conf"));
    }
  }

  @Test
  void aFolderThatComesLaterIsFollowedFromThenOn() throws IOException, InterruptedException {
    Path folder = parent.resolve("multus/net.d");
    try (NetworkFiles files = new NetworkFiles(folder, told::add)) {
      assertThat(files).isNotNull();
      assertThat(next()).isEqualTo(new Event.ObjectsHeard(ObjectKind.NETWORK_FILE, true));
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("10-one.json"), "{}");
      awaitSeen("10-one.json", "{}");
    }
  }
}
