package dev.patchbay.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.ledger.MadeBefore;
import dev.patchbay.linux.socket.PendingDels.Broken;
import dev.patchbay.linux.socket.PendingDels.Found;
import dev.patchbay.linux.socket.PendingDels.Note;
import dev.patchbay.wire.CniRequest;
import dev.patchbay.wire.FrameCodec;
import dev.patchbay.wire.NetnsReport;
import dev.patchbay.wire.Payload;
import dev.patchbay.wire.Uptime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingDelsTest {

  @TempDir Path folder;

  @Test
  void aMissingFolderHoldsNothing() throws Exception {
    PendingDels notes = PendingDels.besideSocket(folder.resolve("cni.sock"));
    assertThat(notes.folder()).isEqualTo(folder.resolve("pending-dels"));
    assertThat(notes.collect()).isEmpty();
    Files.writeString(notes.folder(), "in its place");
    assertThat(notes.collect()).isEmpty();
  }

  @Test
  void theOldestComesFirstAndBrokenOnesLast() throws Exception {
    PendingDels notes = PendingDels.besideSocket(folder.resolve("cni.sock"));
    Files.createDirectory(notes.folder());
    Path young = write(notes, "a.eth0.del", 30);
    Path old = write(notes, "z.eth0.del", 10);
    Path torn = Files.write(notes.folder().resolve("b.eth0.del"), new byte[] {'P', 'B'});
    Path link = Files.createSymbolicLink(notes.folder().resolve("c.eth0.del"), Path.of("/etc/hostname"));
    Files.createDirectory(notes.folder().resolve("d.eth0.del"));
    write(notes, ".writing-1-1", 1);
    List<Found> found = notes.collect();
    assertThat(found).extracting(Found::file).startsWith(old, young).hasSize(5).contains(torn, link);
    assertThat(found.subList(2, 5)).allMatch(Broken.class::isInstance);
    found.forEach(notes::remove);
    assertThat(notes.collect()).isEmpty();
    assertThat(Path.of("/etc/hostname")).exists();
  }

  @Test
  void aNoteThatWasReplacedMeanwhileStays() throws Exception {
    PendingDels notes = PendingDels.besideSocket(folder.resolve("cni.sock"));
    Files.createDirectory(notes.folder());
    write(notes, "a.eth0.del", 10);
    Found seen = notes.collect().getFirst();
    write(notes, "a.eth0.del", 20);
    notes.remove(seen);
    assertThat(notes.collect()).singleElement().isInstanceOfSatisfying(Note.class,
        note -> assertThat(note.request().startedAt()).isEqualTo(Instant.ofEpochSecond(20)));
    Files.delete(seen.file());
    notes.remove(seen);
  }

  @Test
  void theOrderIsThatOfTheClockThatNobodySets() throws Exception {
    UUID boot = UUID.randomUUID();
    PendingDels notes = PendingDels.besideSocket(folder.resolve("cni.sock"), () -> boot);
    Files.createDirectory(notes.folder());
    Path third = write(notes, "a.eth0.del", 10, Optional.of(new Uptime(boot, Duration.ofSeconds(3))));
    Path second = write(notes, "b.eth0.del", 20, Optional.of(new Uptime(boot, Duration.ofSeconds(2))));
    Path older = write(notes, "c.eth0.del", 30);
    Path past = write(notes, "d.eth0.del", 15, Optional.of(new Uptime(UUID.randomUUID(), Duration.ofSeconds(1))));
    List<Found> found = notes.collect();
    assertThat(found).extracting(Found::file).containsExactly(older, second, third, past);
    assertThat(found.get(1)).isInstanceOfSatisfying(Note.class,
        note -> assertThat(note.time()).isEqualTo(new MadeBefore(OptionalLong.of(2_000), 20_000)));
    assertThat(found.getFirst()).isInstanceOfSatisfying(Note.class,
        note -> assertThat(note.time()).isEqualTo(new MadeBefore(OptionalLong.empty(), 30_000)));
    assertThat(found.getLast()).as("of another boot").isInstanceOf(PendingDels.Past.class);
    found.forEach(notes::remove);
    assertThat(notes.collect()).isEmpty();
  }

  private static Path write(PendingDels notes, String name, long second) throws IOException {
    return write(notes, name, second, Optional.empty());
  }

  private static Path write(PendingDels notes, String name, long second, Optional<Uptime> uptime) throws IOException {
    CniRequest request = new CniRequest(1, 1, Instant.ofEpochSecond(second), uptime, Duration.ZERO, NetnsReport.NONE,
        Map.of("CNI_COMMAND", "DEL", "CNI_CONTAINERID", "a", "CNI_IFNAME", "eth0"), Payload.utf8("{}"));
    return Files.write(notes.folder().resolve(name), FrameCodec.encode(request));
  }
}
