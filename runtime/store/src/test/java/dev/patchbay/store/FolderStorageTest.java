package dev.patchbay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a folder says of what went wrong, of who has it, and of what is in it. */
class FolderStorageTest {
  @TempDir Path folder;

  /** The C library's words; the man page errno(3) has them. */
  @ParameterizedTest
  @CsvSource({"No space left on device, FULL", "Disk quota exceeded, FULL", "journal: Read-only file system, READ_ONLY",
      "Input/output error, DEVICE", "Too many open files, OTHER"})
  void aFailureIsToldByItsWords(String words, StoreException.Kind kind) {
    assertThat(FolderStorage.unlocked(folder).kindOf(new IOException(words))).isEqualTo(kind);
  }

  @Test
  void aFailureWithoutWordsIsToldByItsCauseOrByTheFileSystem() {
    Storage storage = FolderStorage.unlocked(folder);
    assertThat(storage.kindOf(new IOException("no", new ReadOnlyFileSystemException()))).isEqualTo(StoreException.Kind.READ_ONLY);
    assertThat(storage.kindOf(new IOException())).isEqualTo(StoreException.Kind.OTHER);
    assertThat(FolderStorage.words(new IOException())).isEqualTo("IOException");
    IOException gone = new IOException("no");
    assertThat(FolderStorage.unlocked(folder.resolve("none")).kindOf(gone)).isEqualTo(StoreException.Kind.OTHER);
    assertThat(gone.getSuppressed()).as("the folder is not there").hasSize(1);
  }

  @Test
  void whoHasAFolderIsSeenWithoutTakingIt() throws IOException {
    assertThat(FolderStorage.isLocked(folder)).isFalse();
    assertThat(FolderStorage.isLocked(folder.resolve("none"))).isFalse();
    assertThat(folder).as("nothing is made").isEmptyDirectory();
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(FolderStorage.isLocked(file)).as("that is no folder").isFalse();
    FolderStorage held = FolderStorage.open(folder.resolve("journal"));
    assertThat(FolderStorage.isLocked(folder.resolve("journal"))).isTrue();
    held.close();
    assertThat(FolderStorage.isLocked(folder.resolve("journal"))).isFalse();
  }

  @Test
  void aFolderThatCantBeMadeIsRefusedInWords() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> FolderStorage.open(file.resolve("journal"))).isInstanceOf(StoreException.class)
        .hasMessageContaining("Cannot open the journal in").hasMessageContaining("see that the folder can be written");
  }

  @Test
  void filesAreMadeOnceWrittenOnAndListedWithoutTheLock() throws IOException {
    try (FolderStorage storage = FolderStorage.open(folder)) {
      try (Storage.Output one = storage.create("one")) {
        one.write(bytes("a"));
        one.force();
      }
      assertThatThrownBy(() -> storage.create("one")).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> storage.append("two")).isInstanceOf(IOException.class);
      try (Storage.Output more = storage.append("one")) {
        more.write(bytes("bc"));
        more.truncate(2);
      }
      storage.sync();
      assertThat(StandardCharsets.UTF_8.decode(storage.read("one")).toString()).isEqualTo("ab");
      storage.rename("one", "two");
      assertThat(storage.list()).containsExactly("two");
      storage.delete("two");
      storage.delete("two");
      assertThat(storage.list()).isEmpty();
    }
  }

  @Test
  void aFolderInMemoryIsToldFromOneOnADisk() throws IOException {
    boolean memory = Stream.of("tmpfs", "ramfs").anyMatch(Files.getFileStore(folder).type()::equals);
    assertThat(FolderStorage.unlocked(folder).isMemory()).isEqualTo(memory);
    assertThat(FolderStorage.unlocked(folder.resolve("none")).isMemory()).isFalse();
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @EnumSource
  void damageIsSaidInOneSentence(Damage.Kind kind) {
    Damage damage = new Damage("segment-1", 17, 9, kind, 3, false);
    assertThat(damage.toString()).startsWith("segment-1 at byte 17, after record 3: ").doesNotContain("healed");
    assertThat(damage.asHealed().toString()).isEqualTo(damage + "; healed from an older copy");
    assertThat(Stream.of(Damage.Kind.values()).map(k -> new Damage("segment-1", 17, 9, k, 3, false).toString()).distinct()).hasSize(4);
  }
}
