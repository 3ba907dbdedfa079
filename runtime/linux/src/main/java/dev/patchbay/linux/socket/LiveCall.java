package dev.patchbay.linux.socket;

import dev.patchbay.wire.CniAnswer;
import dev.patchbay.wire.CniRefusal;
import dev.patchbay.wire.CniRequest;
import dev.patchbay.wire.DelegateOutcome;
import dev.patchbay.wire.DelegateRun;
import dev.patchbay.wire.Frame;
import dev.patchbay.wire.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A call on a connection. Its lock is never held while another's code runs. */
final class LiveCall implements CniCall {
  /** What the server does for its calls. */
  interface Host {
    /** Sends a frame on the call's connection; false when the caller is gone. */
    boolean send(byte[] frame, boolean last);

    /** Runs short work of the daemon's on a thread of the server. */
    void notice(Runnable work);

    /** The call has been answered or refused. */
    void ended(boolean callerWasThere);
  }

  private final CniRequest request;
  private final CallerNetns netns;
  private final PeerCredentials peer;
  private final Host host;
  private final List<Runnable> onHangUp = new ArrayList<>(1);
  private final List<Runnable> onAnswerRead = new ArrayList<>(1);
  private @Nullable CompletableFuture<DelegateOutcome> delegate;
  private int delegateId;
  private boolean ended;
  private boolean sent;
  private boolean gone;
  private boolean closedByCaller;

  LiveCall(CniRequest request, CallerNetns netns, PeerCredentials peer, Host host) {
    this.request = request;
    this.netns = netns;
    this.peer = peer;
    this.host = host;
  }

  @Override
  public CniRequest request() {
    return request;
  }

  @Override
  public CallerNetns netns() {
    return netns;
  }

  @Override
  public PeerCredentials peer() {
    return peer;
  }

  @Override
  public boolean answer(CniAnswer answer) {
    return end(answer, true);
  }

  @Override
  public boolean refuse(CniRefusal refusal) {
    return end(refusal, true);
  }

  /** Refuses the call unless it has been answered. */
  void refuseIfOpen(CniRefusal refusal) {
    end(refusal, false);
  }

  private boolean end(Frame frame, boolean mustBeOpen) {
    byte[] bytes = FrameCodec.encode(frame);
    CompletableFuture<DelegateOutcome> unfinished;
    boolean there;
    synchronized (this) {
      if (ended) {
        if (mustBeOpen) {
          throw new IllegalStateException("this " + request.command() + " has been answered or refused already");
        }
        return false;
      }
      ended = true;
      there = !gone;
      unfinished = delegate;
      delegate = null;
    }
    if (netns instanceof CallerNetns.Opened opened) {
      opened.descriptor().close();
    }
    boolean onItsWay = there && host.send(bytes, true);
    host.ended(onItsWay);
    List<Runnable> read;
    synchronized (this) {
      sent = onItsWay;
      read = closedByCaller ? takeAnswerRead() : List.of();
    }
    read.forEach(host::notice);
    if (unfinished != null) {
      host.notice(() -> unfinished.completeExceptionally(
          new CallerGoneException("the call was answered before its delegate had ended")));
    }
    return onItsWay;
  }

  private List<Runnable> takeAnswerRead() {
    if (!sent) {
      // The caller was quicker than the thread that sent: that one takes them.
      return List.of();
    }
    List<Runnable> actions = List.copyOf(onAnswerRead);
    onAnswerRead.clear();
    return actions;
  }

  @Override
  public CompletableFuture<DelegateOutcome> runDelegate(DelegateRun run) {
    byte[] bytes = FrameCodec.encode(run);
    CompletableFuture<DelegateOutcome> future = new CompletableFuture<>();
    synchronized (this) {
      if (ended) {
        throw new IllegalStateException("this " + request.command() + " has been answered: nobody can run " + run.program());
      }
      if (delegate != null) {
        throw new IllegalStateException("the caller is still running another delegate, " + run.program() + " must wait");
      }
      if (gone) {
        return CompletableFuture.failedFuture(new CallerGoneException("the caller hung up before it could run " + run.program()));
      }
      delegate = future;
      delegateId = run.id();
    }
    // Without a caller nothing is to do here: whoever notices that it is gone completes the future.
    host.send(bytes, false);
    return future;
  }

  /** Takes an outcome from the executable; false when it was not asked for. */
  boolean delegateEnded(DelegateOutcome outcome) {
    CompletableFuture<DelegateOutcome> finished;
    synchronized (this) {
      finished = delegate;
      if (finished == null || delegateId != outcome.id()) {
        return false;
      }
      delegate = null;
    }
    host.notice(() -> finished.complete(outcome));
    return true;
  }

  @Override
  public synchronized boolean hungUp() {
    return gone;
  }

  @Override
  public void onHangUp(Runnable action) {
    synchronized (this) {
      if (!gone) {
        onHangUp.add(action);
        return;
      }
    }
    host.notice(action);
  }

  @Override
  public void onAnswerRead(Runnable action) {
    synchronized (this) {
      onAnswerRead.add(action);
      if (!closedByCaller || !sent) {
        return;
      }
      onAnswerRead.clear();
    }
    host.notice(action);
  }

  /** How a connection came to its end. */
  enum Ending {
    /** The caller closed it, and had read all that was sent. */
    READ,
    /** The caller closed it, with something unread. */
    UNREAD,
    /** It was given up here. */
    GIVEN_UP
  }

  /** The connection is closed. */
  void callerGone(Ending ending) {
    List<Runnable> actions;
    CompletableFuture<DelegateOutcome> unfinished;
    synchronized (this) {
      if (gone) {
        return;
      }
      if (ended && ending != Ending.UNREAD) {
        closedByCaller = ending == Ending.READ;
        actions = closedByCaller ? takeAnswerRead() : List.of();
        unfinished = null;
      } else {
        gone = true;
        actions = List.copyOf(onHangUp);
        unfinished = delegate;
        delegate = null;
      }
      onHangUp.clear();
    }
    actions.forEach(host::notice);
    if (unfinished != null) {
      host.notice(() -> unfinished.completeExceptionally(
          new CallerGoneException("the caller hung up while its delegate was running")));
    }
  }
}
