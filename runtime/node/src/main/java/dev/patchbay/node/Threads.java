package dev.patchbay.node;

/** Waits for threads that have been told to end. */
final class Threads {
  private Threads() {}

  /** Returns when a thread has ended, or this one is interrupted. */
  static void end(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
