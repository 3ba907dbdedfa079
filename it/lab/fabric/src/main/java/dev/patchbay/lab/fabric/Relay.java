package dev.patchbay.lab.fabric;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Carries TCP connections from one network namespace to another, byte for byte, so that servers of the lab need not know of
 * namespaces. A connection for which there is no target, or whose target does not answer, is closed.
 *
 * <p>Whoever made it closes it, which ends its connections.
 */
public final class Relay implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final ServerSocketChannel listener;
  private final InetSocketAddress address;
  private final Function<InetSocketAddress, Optional<Dial>> choice;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong refused = new AtomicLong();

  /** Connects to where the connection leads. */
  @FunctionalInterface
  interface Dial {
    SocketChannel connect() throws IOException;
  }

  private Relay(ServerSocketChannel listener, Function<InetSocketAddress, Optional<Dial>> choice) {
    this.listener = listener;
    this.choice = choice;
    try {
      address = (InetSocketAddress) listener.getLocalAddress();
    } catch (IOException closed) {
      throw new UncheckedIOException(closed);
    }
    Thread.ofPlatform().daemon().name("relay-" + address.getPort()).start(this::accept);
  }

  /**
   * Starts one.
   *
   * @param listener where connections come in; belongs to the relay from now on
   * @param choice where the connection of a client leads
   */
  static Relay start(ServerSocketChannel listener, Function<InetSocketAddress, Optional<Dial>> choice) {
    return new Relay(listener, choice);
  }

  /** Starts one on a free port of the process's own loopback. */
  static Relay startLocal(Function<InetSocketAddress, Optional<Dial>> choice) {
    try {
      return new Relay(
          ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)), choice);
    } catch (IOException failure) {
      throw new FabricException("cannot listen on 127.0.0.1: " + failure.getMessage(), failure);
    }
  }

  /** Connects from the process's own namespace. */
  static Dial to(InetSocketAddress target) {
    return () -> SocketChannel.open(target);
  }

  /** Connects from inside a namespace. */
  static Dial to(NetworkNamespace namespace, InetSocketAddress target) {
    return () -> {
      SocketChannel channel = namespace.openSocket();
      try {
        channel.connect(target);
        return channel;
      } catch (IOException failure) {
        channel.close();
        throw failure;
      }
    };
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** How many connections were closed at once, for want of a target that answers. */
  public long refused() {
    return refused.get();
  }

  @Override
  public void close() {
    closeQuietly(listener);
    open.forEach(Relay::closeQuietly);
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel client = listener.accept();
        open.add(client);
        Thread.ofVirtual().name("relay").start(() -> serve(client));
      } catch (AsynchronousCloseException closed) {
        return;
      } catch (IOException failure) {
        if (listener.isOpen()) {
          // Nothing comes in any more: whoever connects must see that rather than wait.
          closeQuietly(listener);
          throw new UncheckedIOException("the relay at " + address + " ended", failure);
        }
      }
    }
  }

  private void serve(SocketChannel client) {
    try {
      Optional<Dial> dial = choice.apply((InetSocketAddress) client.getRemoteAddress());
      if (dial.isPresent()) {
        carry(client, dial.get());
      } else {
        refused.incrementAndGet();
      }
    } catch (IOException | FabricException failure) {
      // Counted before the client can see the end.
      refused.incrementAndGet();
    } finally {
      open.remove(client);
      closeQuietly(client);
    }
  }

  private void carry(SocketChannel client, Dial dial) throws IOException {
    try (SocketChannel server = dial.connect()) {
      open.add(server);
      client.setOption(StandardSocketOptions.TCP_NODELAY, true);
      server.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Thread answers = Thread.ofVirtual().name("relay-answers").start(() -> copy(server, client));
      copy(client, server);
      answers.join();
      open.remove(server);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Copies until the sender has said all, and says so to the receiver; an error on either side ends both. */
  private static void copy(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (IOException broken) {
      closeQuietly(from);
      closeQuietly(to);
    }
  }

  private static void closeQuietly(java.nio.channels.Channel channel) {
    try {
      channel.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
