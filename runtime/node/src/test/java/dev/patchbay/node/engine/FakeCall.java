package dev.patchbay.node.engine;

import dev.patchbay.linux.socket.CallerNetns;
import dev.patchbay.linux.socket.CniCall;
import dev.patchbay.linux.socket.PeerCredentials;
import dev.patchbay.wire.CniAnswer;
import dev.patchbay.wire.CniRefusal;
import dev.patchbay.wire.CniRequest;
import dev.patchbay.wire.DelegateOutcome;
import dev.patchbay.wire.DelegateRun;
import dev.patchbay.wire.NetnsReport;
import dev.patchbay.wire.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A call of the container runtime, whose plugins answer as a test wants it. */
final class FakeCall implements CniCall {
  final List<DelegateRun> runs = new ArrayList<>();
  /** What plugins print; those that print an error end with 1. */
  Function<DelegateRun, String> plugins = run -> "";
  private final Map<String, String> environment;
  private final Function<DelegateRun, CompletableFuture<DelegateOutcome>> how;

  /** A STATUS whose plugins print what is set. */
  FakeCall() {
    environment = Map.of("CNI_COMMAND", "STATUS", "CNI_PATH", "/opt/cni/bin");
    how = this::printed;
  }

  /**
   * A call whose plugins end as a test wants it.
   *
   * @param environment the executable's
   * @param how how plugins end
   */
  FakeCall(Map<String, String> environment, Function<DelegateRun, CompletableFuture<DelegateOutcome>> how) {
    this.environment = environment;
    this.how = how;
  }

  private CompletableFuture<DelegateOutcome> printed(DelegateRun run) {
    String printed = plugins.apply(run);
    return CompletableFuture.completedFuture(new DelegateOutcome(run.id(), DelegateOutcome.Ending.EXITED,
        printed.contains("\"msg\"") ? 1 : 0, Payload.utf8(printed), Payload.EMPTY, ""));
  }

  @Override
  public CniRequest request() {
    return new CniRequest(1, 1, Instant.EPOCH, Optional.empty(), Duration.ofSeconds(1), new NetnsReport.None(), environment, Payload.EMPTY);
  }

  @Override
  public CompletableFuture<DelegateOutcome> runDelegate(DelegateRun run) {
    runs.add(run);
    return how.apply(run);
  }

  @Override
  public CallerNetns netns() {
    return new CallerNetns.None();
  }

  @Override
  public PeerCredentials peer() {
    throw new UnsupportedOperationException("nobody asks who calls");
  }

  @Override
  public boolean answer(CniAnswer answer) {
    throw new UnsupportedOperationException("it is not answered here");
  }

  @Override
  public boolean refuse(CniRefusal refusal) {
    throw new UnsupportedOperationException("it is not answered here");
  }

  @Override
  public boolean hungUp() {
    return false;
  }

  @Override
  public void onHangUp(Runnable action) {}

  @Override
  public void onAnswerRead(Runnable action) {}
}
