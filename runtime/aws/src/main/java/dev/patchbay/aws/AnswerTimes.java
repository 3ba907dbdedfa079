package dev.patchbay.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Compares the machine's clock with the time that each answer of EC2 bears, refusals included. For any number of threads. */
final class AnswerTimes implements ExecutionInterceptor {
  private final InstantSource clock;
  private volatile @Nullable Duration ahead;

  AnswerTimes(InstantSource clock) {
    this.clock = clock;
  }

  /** How far the machine's clock is ahead; negative if behind. */
  Optional<Duration> ahead() {
    return Optional.ofNullable(ahead);
  }

  @Override
  public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
    context.httpResponse().firstMatchingHeader("Date").flatMap(AnswerTimes::time)
        .ifPresent(theirs -> ahead = Duration.between(theirs, clock.instant()));
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
    } catch (DateTimeParseException e) {
      // Nothing depends on it.
      return Optional.empty();
    }
  }
}
