package dev.patchbay.it.e2e.survival;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** DEL: succeeds whatever there is, and what can't be done at once is done later. */
class DelTest extends OneNode {
  private Executable.Ended add(Sandbox sandbox) {
    return Executable.of(node, "ADD", sandbox).run().orThrow();
  }

  private static void assertDone(Executable.Ended del) {
    assertThat(del.exit()).as(del.toString()).isZero();
    assertThat(del.output()).isEmpty();
    assertThat(del.errors()).isEmpty();
  }

  private List<Path> notes() {
    Path folder = node.socket().resolveSibling("pending-dels");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void delTwiceAndAsContainerdRepeatsItAndOfWhatWasNeverAdded() {
    Sandbox sandbox = sandboxes.make();
    Executable.Ended added = add(sandbox);
    Executable del = Executable.of(node, "DEL", sandbox);
    assertDone(del.configured(configuration -> configuration.set("prevResult", added.json())).run());
    assertThat(Reports.of(node).path("cooling").has(added.address().orElseThrow().getHostAddress())).isTrue();
    assertDone(del.run());
    assertDone(del.with("CNI_NETNS", "").run());
    assertDone(del.without("CNI_NETNS").without("CNI_ARGS").run());
    assertDone(Executable.of(node, "DEL", sandboxes.make()).run());
    assertDone(del.with("CNI_IFNAME", "net1").run());
    Until.holds("the address is free again", () -> Reports.of(node).path("cooling").isEmpty());
  }

  @Test
  void delWithTheNamespaceGone() {
    Sandbox sandbox = sandboxes.make();
    Executable.Ended added = add(sandbox);
    sandboxes.remove(sandbox);
    assertThat(sandbox.netns().path()).doesNotExist();
    assertDone(Executable.of(node, "DEL", sandbox).run());
    assertThat(Reports.of(node).path("cooling").has(added.address().orElseThrow().getHostAddress())).isTrue();
    Agreement.await(node, Map.of());
  }

  @Test
  void delWithTheNamespacesFileReplacedBySomethingElse() throws IOException {
    Sandbox sandbox = sandboxes.make();
    add(sandbox);
    Path nothing = Files.createTempFile("no-namespace", "");
    try {
      assertDone(Executable.of(node, "DEL", sandbox).with("CNI_NETNS", nothing.toString()).run());
    } finally {
      Files.delete(nothing);
    }
    Agreement.await(node, Map.of());
    assertThat(Kernel.of(sandbox.netns()).lines()).noneMatch(line -> line.contains("eth0"));
  }

  @Test
  void delOfManyAtOnceEachTwice() {
    List<Sandbox> all = Stream.generate(sandboxes::make).limit(8).toList();
    all.forEach(this::add);
    List<Executable.Running> running = Stream.concat(all.stream(), all.stream())
        .map(sandbox -> Executable.of(node, "DEL", sandbox).start()).toList();
    running.forEach(del -> assertDone(del.await()));
    Agreement.await(node, Map.of());
  }

  @Test
  void delWithTheDaemonAwayIsDoneAtItsNextStart() {
    Sandbox deleted = sandboxes.make();
    Sandbox gone = sandboxes.make();
    Sandbox stays = sandboxes.make();
    Sandbox again = sandboxes.make();
    add(deleted);
    add(gone);
    Executable.Ended kept = add(stays);
    add(again);
    node.daemon().kill();
    assertDone(Executable.of(node, "DEL", deleted).run());
    assertDone(Executable.of(node, "DEL", deleted).run());
    sandboxes.remove(gone);
    assertDone(Executable.of(node, "DEL", gone).run());
    assertDone(Executable.of(node, "DEL", sandboxes.make()).run());
    assertDone(Executable.of(node, "DEL", again).run());
    assertThat(notes()).hasSize(4);
    node.daemon().start();
    // The first thing that the new daemon is asked is the next ADD of a container that its notes say is deleted.
    Executable.Ended next = Until.there("an ADD is served", () -> {
      Executable.Ended ended = Executable.of(node, "ADD", again).run();
      return ended.code() == 11 ? java.util.Optional.empty() : java.util.Optional.of(ended);
    }).orThrow();
    Until.holds("the notes are gone", () -> notes().isEmpty());
    Agreement.await(node, Map.of(
        Sandboxes.key(stays), kept.address().orElseThrow().getHostAddress(),
        Sandboxes.key(again), next.address().orElseThrow().getHostAddress()));
    kept.check().orThrow();
    next.check().orThrow();
    assertDone(Executable.of(node, "DEL", stays).run());
    assertDone(Executable.of(node, "DEL", again).run());
    Until.holds("all addresses are free again", () -> Reports.of(node).path("cooling").isEmpty());
  }

  @Test
  void aNoteThatWasLeftBehindDoesNotTouchTheSameContainerAddedLater() throws IOException {
    Sandbox sandbox = sandboxes.make();
    add(sandbox);
    node.daemon().kill();
    assertDone(Executable.of(node, "DEL", sandbox).run());
    Path note = notes().getFirst();
    byte[] content = Files.readAllBytes(note);
    node.daemon().start();
    Until.holds("the note is gone", () -> notes().isEmpty());
    Executable.Ended later = add(sandbox);
    // As if the executable had been killed before it could take its note back.
    Files.write(note, content);
    node.daemon().stop();
    node.daemon().start();
    Until.holds("the note is gone", () -> notes().isEmpty());
    Agreement.await(node, Map.of(Sandboxes.key(sandbox), later.address().orElseThrow().getHostAddress()));
    later.check().orThrow();
    assertDone(Executable.of(node, "DEL", sandbox).run());
  }

  private String log() {
    try {
      return Files.readString(node.daemon().log());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void aFileThatIsNoNoteHindersNobodyAndStays() throws IOException {
    node.daemon().stop();
    assertDone(Executable.of(node, "DEL", sandboxes.make()).run());
    Path broken = node.socket().resolveSibling("pending-dels").resolve("broken.eth0.del");
    Files.writeString(broken, "no frame");
    try {
      node.daemon().start();
      Until.holds("the note is gone", () -> notes().equals(List.of(broken)));
      Until.holds("the other is told", () -> log().contains("broken.eth0.del of a DEL can't be read"));
    } finally {
      Files.delete(broken);
    }
  }
}
