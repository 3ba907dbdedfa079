package dev.patchbay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.fabric.Ping;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A table of what must pass and what must not; every cell is tried with packets. */
final class PacketTable {
  static final int PORT = 8080;
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration ONE_TRY = Duration.ofSeconds(3);
  private static final Duration SHORT = Duration.ofMillis(400);

  private final List<Row> rows = new ArrayList<>();
  private int verified;

  /** One attempt to get through, in so much time; the answer is the address by which the far end saw the near one. */
  interface Attempt {
    Optional<InetAddress> within(Duration time);
  }

  private record Row(String of, String what, String expected, String found) {
    boolean right() {
      return expected.equals(found);
    }
  }

  /** What must pass, with whatever source address. */
  void passes(String of, String what, Attempt attempt) {
    rows.add(new Row(of, what, "pass", persistent(attempt).isPresent() ? "pass" : "nothing"));
  }

  /** What must pass and be seen as from that address. */
  void passesAs(String of, String what, InetAddress source, Attempt attempt) {
    rows.add(new Row(of, what, "as " + source.getHostAddress(), persistent(attempt).map(seen -> "as " + seen.getHostAddress()).orElse("nothing")));
  }

  /** What must not pass. */
  void stopped(String of, String what, Attempt attempt) {
    rows.add(new Row(of, what, "nothing", attempt.within(SHORT).map(seen -> "as " + seen.getHostAddress()).orElse("nothing")));
  }

  /** Fails with the cells since the last time that are not as they must be. */
  void verify() {
    List<Row> since = rows.subList(verified, rows.size());
    verified = rows.size();
    assertThat(since).isNotEmpty();
    assertThat(since.stream().filter(row -> !row.right()).toList()).isEmpty();
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (Row row : rows) {
      out.append("%-14s %-78s %s%s%n".formatted(row.of(), row.what(), row.expected(), row.right() ? "" : " BUT " + row.found()));
    }
    return out.toString();
  }

  private static Optional<InetAddress> persistent(Attempt attempt) {
    long deadline = System.nanoTime() + LONG.toNanos();
    Optional<InetAddress> seen;
    do {
      seen = attempt.within(ONE_TRY);
    } while (seen.isEmpty() && System.nanoTime() < deadline);
    return seen;
  }

  static Attempt tcp(NetworkNamespace from, InetAddress to) {
    return tcp(from, to, PORT);
  }

  static Attempt tcp(NetworkNamespace from, InetAddress to, int port) {
    return time -> Echo.tcp(from, to, port, time);
  }

  static Attempt udp(NetworkNamespace from, InetAddress to, int port) {
    return time -> Echo.udp(from, Optional.empty(), to, port, time);
  }

  static Attempt ping(NetworkNamespace from, InetAddress to) {
    return time -> Ping.run(from, to, 2, time.toMillis() / 1000.0).received() > 0 ? Optional.of(to) : Optional.empty();
  }

  /** A ping that must not be cut into pieces, of a packet of so many bytes. */
  static Attempt large(NetworkNamespace from, InetAddress to, int bytes) {
    int headers = to.getAddress().length == 4 ? 28 : 48;
    return time ->
        from.run("ping", "-n", "-c1", "-W3", "-M", "do", "-s", String.valueOf(bytes - headers), to.getHostAddress()).succeeded()
            ? Optional.of(to)
            : Optional.empty();
  }
}
