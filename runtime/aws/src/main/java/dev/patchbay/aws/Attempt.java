package dev.patchbay.aws;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/**
 * One call: how long it may yet take, over all its pages, and whether any of it was sent. Of one thread.
 */
final class Attempt implements Consumer<AwsRequestOverrideConfiguration.Builder> {
  private final AtomicBoolean sent = new AtomicBoolean();
  private final long until;

  Attempt(Duration limit) {
    until = System.nanoTime() + limit.toNanos();
  }

  /** Whether the SDK had begun to send the request. */
  boolean sent() {
    return sent.get();
  }

  @Override
  public void accept(AwsRequestOverrideConfiguration.Builder request) {
    // The SDK refuses a limit of nothing; a call that has no time left ends by the shortest.
    request.apiCallTimeout(Duration.ofNanos(Math.max(until - System.nanoTime(), 1_000_000)))
        .putExecutionAttribute(Ec2Connection.SENT, sent);
  }
}
