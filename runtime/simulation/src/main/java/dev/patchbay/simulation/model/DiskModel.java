package dev.patchbay.simulation.model;

import dev.patchbay.store.Storage;
import dev.patchbay.store.StoreException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A folder on a disk. What was written is there after a kill of the daemon, the last of it perhaps in part. It can be full.
 */
public final class DiskModel implements Storage {
  private static final class File {
    private byte[] bytes = new byte[512];
    private int length;

    private void write(ByteBuffer from, int most) {
      int size = Math.min(from.remaining(), most);
      if (length + size > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + size));
      }
      from.get(bytes, length, size);
      length += size;
    }
  }

  private final Map<String, File> files = new TreeMap<>();
  private boolean full;
  private long digest;
  /** How many bytes are written yet before the daemon is killed; negative for as many as come. */
  private int untilKilled = -1;

  /** An empty folder. */
  public DiskModel() {}

  /** Thrown in the middle of a write. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Killed() {
      super("killed", null, false, false);
    }
  }

  /**
   * Lets the disk be full, or have room again.
   *
   * @param now whether it is full
   */
  public void full(boolean now) {
    full = now;
  }

  /**
   * {@return whether it is full}
   */
  public boolean isFull() {
    return full;
  }

  /**
   * Does something that writes, and cuts it off after so many bytes.
   *
   * @param bytes how many bytes reach the disk
   * @param writing what writes
   */
  public void cutAfter(int bytes, Runnable writing) {
    untilKilled = bytes;
    try {
      writing.run();
    } catch (Killed killed) {
      // That is what was wished for.
    } finally {
      untilKilled = -1;
    }
  }

  /**
   * {@return a number that tells apart what was ever written}
   */
  public long digest() {
    return digest;
  }

  /**
   * Inverts one bit of all that is stored.
   *
   * @param at where, counted over all files; anything beyond counts from the start again
   * @return which file it was; empty if nothing is stored
   */
  public String flip(long at) {
    long size = files.values().stream().mapToLong(f -> f.length).sum();
    if (size == 0) {
      return "";
    }
    long rest = Long.remainderUnsigned(at, size * 8);
    for (Map.Entry<String, File> file : files.entrySet()) {
      long bits = file.getValue().length * 8L;
      if (rest < bits) {
        file.getValue().bytes[(int) (rest / 8)] ^= (byte) (1 << (rest % 8));
        return file.getKey();
      }
      rest -= bits;
    }
    return "";
  }

  private IOException noRoom() {
    return new IOException("No space left on device");
  }

  private File file(String name) throws IOException {
    File file = files.get(name);
    if (file == null) {
      throw new FileNotFoundException(name);
    }
    return file;
  }

  @Override
  public List<String> list() {
    return List.copyOf(files.keySet());
  }

  @Override
  public ByteBuffer read(String name) throws IOException {
    File file = file(name);
    return ByteBuffer.wrap(Arrays.copyOf(file.bytes, file.length));
  }

  @Override
  public Output create(String name) throws IOException {
    if (full) {
      throw noRoom();
    }
    if (files.containsKey(name)) {
      throw new IOException(name + " exists");
    }
    File made = new File();
    files.put(name, made);
    return new Writing(made);
  }

  @Override
  public Output append(String name) throws IOException {
    return new Writing(file(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    files.put(to, file(from));
    files.remove(from);
  }

  @Override
  public void delete(String name) {
    files.remove(name);
  }

  @Override
  public void sync() {
    // A kill of the daemon takes nothing from what the kernel has.
  }

  @Override
  public StoreException.Kind kindOf(IOException failure) {
    return StoreException.Kind.FULL;
  }

  @Override
  public void close() {
    // Nothing is held open.
  }

  private final class Writing implements Output {
    private final File file;

    private Writing(File file) {
      this.file = file;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      if (full) {
        // Some of it still fits.
        file.write(bytes, bytes.remaining() / 2);
        throw noRoom();
      }
      int most = untilKilled < 0 ? Integer.MAX_VALUE : untilKilled;
      int before = file.length;
      boolean all = bytes.remaining() <= most;
      file.write(bytes, most);
      for (int i = before; i < file.length; i++) {
        digest = digest * 31 + file.bytes[i];
      }
      if (untilKilled >= 0) {
        untilKilled -= file.length - before;
      }
      if (!all) {
        throw new Killed();
      }
    }

    @Override
    public void force() {
      // What was written is there, as far as a kill is concerned.
    }

    @Override
    public long length() {
      return file.length;
    }

    @Override
    public void truncate(long length) {
      file.length = (int) length;
    }

    @Override
    public void close() {
      // Nothing is held open.
    }
  }
}
