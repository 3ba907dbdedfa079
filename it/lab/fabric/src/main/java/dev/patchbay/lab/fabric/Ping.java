package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.route.Address;
import dev.patchbay.netlink.route.RouteSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** ICMP echo from a namespace, by iputils' {@code ping}. */
public final class Ping implements AutoCloseable {
  private static final Pattern COUNTS = Pattern.compile("(\\d+) packets transmitted, (\\d+) received");
  private static final Pattern TIMES = Pattern.compile("= [\\d.]+/([\\d.]+)/([\\d.]+)/");
  private static final Pattern ANSWER = Pattern.compile("^\\[(\\d+)\\.(\\d{3})\\d*\\] .* icmp_seq=(\\d+) ttl=");
  private static final int SEQUENCES = 65536;
  private static final Pattern HOPS = Pattern.compile("ttl=(\\d+)");

  /** How long {@link #stop} waits for one more answer: long enough for a machine that has much else to do. */
  private static final Duration LAST_ANSWER = Duration.ofSeconds(5);

  private final Process process;

  /** Of the last answer; counts requests modulo {@link #SEQUENCES}, from 1. */
  private volatile int lastSequence;

  /** What {@link #stop} waits for. */
  private volatile @Nullable LateReply lateReply;

  private final CompletableFuture<String> output = new CompletableFuture<>();
  private final CompletableFuture<Void> firstReply = new CompletableFuture<>();

  private Ping(Process process) {
    this.process = process;
    Thread.ofPlatform().daemon().name("ping-" + process.pid()).start(this::read);
  }

  /**
   * An answer that arrives late enough: not one whose line has not been read yet.
   *
   * @param sinceMillis from when on, in milliseconds since 1970
   * @param come completed by it
   */
  private record LateReply(long sinceMillis, CompletableFuture<Boolean> come) {}

  /**
   * What pings found.
   *
   * @param sent requests sent
   * @param received answers received
   * @param averageMillis mean round trip in milliseconds; empty without answers
   * @param maxMillis longest round trip in milliseconds; empty without answers
   * @param hops the hop limit (TTL) left in the last answer that was printed, or -1
   * @param output all that ping printed
   */
  public record Result(
      int sent, int received, OptionalDouble averageMillis, OptionalDouble maxMillis, int hops, String output) {
    /** Requests without an answer. */
    public int lost() {
      return sent - received;
    }

    Result without(int undecided) {
      return new Result(sent - undecided, received, averageMillis, maxMillis, hops, output);
    }

    /** Whether every request was answered. */
    public boolean complete() {
      return sent > 0 && received == sent;
    }
  }

  /**
   * Sends some requests, 20 ms apart, and waits for the answers.
   *
   * @param count requests, at least 1
   * @param waitSeconds how long to wait for the answer to the last one
   */
  public static Result run(NetworkNamespace from, InetAddress to, int count, double waitSeconds) {
    return parse(
        from.run(
                "ping", "-n", "-i", "0.02", "-c", String.valueOf(count), "-W",
                String.format(Locale.ROOT, "%.2f", waitSeconds), to.getHostAddress())
            .output());
  }

  /** As {@link #run(NetworkNamespace, InetAddress, int, double)}, from a given source address. */
  public static Result run(NetworkNamespace from, InetAddress source, InetAddress to, int count, double waitSeconds) {
    return parse(
        from.run(
                "ping", "-n", "-I", source.getHostAddress(), "-i", "0.02", "-c", String.valueOf(count), "-W",
                String.format(Locale.ROOT, "%.2f", waitSeconds), to.getHostAddress())
            .output());
  }

  /** Sends a request every 20 ms until one is answered, and returns whether that happened in time. */
  public static boolean reaches(NetworkNamespace from, InetAddress to, Duration longest) {
    return answered(from, to, longest);
  }

  /** As {@link #reaches(NetworkNamespace, InetAddress, Duration)}, from a given source address. */
  public static boolean reaches(NetworkNamespace from, InetAddress source, InetAddress to, Duration longest) {
    return answered(from, to, longest, "-I", source.getHostAddress());
  }

  /**
   * Sends requests whose source address the namespace does not own, as anybody who is root in it can: the address is put on
   * lo for that time. Leaves the namespace as it was.
   *
   * @param source an address that the namespace does not have
   * @param count requests, at least 1
   */
  public static Result spoofed(NetworkNamespace from, InetAddress source, InetAddress to, int count) {
    IpPrefix address = IpPrefix.host(source);
    try (RouteSocket socket = Namespaces.socket(from)) {
      int lo = socket.link("lo").orElseThrow(() -> new FabricException(from.name() + " has no lo")).index();
      socket.execute(Address.of(lo, address).withFlags(Address.NO_DUPLICATE_DETECTION).add());
      try {
        return run(from, source, to, count, 0.3);
      } finally {
        socket.execute(Address.of(lo, address).delete());
      }
    }
  }

