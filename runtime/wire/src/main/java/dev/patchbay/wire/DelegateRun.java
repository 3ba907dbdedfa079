package dev.patchbay.wire;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;

/**
 * Asks the executable to run a plugin where it runs itself: in the container runtime's namespaces, with its files.
 *
 * @param id chosen by the daemon, returned with the outcome; 0 to 2^31-1
 * @param program the plugin's name, looked for in {@code CNI_PATH} (of {@code environment}, else the executable's own), or a
 *     path when it contains a slash
 * @param environment variables to set beside the executable's own, in place of those of the same name
 * @param unset variables to take away; none that is also in {@code environment}
 * @param standardInput what the plugin reads
 * @param timeLimit after this the plugin and all its process group are killed; 0 to 49 days, in milliseconds. It is killed in
 *     any case when the call ends
 * @param outputLimit bytes of stdout after which the plugin is killed, and of stderr after which the rest is dropped; 0 to
 *     {@value #MAX_OUTPUT}
 */
public record DelegateRun(
    int id,
    String program,
    Map<String, String> environment,
    Set<String> unset,
    Payload standardInput,
    Duration timeLimit,
    int outputLimit)
    implements Frame {
  /** The largest {@code outputLimit}, in bytes. */
  public static final int MAX_OUTPUT = 2 * 1024 * 1024;

  /** Checks the ranges. */
  public DelegateRun {
    Check.range("id", id, 0, Integer.MAX_VALUE);
    Check.text("program", program);
    Check.duration("timeLimit", timeLimit);
    Check.range("outputLimit", outputLimit, 0, MAX_OUTPUT);
    timeLimit = timeLimit.truncatedTo(ChronoUnit.MILLIS);
    environment = Check.environment(environment);
    unset = Set.copyOf(unset);
    for (String name : unset) {
      Check.text("the name of a variable", name);
      if (name.indexOf('=') >= 0 || environment.containsKey(name)) {
        throw new IllegalArgumentException(name + " cannot be unset: it is set too, or it is no name");
      }
    }
  }

  /** A run with the largest output limit and nothing unset. */
  public static DelegateRun of(
      int id, String program, Map<String, String> environment, Payload standardInput, Duration timeLimit) {
    return new DelegateRun(id, program, environment, Set.of(), standardInput, timeLimit, MAX_OUTPUT);
  }

  @Override
  public FrameType type() {
    return FrameType.RUN;
  }
}
