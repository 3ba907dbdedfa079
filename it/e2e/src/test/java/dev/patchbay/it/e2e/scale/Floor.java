package dev.patchbay.it.e2e.scale;

import java.time.Duration;
import java.util.Locale;

/**
 * What the kernel alone takes: as many namespaces, each with a veth to one of them, made and removed by {@code ip -batch} in one
 * process each.
 *
 * @param namespaces how many
 * @param made how long making them took
 * @param removed how long removing them took
 */
record Floor(int namespaces, Duration made, Duration removed) {
  private static final String MAKE =
      """
      for i in $(seq 2 $1); do
        echo "netns add n$i"
        echo "link add v$i netns n1 type veth peer name eth0 netns n$i"
      done | (ip netns add n1; ip -batch -)
      """;
  private static final String REMOVE = "for i in $(seq $1); do echo \"netns del n$i\"; done | ip -batch -";

  /** Measures, on a machine of its own. */
  static Floor measure(int namespaces) {
    try (Machine machine = Machine.start()) {
      Duration made = time(machine, MAKE, namespaces);
      if (machine.namespaces() != namespaces) {
        throw new AssertionError("ip made " + machine.namespaces() + " namespaces, not " + namespaces);
      }
      return new Floor(namespaces, made, time(machine, REMOVE, namespaces));
    }
  }

  private static Duration time(Machine machine, String script, int namespaces) {
    long start = System.nanoTime();
    Machine.Ended ended = machine.run("bash", "-c", script, "floor", String.valueOf(namespaces));
    if (ended.exit() != 0) {
      throw new AssertionError(ended.output());
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d namespaces with a veth each made in %.1f s and removed in %.1f s",
        namespaces, made.toNanos() / 1e9, removed.toNanos() / 1e9);
  }
}