  private static boolean answered(NetworkNamespace from, InetAddress to, Duration longest, String... options) {
    long deadline = System.nanoTime() + longest.toNanos();
    long left = longest.toNanos();
    do {
      // With -w, ping ends at the first error too, as when a neighbour did not answer.
      List<String> command = new ArrayList<>(List.of("ping", "-n", "-q", "-i", "0.02", "-c", "1"));
      command.addAll(List.of("-w", String.valueOf(Math.max(1, TimeUnit.NANOSECONDS.toSeconds(left)))));
      command.addAll(List.of(options));
      command.add(to.getHostAddress());
      if (from.run(command.toArray(String[]::new)).succeeded()) {
        return true;
      }
      left = deadline - System.nanoTime();
    } while (left > 0);
    return false;
  }

  /**
   * Sends a request every 10 ms until {@link #stop}. Returns when the first answer is there, so that what is lost later was
   * lost by what happened later.
   *
   * @throws FabricException if no answer comes within 10 s
   */
  public static Ping start(NetworkNamespace from, InetAddress to) {
    return started(from.command("ping", "-n", "-D", "-i", "0.01", to.getHostAddress()), to);
  }

  /** As {@link #start(NetworkNamespace, InetAddress)}, from a given source address. */
  public static Ping start(NetworkNamespace from, InetAddress source, InetAddress to) {
    return started(from.command("ping", "-n", "-D", "-I", source.getHostAddress(), "-i", "0.01", to.getHostAddress()), to);
  }

  /**
   * Ends it and returns the counts. It waits for one more answer, some seconds at most. The requests that were sent after the
   * last answer, and so were still under way, are left out of the counts, since they were neither answered nor lost; if that
   * answer never comes, they were lost.
   */
  public Result stop() {
    try {
      boolean answered = awaitReply();
      // SIGINT: ping prints its counts.
      new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
      process.waitFor();
      Result counted = parse(output.join());
      return answered ? counted.without(Math.floorMod(counted.sent() - lastSequence, SEQUENCES)) : counted;
    } catch (IOException failure) {
      throw new FabricException("cannot end ping: " + failure.getMessage(), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new FabricException("interrupted while ping ended", interrupted);
    }
  }

  private boolean awaitReply() {
    LateReply reply = new LateReply(System.currentTimeMillis(), new CompletableFuture<>());
    lateReply = reply;
    return reply.come().completeOnTimeout(false, LAST_ANSWER.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  /** Kills it, if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private static Ping started(ProcessBuilder command, InetAddress to) {
    try {
      Ping ping = new Ping(command.redirectErrorStream(true).start());
      try {
        ping.firstReply.orTimeout(10, TimeUnit.SECONDS).join();
        return ping;
      } catch (CompletionException none) {
        ping.close();
        throw new FabricException("no answer from %s within 10 s: %s".formatted(to.getHostAddress(), ping.output.join()), none);
      }
    } catch (IOException failure) {
      throw new FabricException("cannot run ping: " + failure.getMessage() + "; install iputils-ping", failure);
    }
  }

  private void read() {
    StringBuilder all = new StringBuilder();
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Matcher answer = ANSWER.matcher(line);
        if (answer.find()) {
          lastSequence = Integer.parseInt(answer.group(3));
          firstReply.complete(null);
          LateReply late = lateReply;
          if (late != null && Long.parseLong(answer.group(1) + answer.group(2)) >= late.sinceMillis()) {
            late.come().complete(true);
          }
          // Lines of answers are not kept: an hour at this rate has 360,000.
          all.setLength(0);
        }
        all.append(line).append('\n');
      }
    } catch (IOException ended) {
      all.append(ended.getMessage());
    }
    output.complete(all.toString());
  }

  private static Result parse(String output) {
    Matcher counts = COUNTS.matcher(output);
    if (!counts.find()) {
      throw new FabricException("ping did not say what it sent: " + output.strip());
    }
    Matcher times = TIMES.matcher(output);
    boolean timed = times.find();
    Matcher hops = HOPS.matcher(output);
    int left = -1;
    while (hops.find()) {
      left = Integer.parseInt(hops.group(1));
    }
    return new Result(
        Integer.parseInt(counts.group(1)),
        Integer.parseInt(counts.group(2)),
        timed ? OptionalDouble.of(Double.parseDouble(times.group(1))) : OptionalDouble.empty(),
        timed ? OptionalDouble.of(Double.parseDouble(times.group(2))) : OptionalDouble.empty(),
        left,
        output);
  }
}
