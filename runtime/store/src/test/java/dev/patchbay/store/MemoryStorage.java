package dev.patchbay.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/**
 * A disk in memory that keeps what was forced apart from what was only written, and fails the operations that it is told to.
 */
final class MemoryStorage implements Storage {
  private static final class Contents {
    private ByteArrayOutputStream written = new ByteArrayOutputStream();
    private byte[] forced = new byte[0];
  }

  private final Map<String, Contents> files = new TreeMap<>();
  private int operationsUntilFailure = Integer.MAX_VALUE;
  private int failures;
  private boolean writesHalf;
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile Thread lastWriter = Thread.currentThread();
  private boolean memory;

  /** Says that it is in memory. */
  MemoryStorage inMemory() {
    memory = true;
    return this;
  }

  @Override
  public boolean isMemory() {
    return memory;
  }

  /** The thread that wrote last. */
  Thread lastWriter() {
    return lastWriter;
  }

  /** Fails some operations after some others have worked. */
  synchronized void failAfter(int operations, int howMany, boolean half) {
    operationsUntilFailure = operations;
    failures = howMany;
    writesHalf = half;
  }

  synchronized void workAgain() {
    operationsUntilFailure = Integer.MAX_VALUE;
    failures = 0;
  }

  /** Lets every write wait until this is called; to be called before there is any. */
  Runnable hold() {
    CountDownLatch released = new CountDownLatch(1);
    gate = released;
    return released::countDown;
  }

  /** What a machine finds after it lost power: forced bytes, and of the others as many as is given. */
  synchronized MemoryStorage afterPowerLoss(int unforcedBytes) {
    MemoryStorage after = new MemoryStorage();
    files.forEach((name, contents) -> {
      byte[] written = contents.written.toByteArray();
      int kept = Math.min(written.length, contents.forced.length + unforcedBytes);
      Contents copy = new Contents();
      byte[] bytes = written.length < contents.forced.length ? contents.forced : Arrays.copyOf(written, kept);
      copy.written.writeBytes(bytes);
      copy.forced = bytes;
      after.files.put(name, copy);
    });
    return after;
  }

  synchronized Map<String, byte[]> contents() {
    Map<String, byte[]> all = new TreeMap<>();
    files.forEach((name, contents) -> all.put(name, contents.written.toByteArray()));
    return all;
  }

  synchronized byte[] contents(String name) {
    return file(name).written.toByteArray();
  }

  private Contents file(String name) {
    Contents contents = files.get(name);
    if (contents == null) {
      throw new IllegalStateException("there is no file " + name);
    }
    return contents;
  }

  synchronized void put(String name, byte[] bytes) {
    Contents contents = new Contents();
    contents.written.writeBytes(bytes);
    contents.forced = bytes;
    files.put(name, contents);
  }

  private void step() throws IOException {
    if (operationsUntilFailure > 0) {
      operationsUntilFailure--;
    } else if (failures > 0) {
      failures--;
      throw new IOException("Input/output error");
    }
  }

  @Override
  public synchronized List<String> list() {
    return List.copyOf(files.keySet());
  }

  @Override
  public synchronized ByteBuffer read(String name) {
    return ByteBuffer.wrap(contents(name));
  }

  @Override
  public synchronized Output create(String name) throws IOException {
    step();
    if (files.containsKey(name)) {
      throw new FileAlreadyExistsException(name);
    }
    files.put(name, new Contents());
    return new MemoryOutput(file(name));
  }

  @Override
  public synchronized Output append(String name) throws IOException {
    step();
    return new MemoryOutput(file(name));
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    step();
    Contents contents = files.remove(from);
    if (contents == null) {
      throw new NoSuchFileException(from);
    }
    files.put(to, contents);
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    step();
    files.remove(name);
  }

  @Override
  public synchronized void sync() throws IOException {
    step();
  }

  @Override
  public StoreException.Kind kindOf(IOException failure) {
    return StoreException.Kind.DEVICE;
  }

  @Override
  public void close() {}

  private final class MemoryOutput implements Output {
    private final Contents contents;

    MemoryOutput(Contents contents) {
      this.contents = contents;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      lastWriter = Thread.currentThread();
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
      synchronized (MemoryStorage.this) {
        byte[] all = new byte[bytes.remaining()];
        bytes.get(all);
        try {
          step();
        } catch (IOException e) {
          if (writesHalf) {
            contents.written.write(all, 0, all.length / 2);
          }
          throw e;
        }
        contents.written.writeBytes(all);
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (MemoryStorage.this) {
        step();
        contents.forced = contents.written.toByteArray();
      }
    }

    @Override
    public long length() {
      synchronized (MemoryStorage.this) {
        return contents.written.size();
      }
    }

    @Override
    public void truncate(long length) throws IOException {
      synchronized (MemoryStorage.this) {
        step();
        byte[] all = contents.written.toByteArray();
        contents.written = new ByteArrayOutputStream();
        contents.written.write(all, 0, Math.toIntExact(Math.min(length, all.length)));
      }
    }

    @Override
    public void close() {}
  }
}
