package dev.patchbay.wire;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * One CNI call, as the container runtime made it.
 *
 * @param oldestVersion oldest protocol version that the executable speaks, 1 to 255
 * @param newestVersion newest protocol version that it speaks, {@code oldestVersion} to 255
 * @param startedAt when the executable was started, by the host's clock, in milliseconds: for people to read
 * @param uptime the same by the clock that nobody sets; empty from an executable that does not tell. A DEL kept in a note must not touch
 *     an attachment that was made later than this: runtimes may use a container id again
 * @param timeLimit how long from now the executable will wait for the answer; 0 to 49 days, in milliseconds
 * @param netns what became of {@code CNI_NETNS}
 * @param environment the {@code CNI_*} variables and {@code TRACEPARENT}, {@code TRACESTATE}, {@code BAGGAGE} where given;
 *     nothing about them has been checked but that {@code CNI_COMMAND} is ADD, DEL, CHECK, GC or STATUS
 * @param standardInput the network configuration, at most 4 MiB; the executable has seen that it is a JSON object
 */
public record CniRequest(
    int oldestVersion,
    int newestVersion,
    Instant startedAt,
    Optional<Uptime> uptime,
    Duration timeLimit,
    NetnsReport netns,
    Map<String, String> environment,
    Payload standardInput)
    implements Frame {

  /** Checks the ranges. */
  public CniRequest {
    Check.range("oldestVersion", oldestVersion, 1, 255);
    Check.range("newestVersion", newestVersion, oldestVersion, 255);
    Check.range("startedAt", startedAt.toEpochMilli(), 0, Long.MAX_VALUE);
    Check.duration("timeLimit", timeLimit);
    startedAt = startedAt.truncatedTo(ChronoUnit.MILLIS);
    timeLimit = timeLimit.truncatedTo(ChronoUnit.MILLIS);
    environment = Check.environment(environment);
  }

  /** The value of a variable; empty when it is missing or empty, which CNI treats alike. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** {@code CNI_COMMAND}, the verb; empty text when it is missing. */
  public String command() {
    return variable("CNI_COMMAND").orElse("");
  }

  /** {@code CNI_CONTAINERID}, unchecked. */
  public Optional<String> containerId() {
    return variable("CNI_CONTAINERID");
  }

  /** {@code CNI_NETNS}, a path as the container runtime sees it. */
  public Optional<String> netnsPath() {
    return variable("CNI_NETNS");
  }

  /** {@code CNI_IFNAME}, unchecked. */
  public Optional<String> interfaceName() {
    return variable("CNI_IFNAME");
  }

  /** {@code CNI_ARGS}, pairs {@code K=V} separated by semicolons. */
  public Optional<String> arguments() {
    return variable("CNI_ARGS");
  }

  @Override
  public FrameType type() {
    return FrameType.REQUEST;
  }
}
