package dev.patchbay.linux.datapath;

import dev.patchbay.netlink.Netns;
import dev.patchbay.spi.net.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Servers in namespaces that answer with the address of who asks, and clients. */
final class Talk implements AutoCloseable {
  private static final int ATTEMPTS = 5;

  private final ServerSocketChannel tcp;
  private final DatagramChannel udp;

  private Talk(ServerSocketChannel tcp, DatagramChannel udp) {
    this.tcp = tcp;
    this.udp = udp;
    Thread.ofPlatform().daemon().start(this::answerTcp);
    Thread.ofPlatform().daemon().start(this::answerUdp);
  }

  static Talk serve(Netns where, int port) {
    return serve(where, new InetSocketAddress(port));
  }

  /** At one address: what answers over UDP at all of them answers from whichever the way back has. */
  static Talk serve(Netns where, IpAddress address, int port) {
    return serve(where, new InetSocketAddress(Kernel.address(address), port));
  }

  private static Talk serve(Netns where, InetSocketAddress at) {
    return where.call(() -> {
      try {
        return new Talk(ServerSocketChannel.open().bind(at), DatagramChannel.open().bind(at));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  private void answerTcp() {
    while (true) {
      try (SocketChannel client = tcp.accept()) {
        InetAddress address = ((InetSocketAddress) client.getRemoteAddress()).getAddress();
        client.write(ByteBuffer.wrap(address.getHostAddress().getBytes(StandardCharsets.US_ASCII)));
      } catch (AsynchronousCloseException e) {
        return;
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void answerUdp() {
    ByteBuffer buffer = ByteBuffer.allocate(100);
    while (true) {
      try {
        buffer.clear();
        InetSocketAddress client = (InetSocketAddress) udp.receive(buffer);
        udp.send(ByteBuffer.wrap(client.getAddress().getHostAddress().getBytes(StandardCharsets.US_ASCII)), client);
      } catch (AsynchronousCloseException e) {
        return;
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** An attempt: what came of it, or that its time was over. */
  private interface Attempt {
    String ask() throws IOException;
  }

  /** What comes of some attempts: a server that gets no processor for a while is late, and not away. */
  private static String patiently(Netns from, Attempt attempt) {
    return from.call(() -> {
      String late = "";
      for (int i = 0; i < ATTEMPTS; i++) {
        try {
          return attempt.ask();
        } catch (SocketTimeoutException e) {
          late = String.valueOf(e.getMessage());
        } catch (IOException e) {
          return String.valueOf(e.getMessage());
        }
      }
      return late;
    });
  }

  /** Who the server says is asking, over TCP; the failure's words if nobody answers. */
  static String asks(Netns from, IpAddress to, int port) {
    return asks(from, IpAddress.of(to.bytes().length == 4 ? "0.0.0.0" : "::"), to, port);
  }

  /** The same from one of the client's addresses. */
  static String asks(Netns from, IpAddress source, IpAddress to, int port) {
    return patiently(from, () -> {
      try (Socket socket = new Socket()) {
        socket.bind(new InetSocketAddress(Kernel.address(source), 0));
        socket.connect(new InetSocketAddress(Kernel.address(to), port), 1500);
        socket.setSoTimeout(1500);
        return IpAddress.of(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).toString();
      }
    });
  }

  /** Who the server says is asking, over UDP. */
  static String asksByUdp(Netns from, IpAddress source, IpAddress to, int port) {
    return patiently(from, () -> {
      try (java.net.DatagramSocket socket = new java.net.DatagramSocket(new InetSocketAddress(Kernel.address(source), 0))) {
        socket.setSoTimeout(1500);
        socket.connect(new InetSocketAddress(Kernel.address(to), port));
        socket.send(new java.net.DatagramPacket(new byte[] {1}, 1));
        java.net.DatagramPacket answer = new java.net.DatagramPacket(new byte[100], 100);
        socket.receive(answer);
        return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
      }
    });
  }

  /** A client that keeps its port, so that all it asks over UDP is one connection. */
  static Line line(Netns from, IpAddress to, int port) {
    return from.call(() -> {
      try {
        java.net.DatagramSocket socket = new java.net.DatagramSocket();
        socket.setSoTimeout(1500);
        socket.connect(new InetSocketAddress(Kernel.address(to), port));
        return new Line(socket);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /** One connection. */
  record Line(java.net.DatagramSocket socket) implements AutoCloseable {
    /** Who the server says is asking; the failure's words if nobody answers. */
    String asks() {
      IOException failure = new IOException();
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        try {
          socket.send(new java.net.DatagramPacket(new byte[] {1}, 1));
          java.net.DatagramPacket answer = new java.net.DatagramPacket(new byte[100], 100);
          socket.receive(answer);
          return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
          failure = e;
        }
      }
      return String.valueOf(failure.getMessage());
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  @Override
  public void close() {
    try {
      tcp.close();
      udp.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
