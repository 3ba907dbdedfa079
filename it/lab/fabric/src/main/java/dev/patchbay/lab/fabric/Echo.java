package dev.patchbay.lab.fabric;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server that tells every client from which address it saw it come, by TCP and UDP on one port: how translation of
 * addresses shows. The static methods are its client.
 */
public final class Echo implements AutoCloseable {
  private final ServerSocketChannel listener;
  private final DatagramChannel datagrams;
  private final InetSocketAddress address;
  private final AtomicLong lost = new AtomicLong();

  private Echo(ServerSocketChannel listener, DatagramChannel datagrams, InetSocketAddress address) {
    this.listener = listener;
    this.datagrams = datagrams;
    this.address = address;
    Thread.ofPlatform().daemon().name("echo-tcp-" + address.getPort()).start(this::serveTcp);
    Thread.ofPlatform().daemon().name("echo-udp-" + address.getPort()).start(this::serveUdp);
  }

  /**
   * Starts a server in a namespace.
   *
   * @param address a local address of the namespace, or the unspecified one of a family
   * @param port 1 to 65535
   */
  public static Echo serve(NetworkNamespace namespace, InetAddress address, int port) {
    InetSocketAddress where = new InetSocketAddress(address, port);
    ServerSocketChannel listener = namespace.listen(where);
    try {
      return new Echo(listener, namespace.openDatagrams(where), where);
    } catch (RuntimeException failure) {
      close(listener);
      throw failure;
    }
  }

  /**
   * Connects to a server by TCP and returns the address that it saw; empty if it could not be reached in time.
   *
   * @param from the client's namespace
   */
  public static Optional<InetAddress> tcp(NetworkNamespace from, InetAddress to, int port, Duration timeout) {
    return tcp(from, Optional.empty(), to, port, timeout);
  }

  /** As {@link #tcp(NetworkNamespace, InetAddress, int, Duration)}, from a given source address. */
  public static Optional<InetAddress> tcp(
      NetworkNamespace from, Optional<InetAddress> source, InetAddress to, int port, Duration timeout) {
    try (SocketChannel channel = from.openSocket()) {
      if (source.isPresent()) {
        channel.bind(new InetSocketAddress(source.get(), 0));
      }
      channel.socket().setSoTimeout(Math.toIntExact(timeout.toMillis()));
      channel.socket().connect(new InetSocketAddress(to, port), Math.toIntExact(timeout.toMillis()));
      try (BufferedReader in =
          new BufferedReader(new InputStreamReader(channel.socket().getInputStream(), StandardCharsets.UTF_8))) {
        return Optional.ofNullable(in.readLine()).map(InetAddress::ofLiteral);
      }
    } catch (IOException unreachable) {
      return Optional.empty();
    }
  }

  /** Asks a server by UDP which address it sees; empty if no answer comes in time. */
  public static Optional<InetAddress> udp(
      NetworkNamespace from, Optional<InetAddress> source, InetAddress to, int port, Duration timeout) {
    InetAddress any = InetAddress.ofLiteral(to.getAddress().length == 4 ? "0.0.0.0" : "::");
    try (DatagramChannel channel = from.openDatagrams(new InetSocketAddress(source.orElse(any), 0))) {
      channel.connect(new InetSocketAddress(to, port));
      channel.write(ByteBuffer.wrap(new byte[] {'?'}));
      channel.socket().setSoTimeout(Math.toIntExact(timeout.toMillis()));
      DatagramPacket answer = new DatagramPacket(new byte[100], 100);
      channel.socket().receive(answer);
      return Optional.of(
          InetAddress.ofLiteral(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8)));
    } catch (IOException unreachable) {
      return Optional.empty();
    }
  }

  /** How many TCP clients went away before they had their answer. */
  public long lost() {
    return lost.get();
  }

  /** Where it serves. */
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public void close() {
    close(listener);
    close(datagrams);
  }

  private void serveTcp() {
    try {
      while (true) {
        answer(listener.accept());
      }
    } catch (ClosedChannelException closed) {
      // The end of every server.
    } catch (IOException failure) {
      throw new UncheckedIOException("the echo server at " + address + " ended", failure);
    }
  }

  private void answer(SocketChannel accepted) {
    try (SocketChannel client = accepted) {
      client.write(ByteBuffer.wrap((seen(client.getRemoteAddress()) + "\n").getBytes(StandardCharsets.UTF_8)));
    } catch (IOException gone) {
      // A client that does not wait for its answer is no concern of the others.
      lost.incrementAndGet();
    }
  }

  private void serveUdp() {
    ByteBuffer question = ByteBuffer.allocate(2048);
    try {
      while (true) {
        question.clear();
        SocketAddress client = datagrams.receive(question);
        datagrams.send(ByteBuffer.wrap(seen(client).getBytes(StandardCharsets.UTF_8)), client);
      }
    } catch (ClosedChannelException closed) {
      // The end of every server.
    } catch (IOException failure) {
      throw new UncheckedIOException("the echo server at " + address + " ended", failure);
    }
  }

  private static String seen(SocketAddress client) {
    return ((InetSocketAddress) client).getAddress().getHostAddress();
  }

  private static void close(Channel channel) {
    try {
      channel.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
