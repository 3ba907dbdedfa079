package dev.patchbay.linux.datapath;

import dev.patchbay.netlink.Netns;
import dev.patchbay.spi.net.IpAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Sends for a while and measures what arrives. */
final class Flood {
  private static final int BYTES = 600_000;

  private Flood() {}

  /** Nobody need wait for a connection that will not come. */
  private static IOException giveUp(ServerSocketChannel server, IOException why) {
    try {
      server.close();
    } catch (IOException e) {
      why.addSuppressed(e);
    }
    return why;
  }

  /**
   * The rate of a whole transfer beyond the burst that may pass at once. The time begins before the first packet and ends after the
   * last, so a machine that is busy elsewhere makes the figure smaller, never larger than what was let through.
   */
  static double megabitsPerSecond(Netns from, Netns to, IpAddress address, int port, long burstBits) {
    try (ServerSocketChannel server = to.call(() -> {
      try {
        return ServerSocketChannel.open().bind(new InetSocketAddress(port));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    })) {
      long start = System.nanoTime();
      Thread sender = Thread.ofPlatform().daemon().start(() -> from.call(() -> {
        try (Socket socket = new Socket()) {
          socket.connect(new InetSocketAddress(Kernel.address(address), port), 60_000);
          OutputStream output = socket.getOutputStream();
          output.write(new byte[BYTES]);
          return true;
        } catch (IOException e) {
          throw new UncheckedIOException(giveUp(server, e));
        }
      }));
      try (SocketChannel client = server.accept()) {
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        long received = 0;
        while (client.read(buffer.clear()) >= 0) {
          received += buffer.position();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Threads.join(sender);
        return (received * 8 - burstBits) / seconds / 1e6;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
