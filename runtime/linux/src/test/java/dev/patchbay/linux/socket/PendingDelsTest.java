package dev.patchbay.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.linux.socket.PendingDels.Broken;
import dev.patchbay.linux.socket.PendingDels.Found;
import dev.patchbay.linux.socket.PendingDels.Note;
import dev.patchbay.wire.CniRequest;
import dev.patchbay.wire.FrameCodec;
import dev.patchbay.wire.NetnsReport;
import dev.patchbay.wire.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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

  private static Path write(PendingDels notes, String name, long second) throws IOException {
    CniRequest request = new CniRequest(1, 1, Instant.ofEpochSecond(second), Duration.ZERO, NetnsReport.NONE,
        Map.of("CNI_COMMAND", "DEL", "CNI_CONTAINERID", "a", "CNI_IFNAME", "eth0"), Payload.utf8("{}"));
    return Files.write(notes.folder().resolve(name), FrameCodec.encode(request));
  }
}
