package dev.patchbay.linux.socket;

import dev.patchbay.linux.socket.Connection.Read;
import dev.patchbay.wire.CniRefusal;
import dev.patchbay.wire.CniRequest;
import dev.patchbay.wire.DelegateOutcome;
import dev.patchbay.wire.FrameCodec;
import dev.patchbay.wire.MalformedFrameException;
import dev.patchbay.wire.NetnsReport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Serves the CNI executable on a unix socket of mode 0600, from opening to {@link #close}.
 *
 * <p>One thread accepts, reads and watches all connections and never blocks on any of them; so callers that send nothing, or
 * stop in the middle, cost a descriptor until their time is over and nothing else, and a hang-up is seen at once. Whole requests go to a
 * few handler threads. Answers are sent by the thread that gives them, or, when the caller is slow to take them, by the one that
 * watches. All threads are platform threads.
 *
 * <p>After {@link #close} callers find nobody; those whose call was open see the connection end, for which the executable has its
 * own answer (a DEL becomes a note).
 */
public final class CniSocketServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(CniSocketServer.class.getName());
  private static final long LISTENING = 0;
  private static final long WAKE = 1;
  private static final int ACCEPTS_AT_A_TIME = 64;
  private static final int HANDLER_PATIENCE_SECONDS = 5;
  private static final long WARNING_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final CniSocketSettings settings;
  private final CniHandler handler;
  private final ListeningSocket listening;
  private final int epoll;
  private final int wakeable;
  private final int tickMillis;
  private final ExecutorService handlers;
  private final ExecutorService notices;
  private final Thread watcher;

  private final Map<Long, Connection> connections = new ConcurrentHashMap<>();
  private final Object wakeLock = new Object();
  private boolean wakeClosed;
  private volatile boolean closing;
  private volatile boolean deadlinesRun;
  private boolean acceptPaused;
  private long nextKey = WAKE + 1;
  private long nextWarning = System.nanoTime();

  private final LongAdder accepted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder timedOut = new LongAdder();
  private final LongAdder malformed = new LongAdder();
  private final LongAdder callCount = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder hungUp = new LongAdder();

  private CniSocketServer(CniSocketSettings settings, CniHandler handler, ListeningSocket listening, int epoll, int wakeable) {
    this.settings = settings;
    this.handler = handler;
    this.listening = listening;
    this.epoll = epoll;
    this.wakeable = wakeable;
    this.tickMillis = Math.clamp(settings.requestTimeLimit().toMillis() / 4, 10, 250);
    this.handlers = Executors.newFixedThreadPool(
        settings.handlerThreads(), Thread.ofPlatform().daemon().name("cni-handler-", 1).factory());
    this.notices = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("cni-notices").factory());
    this.watcher = Thread.ofPlatform().daemon().name("cni-socket").unstarted(this::watch);
  }

  /**
   * Opens the socket; from its return on callers are served.
   *
   * @throws CniSocketException when that is not possible, above all because another daemon serves there
   */
  public static CniSocketServer open(CniSocketSettings settings, CniHandler handler) {
    ListeningSocket listening = ListeningSocket.open(settings.path());
    int epoll = NativeSockets.epollCreate();
    int wakeable = NativeSockets.wakeable();
    int in = NativeSockets.EPOLLIN;
    if (epoll < 0
        || wakeable < 0
        || NativeSockets.epollControl(epoll, NativeSockets.EPOLL_CTL_ADD, wakeable, in, WAKE) < 0
        || NativeSockets.epollControl(epoll, NativeSockets.EPOLL_CTL_ADD, listening.descriptor(), in, LISTENING) < 0) {
      closeAll(listening, epoll, wakeable);
      throw new CniSocketException("the CNI socket at " + settings.path()
          + " cannot be watched: no descriptors are left; raise the daemon's limit (RLIMIT_NOFILE)");
    }
    CniSocketServer server = new CniSocketServer(settings, handler, listening, epoll, wakeable);
    server.watcher.start();
    return server;
  }

  /** Where it listens. */
  public Path path() {
    return listening.path();
  }

  /** Whether callers are served: until {@link #close}, unless the server itself failed, which the log tells. */
  public boolean serving() {
    return watcher.isAlive() && !closing;
  }

  /** What was seen so far. */
  public CniSocketStatistics statistics() {
    return new CniSocketStatistics(accepted.sum(), refused.sum(), timedOut.sum(), malformed.sum(), callCount.sum(),
        answered.sum(), hungUp.sum(), connections.size());
  }

  /**
   * Takes the socket away, hangs up on all callers, and waits up to 5 seconds for handlers that are at work. Calls that the daemon
   * still has are hung up and may be answered to no effect.
   */
  @Override
  public void close() {
    closing = true;
    wake();
    boolean interrupted = false;
    while (watcher.isAlive()) {
      try {
        watcher.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    handlers.shutdown();
    try {
      if (!handlers.awaitTermination(HANDLER_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(Level.WARNING, "handlers of CNI calls are still at work after {0} s, left alone", HANDLER_PATIENCE_SECONDS);
      }
    } catch (InterruptedException stop) {
      interrupted = true;
    }
    notices.shutdown();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() {
    try (Arena arena = Arena.ofConfined()) {
      EpollEvents events = new EpollEvents(arena, 256);
      ReceivedMessage message = new ReceivedMessage(arena);
      long nextSweep = System.nanoTime();
      while (!closing) {
        int count = NativeSockets.epollWait(epoll, events, deadlinesRun || acceptPaused ? tickMillis : -1);
        for (int i = 0; i < count; i++) {
          serve(events.key(i), events.events(i), message);
        }
        if (System.nanoTime() - nextSweep >= 0) {
          nextSweep = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(tickMillis);
          resumeAccepting();
          sweep();
        }
      }
    } catch (RuntimeException | Error failed) {
      LOG.log(Level.ERROR, "the CNI socket is no longer served: restart the daemon", failed);
    } finally {
      connections.values().forEach(this::hangUp);
      synchronized (wakeLock) {
        wakeClosed = true;
        closeAll(listening, epoll, wakeable);
      }
    }
  }

  private void serve(long key, int events, ReceivedMessage message) {
    if (key == LISTENING) {
      acceptSome();
      return;
    }
    if (key == WAKE) {
      NativeSockets.clearWake(wakeable);
      return;
    }
    Connection connection = connections.get(key);
    if (connection == null) {
      return;
    }
    try {
      if ((events & NativeSockets.EPOLLOUT) != 0 && !connection.flush()) {
        hangUp(connection);
        return;
      }
      switch (connection.read(message)) {
        case Read.Nothing nothing -> {}
        case Read.End end -> hangUp(connection, end.unread() ? LiveCall.Ending.UNREAD : LiveCall.Ending.READ);
        case Read.Whole whole -> take(connection, whole);
      }
    } catch (MalformedFrameException wrong) {
      reject(connection, wrong);
    } catch (RuntimeException failed) {
      LOG.log(Level.ERROR, "serving a connection of process " + connection.peer().pid() + " failed", failed);
      hangUp(connection);
    }
  }

  private void acceptSome() {
    for (int i = 0; i < ACCEPTS_AT_A_TIME; i++) {
      int descriptor = NativeSockets.accept(listening.descriptor());
      if (descriptor == -NativeSockets.EMFILE || descriptor == -NativeSockets.ENFILE) {
        // The connection stays in the backlog, where it would wake us again and again.
        LOG.log(Level.WARNING, "no descriptor is left for a CNI call: callers wait; raise the daemon's limit (RLIMIT_NOFILE)");
        NativeSockets.epollControl(epoll, NativeSockets.EPOLL_CTL_DEL, listening.descriptor(), 0, LISTENING);
        acceptPaused = true;
        return;
      }
      if (descriptor < 0) {
        return;
      }
      accepted.increment();
      admit(descriptor);
    }
  }

  private void resumeAccepting() {
    if (acceptPaused) {
      int in = NativeSockets.EPOLLIN;
      acceptPaused = NativeSockets.epollControl(epoll, NativeSockets.EPOLL_CTL_ADD, listening.descriptor(), in, LISTENING) < 0;
    }
  }

  private void admit(int descriptor) {
    PeerCredentials peer;
    try {
      peer = NativeSockets.peer(descriptor);
    } catch (CniSocketException unknown) {
      LOG.log(Level.WARNING, "a connection to the CNI socket is dropped", unknown);
      NativeSockets.close(descriptor);
      return;
    }
    if (!settings.allowedUids().contains(peer.uid())) {
      warnOfCaller(peer, "may not use the CNI socket, being of user " + peer.uid());
      turnAway(descriptor, new CniRefusal(CniRefusal.NOT_PERMITTED,
          "user " + peer.uid() + " may not use the Patchbay daemon's socket " + path() + ": run the container runtime as root", ""));
      return;
    }
    if (connections.size() >= settings.connectionLimit()) {
      turnAway(descriptor, new CniRefusal(CniRefusal.TRY_AGAIN_LATER,
          "the Patchbay daemon has " + settings.connectionLimit() + " calls open, as many as it takes: try again later", ""));
      return;
    }
    long key = nextKey++;
    Connection connection = new Connection(
        key, descriptor, epoll, peer, deadline(), this::wakeForDeadlines, () -> connections.remove(key));
    connections.put(key, connection);
    deadlinesRun = true;
    if (connection.watch() < 0) {
      LOG.log(Level.WARNING, "a connection to the CNI socket cannot be watched: dropped");
      connection.close();
    }
  }

  /** The few bytes always find room in a fresh socket. */
  private void turnAway(int descriptor, CniRefusal refusal) {
    refused.increment();
    NativeSockets.send(descriptor, FrameCodec.encode(refusal), 0);
    NativeSockets.close(descriptor);
  }

  private void take(Connection connection, Read.Whole whole) {
    LiveCall call = connection.call();
    if (call == null && whole.frame() instanceof CniRequest request) {
      begin(connection, request, whole.descriptors());
      return;
    }
    whole.descriptors().forEach(OwnedDescriptor::close);
    boolean expected = call != null
        && whole.descriptors().isEmpty()
        && whole.frame() instanceof DelegateOutcome outcome
        && call.delegateEnded(outcome);
    if (!expected) {
      reject(connection, new MalformedFrameException(MalformedFrameException.Reason.TYPE,
          "a frame of type " + whole.frame().type() + " may not stand here"));
    }
  }

  private void begin(Connection connection, CniRequest request, List<OwnedDescriptor> descriptors) {
    boolean attached = request.netns() instanceof NetnsReport.Attached;
    if (attached == descriptors.isEmpty()) {
      descriptors.forEach(OwnedDescriptor::close);
      if (attached) {
        // The kernel drops descriptors that it finds no number for (recvmsg(2), MSG_CTRUNC).
        end(connection, new CniRefusal(CniRefusal.TRY_AGAIN_LATER,
            "the Patchbay daemon could not take the network namespace's descriptor: it has too many files open", ""));
      } else {
        reject(connection, new MalformedFrameException(MalformedFrameException.Reason.FIELD_COUNT,
            "a descriptor came with a request that has none"));
      }
      return;
    }
    if (FrameCodec.commonVersion(request.oldestVersion(), request.newestVersion()).isEmpty()) {
      descriptors.forEach(OwnedDescriptor::close);
      malformed.increment();
      end(connection, mismatch("speaks protocol versions " + request.oldestVersion() + " to " + request.newestVersion()));
      return;
    }
    CallerNetns netns = switch (request.netns()) {
      case NetnsReport.None none -> new CallerNetns.None();
      case NetnsReport.Failed failed -> new CallerNetns.Failed(failed.errno());
      case NetnsReport.Attached here -> new CallerNetns.Opened(descriptors.getFirst());
    };
    LiveCall call = new LiveCall(request, netns, connection.peer(), hostOf(connection));
    connection.deadline(null);
    connection.call(call);
    callCount.increment();
    handlers.execute(() -> handle(call));
  }

  private LiveCall.Host hostOf(Connection connection) {
    return new LiveCall.Host() {
      @Override
      public boolean send(byte[] frame, boolean last) {
        boolean sent = connection.send(frame, last, deadline());
        // The next event will have the deadline seen; the caller's close, nearly always, comes at once.
        deadlinesRun = true;
        return sent;
      }

      @Override
      public void notice(Runnable work) {
        CniSocketServer.this.notice(work);
      }

      @Override
      public void ended(boolean callerWasThere) {
        (callerWasThere ? answered : hungUp).increment();
      }
    };
  }

  private void handle(LiveCall call) {
    try {
      handler.handle(call);
    } catch (RuntimeException | Error failed) {
      LOG.log(Level.ERROR, "handling a " + call.request().command() + " failed", failed);
      call.refuseIfOpen(new CniRefusal(CniRefusal.INTERNAL,
          "the Patchbay daemon failed while handling " + call.request().command() + "; its log says more", failed.toString()));
    }
  }

  private void notice(Runnable work) {
    Runnable guarded = () -> {
      try {
        work.run();
      } catch (RuntimeException | Error failed) {
        LOG.log(Level.ERROR, "telling the daemon about a CNI call failed", failed);
      }
    };
    try {
      notices.execute(guarded);
    } catch (RejectedExecutionException closed) {
      guarded.run();
    }
  }

  /** Ends a connection on which something else than the protocol is spoken. */
  private void reject(Connection connection, MalformedFrameException wrong) {
    malformed.increment();
    warnOfCaller(connection.peer(), "does not speak the protocol of the CNI socket: " + wrong.getMessage());
    if (connection.call() != null) {
      hangUp(connection);
    } else if (wrong.reason() == MalformedFrameException.Reason.VERSION) {
      end(connection, mismatch("sent this: " + wrong.getMessage()));
    } else {
      end(connection, new CniRefusal(CniRefusal.IO_FAILURE, "the Patchbay daemon cannot read the request", String.valueOf(wrong.getMessage())));
    }
  }

  /** At most once a second, so that no caller can fill the log; the statistics count all. */
  private void warnOfCaller(PeerCredentials peer, String what) {
    long now = System.nanoTime();
    boolean quiet = now - nextWarning < 0;
    LOG.log(quiet ? Level.DEBUG : Level.WARNING, () -> "process " + peer.pid() + " " + what);
    if (!quiet) {
      nextWarning = now + WARNING_PERIOD_NANOS;
    }
  }

  private static CniRefusal mismatch(String details) {
    return new CniRefusal(CniRefusal.PROTOCOL_MISMATCH,
        "patchbay-cni and the running daemon do not fit together: install the executable of the daemon's release",
        "the daemon speaks protocol versions " + FrameCodec.OLDEST_VERSION + " to " + FrameCodec.NEWEST_VERSION + ", the executable " + details);
  }

  private void end(Connection connection, CniRefusal refusal) {
    if (!connection.send(FrameCodec.encode(refusal), true, deadline())) {
      connection.close();
    }
  }

  private void hangUp(Connection connection) {
    hangUp(connection, LiveCall.Ending.GIVEN_UP);
  }

  private void hangUp(Connection connection, LiveCall.Ending ending) {
    connection.close();
    LiveCall call = connection.call();
    if (call != null) {
      call.callerGone(ending);
    }
  }

  private void sweep() {
    // Before looking: a deadline that another thread sets meanwhile counts for the next time.
    deadlinesRun = false;
    boolean waiting = false;
    long now = System.nanoTime();
    for (Connection connection : connections.values()) {
      Long deadline = connection.deadline();
      if (deadline == null) {
        continue;
      }
      if (now - deadline < 0) {
        waiting = true;
      } else {
        expire(connection);
      }
    }
    if (waiting) {
      deadlinesRun = true;
    }
  }

  private void expire(Connection connection) {
    if (connection.answered()) {
      // It was answered; that it does not close its end, stopped perhaps, harms nobody.
      connection.close();
      return;
    }
    timedOut.increment();
    if (connection.call() != null) {
      warnOfCaller(connection.peer(), "does not take its answer: left");
    } else {
      end(connection, new CniRefusal(CniRefusal.IO_FAILURE,
          "the Patchbay daemon did not get the whole request within " + settings.requestTimeLimit(), ""));
    }
    hangUp(connection);
  }

  private long deadline() {
    return System.nanoTime() + settings.requestTimeLimit().toNanos();
  }

  private void wakeForDeadlines() {
    deadlinesRun = true;
    wake();
  }

  private void wake() {
    synchronized (wakeLock) {
      if (!wakeClosed) {
        NativeSockets.wake(wakeable);
      }
    }
  }

  private static void closeAll(ListeningSocket listening, int epoll, int wakeable) {
    try (listening) {
      if (wakeable >= 0) {
        NativeSockets.close(wakeable);
      }
      if (epoll >= 0) {
        NativeSockets.close(epoll);
      }
    }
  }
}
