package dev.patchbay.linux.socket;

import dev.patchbay.core.ledger.MadeBefore;
import dev.patchbay.linux.host.Boot;
import dev.patchbay.wire.CniRequest;
import dev.patchbay.wire.FrameCodec;
import dev.patchbay.wire.MalformedFrameException;
import dev.patchbay.wire.Uptime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The notes that the executable leaves for DELs that no daemon could take. To lose none, collect them when the
 * {@link CniSocketServer} has been opened, not before: the executable, having written one, looks once more for a daemon.
 *
 * <p>A note must not touch an attachment that was made after {@link Note#time}, since container ids may be used again. Remove a note when what it asks for is done or durably remembered elsewhere; until then it is found again.
 */
public final class PendingDels {

  /** A file in the folder of notes. */
  public sealed interface Found {
    /** The file. */
    Path file();
  }

  /**
   * A DEL that is to be done.
   *
   * @param request names container and interface; its namespace is never open
   */
  public record Note(Path file, CniRequest request) implements Found {
    /** The moment of the DEL. */
    public MadeBefore time() {
      return new MadeBefore(uptime().stream().mapToLong(Duration::toMillis).findFirst(), request.startedAt().toEpochMilli());
    }

    private Optional<Duration> uptime() {
      return request.uptime().map(Uptime::time);
    }
  }

  /**
   * A DEL of an earlier boot, which no pod of it has survived: it may be removed.
   *
   * @param request names container and interface
   */
  public record Past(Path file, CniRequest request) implements Found {}

  /**
   * A file that is no note.
   *
   * @param why what is wrong with it, for a log
   */
  public record Broken(Path file, String why) implements Found {}

  private final Path folder;
  private final Supplier<UUID> boot;

  private PendingDels(Path folder, Supplier<UUID> boot) {
    this.folder = folder;
    this.boot = boot;
  }

  /** The notes of the daemon that listens at this path. */
  public static PendingDels besideSocket(Path socket) {
    return besideSocket(socket, Boot::id);
  }

  static PendingDels besideSocket(Path socket, Supplier<UUID> boot) {
    return new PendingDels(socket.resolveSibling("pending-dels"), boot);
  }

  /** Where the notes are; it need not exist. */
  public Path folder() {
    return folder;
  }

  /**
   * All notes, the oldest first, and what else has their name.
   *
   * @throws CniSocketException when the folder cannot be read
   */
  public List<Found> collect() {
    List<Note> notes = new ArrayList<>();
    List<Found> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.del")) {
      for (Path file : files) {
        read(file).ifPresent(one -> {
          switch (one) {
            case Note note -> notes.add(note);
            case Past past -> found.add(past);
            case Broken broken -> found.add(broken);
          }
        });
      }
    } catch (NoSuchFileException | NotDirectoryException none) {
      return List.of();
    } catch (IOException failed) {
      throw new CniSocketException("the notes of pending DELs in " + folder + " cannot be read: " + failed, failed);
    }
    // Those that tell no uptime were left by an executable that has been replaced since.
    notes.sort(Comparator.comparing((Note note) -> note.uptime().orElse(Duration.ZERO))
        .thenComparing(note -> note.request().startedAt()).thenComparing(Note::file));
    found.addAll(0, notes);
    return List.copyOf(found);
  }

  /** Empty when it has gone meanwhile: the executable takes a note back when it finds the daemon after all. */
  private Optional<Found> read(Path file) {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return Files.notExists(file, LinkOption.NOFOLLOW_LINKS) ? Optional.empty() : Optional.of(new Broken(file, "it is no regular file"));
      }
      try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
        CniRequest request = FrameCodec.decodeNote(content.readNBytes(FrameCodec.MAX_FRAME + 1));
        boolean past = request.uptime().isPresent() && !request.uptime().get().boot().equals(boot.get());
        return Optional.of(past ? new Past(file, request) : new Note(file, request));
      }
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } catch (MalformedFrameException | IOException wrong) {
      return Optional.of(new Broken(file, wrong.toString()));
    }
  }

  /**
   * Removes what was found, durably. A note that has been replaced since by a later one of the same attachment stays.
   *
   * @throws CniSocketException when it cannot be removed
   */
  public void remove(Found found) {
    try {
      if (!(found instanceof Broken) && !read(found.file()).equals(Optional.of(found))) {
        return;
      }
      Files.deleteIfExists(found.file());
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    } catch (IOException failed) {
      throw new CniSocketException("the note " + found.file() + " cannot be removed: " + failed, failed);
    }
  }
}
