package dev.patchbay.linux.socket;

import dev.patchbay.wire.CniAnswer;
import dev.patchbay.wire.CniRefusal;
import dev.patchbay.wire.CniRequest;
import dev.patchbay.wire.DelegateOutcome;
import dev.patchbay.wire.DelegateRun;
import java.util.concurrent.CompletableFuture;

/** One call of the container runtime, open until it is answered or refused. Any thread may use it; no method blocks. */
public interface CniCall {

  /** What is asked. */
  CniRequest request();

  /** The pod's network namespace; an opened one is closed when the call is answered or refused. */
  CallerNetns netns();

  /** Who asks. */
  PeerCredentials peer();

  /**
   * Ends the call by an answer.
   *
   * @return false when the caller had hung up, so the container runtime takes the call for failed. True means it is on its way;
   *     the caller may still die before it reads it, of which {@link #onHangUp} tells
   * @throws IllegalStateException when the call has been answered or refused
   * @throws IllegalArgumentException when the answer is larger than a frame may be; the call stays open
   */
  boolean answer(CniAnswer answer);

  /** Ends the call by an error that the executable prints in the right form; returns and throws as {@link #answer}. */
  boolean refuse(CniRefusal refusal);

  /**
   * Has the executable run a delegate plugin, one at a time. The future is completed on a thread of the server on which only
   * short work may be done; it fails with {@link CallerGoneException} when the caller hangs up or the call is answered first (the plugin
   * is killed then). A caller that is stopped, not dead, never answers: use {@code orTimeout}, a little above the run's limit.
   *
   * @throws IllegalStateException when another delegate is running, or the call has been answered or refused
   * @throws IllegalArgumentException when the run is larger than a frame may be
   */
  CompletableFuture<DelegateOutcome> runDelegate(DelegateRun run);

  /** Whether the caller is gone: the container runtime gave the call up. Seen within milliseconds. */
  boolean hungUp();

  /**
   * Has something done when the caller hangs up before the call is answered or without having read the answer, or soon, when it
   * already has. It runs once, on a thread of the server on which only short work may be done.
   */
  void onHangUp(Runnable action);

  /**
   * Has something done when the caller has read its answer and hung up. It runs once, on a thread of the server on which only short
   * work may be done; not at all when that can't be known, because the caller does not hang up or the server is closed before.
   */
  void onAnswerRead(Runnable action);
}
