package dev.patchbay.netlink;

import dev.patchbay.netlink.sys.CallState;
import dev.patchbay.netlink.sys.Libc;
import dev.patchbay.netlink.sys.NetlinkConstants;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/** A task on a thread of its own, which enters a namespace, never leaves it, and ends. */
final class NetnsTask<T extends @Nullable Object, E extends Exception> implements Runnable {
  private final Netns namespace;
  private final Netns.Task<T, E> task;
  private @Nullable T result;
  private @Nullable Throwable thrown;

  private NetnsTask(Netns namespace, Netns.Task<T, E> task) {
    this.namespace = namespace;
    this.task = task;
  }

  // The only checked exceptions a task can throw are E's.
  @SuppressWarnings({"unchecked", "NullAway"})
  static <T extends @Nullable Object, E extends Exception> T run(Netns namespace, Netns.Task<T, E> task) throws E {
    NetnsTask<T, E> running = new NetnsTask<>(namespace, task);
    onOwnThread("netns-task", running);
    Throwable thrown = running.thrown;
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown != null) {
      throw (E) thrown;
    }
    return running.result;
  }

  @Override
  public void run() {
    try (Arena arena = Arena.ofConfined()) {
      int entered = Libc.setns(new CallState(arena), namespace.fd(), NetlinkConstants.CLONE_NEWNET);
      RawSockets.checked(entered, "enter " + namespace);
      result = task.run();
    } catch (Throwable failure) {
      // The thread ends with this; the caller throws it on.
      thrown = failure;
    }
  }

  /** Runs something on a new platform thread to its end, interrupted or not: what it does must not be left half done. */
  static void onOwnThread(String name, Runnable body) {
    joinUninterruptibly(Thread.ofPlatform().name(name).start(body));
  }

  /** Waits for a thread's end, and keeps an interruption for later. */
  static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException interruption) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
