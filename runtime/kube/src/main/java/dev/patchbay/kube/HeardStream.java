package dev.patchbay.kube;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** An answer that knows when something of it came last. */
final class HeardStream extends FilterInputStream {
  private final long opened = System.nanoTime();
  private volatile long last = opened;

  HeardStream(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    last = System.nanoTime();
    return read;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = super.read(into, offset, length);
    last = System.nanoTime();
    return read;
  }

  /** For how long nothing has come, in nanoseconds. */
  long silent() {
    return System.nanoTime() - last;
  }

  /** For how long it has been open, in nanoseconds. */
  long open() {
    return System.nanoTime() - opened;
  }
}
