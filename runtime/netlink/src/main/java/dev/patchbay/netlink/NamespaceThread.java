package dev.patchbay.netlink;

import dev.patchbay.netlink.sys.CallState;
import dev.patchbay.netlink.sys.Libc;
import dev.patchbay.netlink.sys.NativeAccess;
import dev.patchbay.netlink.sys.NetlinkConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one platform thread that visits other network namespaces for single system calls. setns(2) changes the calling OS thread:
 * on a virtual thread it would hit whatever runs on that carrier next.
 *
 * <p>Between leaving its own namespace and coming back the thread makes that one call and nothing else: a thread or process
 * started there, even by unparking a waiter, would be born in the foreign namespace and keep it alive. When it can't come back
 * it dies, wordless for the same reason; the waiter notices, and the next call gets a new thread.
 */
final class NamespaceThread {
  /** One system call, which returns a value or the negated errno. */
  @FunctionalInterface
  interface Call {
    int run(CallState state);
  }

  private static final class Visit {
    final int namespace;
    final Call call;
    final CompletableFuture<Integer> result = new CompletableFuture<>();

    Visit(int namespace, Call call) {
      this.namespace = namespace;
      this.call = call;
    }
  }

  private static final LinkedBlockingQueue<Visit> VISITS = new LinkedBlockingQueue<>();
  private static final long WAIT_MILLIS = 200;

  private static Thread thread = new Thread();

  private NamespaceThread() {}

  /**
   * Makes a call inside a namespace.
   *
   * @return what the call returned
   * @throws NetlinkException when the namespace can't be entered
   */
  static int run(Netns namespace, Call call) {
    Visit visit = new Visit(namespace.fd(), call);
    Thread worker = ensureThread();
    VISITS.add(visit);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return entered(visit.result.get(WAIT_MILLIS, TimeUnit.MILLISECONDS), namespace);
        } catch (TimeoutException late) {
          if (!worker.isAlive() && !visit.result.isDone()) {
            if (VISITS.remove(visit)) {
              // It died over an earlier visit; this one has not begun.
              worker = ensureThread();
              VISITS.add(visit);
            } else {
              throw new NetlinkException(
                  "come back from " + namespace, Errno.EPERM, "the thread that visited it ended there");
            }
          }
        } catch (InterruptedException interruption) {
          // The call is short and its descriptor would leak: finish, and keep the interruption for the caller.
          interrupted = true;
        } catch (ExecutionException failure) {
          throw new IllegalStateException("A call inside " + namespace + " failed unexpectedly", failure.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final int NOT_ENTERED = -100_000;

  private static int entered(int result, Netns namespace) {
    if (result <= NOT_ENTERED) {
      throw new NetlinkException("enter " + namespace, Errno.of(NOT_ENTERED - result));
    }
    return result;
  }

  private static synchronized Thread ensureThread() {
    if (!thread.isAlive()) {
      NativeAccess.require();
      thread = Thread.ofPlatform().daemon().name("netlink-namespaces").unstarted(NamespaceThread::visit);
      thread.start();
    }
    return thread;
  }

  private static void visit() {
    try (Arena arena = Arena.ofConfined()) {
      CallState state = new CallState(arena);
      // The namespace of the process, not of the starting thread, which may itself be a visitor somewhere.
      MemorySegment path = arena.allocateFrom("/proc/self/ns/net");
      int home =
          RawSockets.checked(
              Libc.open(state, path, NetlinkConstants.O_RDONLY | NetlinkConstants.O_CLOEXEC, 0), "open /proc/self/ns/net");
      try {
        // Also links and loads all that a visit needs, so that nothing is loaded or compiled for the first time abroad.
        RawSockets.checked(Libc.setns(state, home, NetlinkConstants.CLONE_NEWNET), "enter the namespace of the process");
        boolean backHome = true;
        while (backHome) {
          Visit visit = VISITS.take();
          backHome = visit(visit, home, state);
        }
      } finally {
        Libc.close(state, home);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean visit(Visit visit, int home, CallState state) {
    int result = Libc.setns(state, visit.namespace, NetlinkConstants.CLONE_NEWNET);
    if (result < 0) {
      visit.result.complete(NOT_ENTERED + result);
      return true;
    }
    Throwable thrown = null;
    try {
      result = visit.call.run(state);
    } catch (Throwable failure) {
      thrown = failure;
    }
    if (Libc.setns(state, home, NetlinkConstants.CLONE_NEWNET) < 0) {
      return false;
    }
    if (thrown != null) {
      visit.result.completeExceptionally(thrown);
    } else {
      visit.result.complete(result);
    }
    return true;
  }
}
