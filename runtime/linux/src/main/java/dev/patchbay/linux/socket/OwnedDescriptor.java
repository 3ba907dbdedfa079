package dev.patchbay.linux.socket;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file descriptor of this process that is closed exactly once. Any thread may close it; whoever uses its number must know
 * that nobody closes it meanwhile.
 */
public final class OwnedDescriptor implements AutoCloseable {
  private final int number;
  private final AtomicBoolean closed = new AtomicBoolean();

  private OwnedDescriptor(int number) {
    this.number = number;
  }

  /** Takes over an open descriptor, which nobody else closes from here on. */
  public static OwnedDescriptor adopt(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("a descriptor is 0 or more, not " + number);
    }
    return new OwnedDescriptor(number);
  }

  /**
   * The number, for system calls and for {@code /proc/self/fd/}.
   *
   * @throws IllegalStateException when it has been closed: the number may be another file's by now
   */
  public int number() {
    if (closed.get()) {
      throw new IllegalStateException("descriptor " + number + " has been closed: its call was answered");
    }
    return number;
  }

  /** Closes it; again is without effect. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      NativeSockets.close(number);
    }
  }

  @Override
  public String toString() {
    return "descriptor " + number + (closed.get() ? " (closed)" : "");
  }
}
