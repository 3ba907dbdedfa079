package dev.patchbay.lab;

import dev.patchbay.lab.fabric.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Optional;

/**
 * Datagrams from an address that may not be the sender's: whether they arrive is seen at the far end, since an answer would go
 * to the address's owner.
 */
final class OneWay {
  private static final int PORT = 9;
  private static final int COUNT = 3;

  private OneWay() {}

  static PacketTable.Attempt datagrams(NetworkNamespace from, InetAddress source, NetworkNamespace to, InetAddress target) {
    String address = source.getHostAddress() + (source.getAddress().length == 4 ? "/32" : "/128");
    return time -> {
      boolean lent = from.run("ip", "address", "add", address, "dev", "lo", "nodad").succeeded();
      try (DatagramChannel receiver = to.openDatagrams(new InetSocketAddress(target, PORT));
          DatagramChannel sender = from.openDatagrams(new InetSocketAddress(source, 0))) {
        for (int i = 0; i < COUNT; i++) {
          sender.send(ByteBuffer.wrap(new byte[] {'!'}), new InetSocketAddress(target, PORT));
        }
        receiver.socket().setSoTimeout(Math.toIntExact(time.toMillis()));
        DatagramPacket packet = new DatagramPacket(new byte[10], 10);
        receiver.socket().receive(packet);
        return Optional.of(packet.getAddress());
      } catch (SocketTimeoutException nothing) {
        return Optional.empty();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      } finally {
        if (lent) {
          from.run("ip", "address", "del", address, "dev", "lo").orThrow("take " + address + " back");
        }
      }
    };
  }
}
