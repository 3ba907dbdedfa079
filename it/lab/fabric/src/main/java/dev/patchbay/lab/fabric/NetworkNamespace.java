package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.Netns;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A named network namespace, as {@code ip netns} names them: a mount under {@code /run/netns} that every process of the
 * machine can open. A value: it may name a namespace that does not exist any more.
 *
 * @param name its name under {@code /run/netns}
 */
public record NetworkNamespace(String name) {
  static final Path DIRECTORY = Path.of("/run/netns");

  /** Refuses what is no plain file name. */
  public NetworkNamespace {
    if (name.isEmpty() || name.contains("/") || name.startsWith(".")) {
      throw new IllegalArgumentException("'" + name + "' can't name a network namespace: it must be a plain file name");
    }
  }

  /** The file to open. */
  public Path path() {
    return DIRECTORY.resolve(name);
  }

  /** Whether it exists now. */
  public boolean exists() {
    return Files.exists(path());
  }

  /**
   * A command that will run in this namespace when started. It goes by {@code nsenter}, since a process must never be
   * started from a thread that has itself called setns(2): the JDK's process reaper would stay behind in the namespace.
   */
  public ProcessBuilder command(String... command) {
    List<String> all = new ArrayList<>();
    all.add("nsenter");
    all.add("--net=" + path());
    all.addAll(List.of(command));
    return new ProcessBuilder(all);
  }

  /**
   * Opens a TCP listener in this namespace. The channel, and those it accepts, stay in the namespace whichever thread uses
   * them.
   *
   * @param address where; port 0 lets the kernel choose
   */
  public ServerSocketChannel listen(InetSocketAddress address) {
    return opened("listen on " + address, () -> bound(ServerSocketChannel.open(family(address)), channel -> channel.bind(address)));
  }

  /** Opens an unconnected TCP socket in this namespace. */
  public SocketChannel openSocket() {
    return opened("open a TCP socket", SocketChannel::open);
  }

  /**
   * Opens a UDP socket in this namespace.
   *
   * @param address where; port 0 lets the kernel choose
   */
  public DatagramChannel openDatagrams(InetSocketAddress address) {
    return opened(
        "open a UDP socket on " + address,
        () -> bound(DatagramChannel.open(family(address)), channel -> channel.bind(address)));
  }

  /** Runs a command to its end and returns what it printed; it need not succeed. */
  public Outcome run(String... command) {
    return runWith("", command);
  }

  /**
   * Runs a command to its end.
   *
   * @param input what it reads on its standard input
   */
  public Outcome runWith(String input, String... command) {
    try {
      Process process = command(command).start();
      // Threads of their own: a pool that is busy with such reading would never come to the writing.
      CompletableFuture<String> errors = new CompletableFuture<>();
      Thread.ofPlatform().daemon().start(() -> errors.complete(text(process.getErrorStream())));
      Thread.ofPlatform().daemon().start(() -> write(process, input));
      String output = text(process.getInputStream());
      return new Outcome(process.waitFor(), output, errors.join());
    } catch (IOException failure) {
      throw new FabricException("cannot run nsenter for " + name + ": " + failure.getMessage() + "; install util-linux", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new FabricException("interrupted while " + command[0] + " ran in " + name, interrupted);
    }
  }

  /**
   * What a command left.
   *
   * @param exit its exit status
   * @param output its standard output
   * @param errors its standard error
   */
  public record Outcome(int exit, String output, String errors) {
    /** Whether it exited with 0. */
    public boolean succeeded() {
      return exit == 0;
    }

    /** Its standard output, if it succeeded. */
    public String orThrow(String what) {
      if (exit != 0) {
        throw new FabricException("cannot " + what + ": exit status " + exit + ": " + errors.strip());
      }
      return output;
    }
  }


  /** Not the JDK's default, with which 0.0.0.0 would take the port of IPv6 too. */
  private static ProtocolFamily family(InetSocketAddress address) {
    return address.getAddress() instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
  }

  private <T> T opened(String what, Netns.Task<T, IOException> opening) {
    try (Netns open = Netns.open(name)) {
      return open.call(opening);
    } catch (IOException failure) {
      throw new FabricException("cannot %s in %s: %s".formatted(what, name, failure.getMessage()), failure);
    }
  }

  private static <T extends Channel> T bound(T channel, Binding<T> binding) throws IOException {
    try {
      binding.bind(channel);
      return channel;
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  private interface Binding<T> {
    void bind(T channel) throws IOException;
  }

  private static void write(Process process, String input) {
    try (var out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException closed) {
      // A command that ends without reading its input is not in error; its exit status says what it thought of it.
      process.onExit().join();
    }
  }

  private static String text(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      return "(its output could not be read: " + failure.getMessage() + ")";
    }
  }
}
