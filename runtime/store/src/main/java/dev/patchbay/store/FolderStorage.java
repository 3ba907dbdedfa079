package dev.patchbay.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder of the file system. The lock is a POSIX record lock, which the kernel gives back however the process ends. */
final class FolderStorage implements Storage {
  static final String LOCK = "lock";
  private static final Set<String> MEMORY = Set.of("tmpfs", "ramfs");

  private final Path folder;
  private final @Nullable FileChannel lockFile;

  private FolderStorage(Path folder, @Nullable FileChannel lockFile) {
    this.folder = folder;
    this.lockFile = lockFile;
  }

  /** For reading alone, beside whoever has the lock. */
  static FolderStorage unlocked(Path folder) {
    return new FolderStorage(folder, null);
  }

  static FolderStorage open(Path folder) {
    FileChannel file = null;
    try {
      Files.createDirectories(folder);
      file = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = file.tryLock();
      if (lock != null) {
        return new FolderStorage(folder, file);
      }
    } catch (OverlappingFileLockException e) {
      // Held by this very process; told apart from others below only by words.
    } catch (IOException e) {
      close(file, e);
      throw new StoreException(kind(folder, e), "Cannot open the journal in " + folder + ": " + words(e)
          + "; see that the folder can be written", e);
    }
    StoreException refused = new StoreException(StoreException.Kind.LOCKED,
        "Cannot open the journal in " + folder + ": another daemon has it; stop that one first");
    close(file, refused);
    throw refused;
  }

  /** Whether a process has the lock; makes nothing. */
  static boolean isLocked(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (FileChannel file = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE)) {
      return file.tryLock() == null;
    } catch (NoSuchFileException e) {
      return false;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (IOException e) {
      throw new StoreException(kind(folder, e), "Cannot see who has the journal in " + folder + ": " + words(e), e);
    }
  }

  private static void close(@Nullable FileChannel file, Exception reason) {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        reason.addSuppressed(e);
      }
    }
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).filter(n -> !n.equals(LOCK)).toList();
    }
  }

  @Override
  public ByteBuffer read(String name) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(folder.resolve(name)));
  }

  @Override
  public Output create(String name) throws IOException {
    return new ChannelOutput(FileChannel.open(folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  @Override
  public Output append(String name) throws IOException {
    FileChannel channel = FileChannel.open(folder.resolve(name), StandardOpenOption.WRITE);
    try {
      channel.position(channel.size());
      return new ChannelOutput(channel);
    } catch (IOException e) {
      close(channel, e);
      throw e;
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(folder.resolve(name));
  }

  @Override
  public void sync() throws IOException {
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  @Override
  public boolean isMemory() {
    try {
      return MEMORY.contains(Files.getFileStore(folder).type());
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public StoreException.Kind kindOf(IOException failure) {
    return kind(folder, failure);
  }

  @Override
  public void close() {
    if (lockFile == null) {
      return;
    }
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new StoreException(kind(folder, e), "Cannot close the lock of the journal in " + folder + ": " + words(e), e);
    }
  }

  /** Java keeps no errno: the C library's words tell, and, where those are in another language, the state of the file system. */
  private static StoreException.Kind kind(Path folder, IOException failure) {
    String words = words(failure).toLowerCase(Locale.ROOT);
    if (words.contains("no space left") || words.contains("quota exceeded")) {
      return StoreException.Kind.FULL;
    }
    if (words.contains("read-only") || failure.getCause() instanceof ReadOnlyFileSystemException) {
      return StoreException.Kind.READ_ONLY;
    }
    if (words.contains("input/output error")) {
      return StoreException.Kind.DEVICE;
    }
    try {
      var store = Files.getFileStore(folder);
      if (store.isReadOnly()) {
        return StoreException.Kind.READ_ONLY;
      }
      return store.getUsableSpace() < 4096 ? StoreException.Kind.FULL : StoreException.Kind.OTHER;
    } catch (IOException e) {
      failure.addSuppressed(e);
      return StoreException.Kind.OTHER;
    }
  }

  static String words(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private record ChannelOutput(FileChannel channel) implements Output {
    @Override
    public void write(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public long length() throws IOException {
      return channel.size();
    }

    @Override
    public void truncate(long length) throws IOException {
      channel.truncate(length);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
