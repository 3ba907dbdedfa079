package dev.patchbay.node.engine;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One gRPC call over a unix socket without TLS, as kubelet's own sockets take it: HTTP/2 with prior knowledge (RFC 9113), one stream, one
 * message there and one back. What headers the server sends is passed over; a call that fails brings no message, and that is seen.
 */
final class UnixGrpc {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int PADDED = 8;
  private static final int ENABLE_PUSH = 2;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int STREAM = 1;
  /** So much may come before more is allowed; more is refused. Kubelet's other clients take as much. */
  private static final int LARGEST = 16 * 1024 * 1024;
  private static final int FIRST_WINDOW = 65_535;
  private static final int LARGEST_FRAME = 16_384;
  private static final int PREFIX = 5;

  private UnixGrpc() {}

  /**
   * Makes a call. Blocks.
   *
   * @param socket the socket
   * @param method the method, as {@code /package.Service/Method}
   * @param message the message
   * @param limit how long it may take in all
   * @return the answer
   * @throws IOException if none comes, or none that can be read
   */
  static byte[] call(Path socket, String method, byte[] message, Duration limit) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      AtomicBoolean late = new AtomicBoolean();
      CompletableFuture<Void> watch = CompletableFuture.runAsync(() -> {
        late.set(true);
        close(channel);
      }, CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS));
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
        DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel));
        ask(out, method, message);
        return read(new DataInputStream(Channels.newInputStream(channel)), out);
      } catch (EOFException e) {
        throw new IOException("it hung up before it had answered", e);
      } catch (IOException e) {
        throw late.get() ? new IOException("it gave no answer within " + limit.toSeconds() + " s", e) : e;
      } finally {
        watch.cancel(false);
      }
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It is of no use any more either way.
    }
  }

  private static void ask(DataOutputStream out, String method, byte[] message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream all = new DataOutputStream(bytes);
    all.write(PREFACE);
    frame(all, SETTINGS, 0, 0, ByteBuffer.allocate(12).putShort((short) ENABLE_PUSH).putInt(0)
        .putShort((short) INITIAL_WINDOW_SIZE).putInt(LARGEST).array());
    frame(all, WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(LARGEST - FIRST_WINDOW).array());
    frame(all, HEADERS, END_HEADERS, STREAM, headers(method));
    frame(all, DATA, END_STREAM, STREAM, ByteBuffer.allocate(PREFIX + message.length).put((byte) 0).putInt(message.length).put(message).array());
    out.write(bytes.toByteArray());
    out.flush();
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload) throws IOException {
    out.writeByte(payload.length >> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
  }

  /** As literals that nobody remembers, but for two that HPACK's own table has (RFC 7541, sections 6.1, 6.2.2 and appendix A). */
  private static byte[] headers(String method) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(0x80 | 3); // :method POST
    block.write(0x80 | 6); // :scheme http
    block.write(4); // :path
    text(block, method);
    block.write(1); // :authority
    text(block, "localhost");
    block.write(0x0f); // content-type is the 31st: 15, and 16 more
    block.write(16);
    text(block, "application/grpc");
    block.write(0);
    text(block, "te");
    text(block, "trailers");
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length > 126) {
      throw new IllegalArgumentException(text + " is too long for a header of this client");
    }
    block.write(bytes.length);
    block.writeBytes(bytes);
  }

  private static byte[] read(DataInputStream in, DataOutputStream out) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt() & Integer.MAX_VALUE;
      if (length > LARGEST_FRAME) {
        throw new IOException("it sent what is no frame of HTTP/2");
      }
      byte[] payload = in.readNBytes(length);
      if (payload.length < length) {
        throw new EOFException();
      }
      switch (type) {
        case SETTINGS, PING -> {
          if ((flags & ACK) == 0) {
            frame(out, type, ACK, 0, type == PING ? payload : new byte[0]);
            out.flush();
          }
        }
        case RST_STREAM, GOAWAY -> failed(type, payload);
        case DATA -> take(payload, flags, answer);
        default -> {
          // Headers, windows and whatever a later version brings: nothing that the answer hangs on.
        }
      }
      if (stream == STREAM && (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
        return message(answer.toByteArray());
      }
    }
  }

  private static void failed(int type, byte[] payload) throws IOException {
    // A server that is about to end says so, and still answers what it has begun.
    int code = payload.length < (type == GOAWAY ? 8 : 4) ? -1 : ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    if (type == RST_STREAM || code != 0) {
      throw new IOException("it broke the call off with error " + code + " of HTTP/2");
    }
  }

  private static void take(byte[] payload, int flags, ByteArrayOutputStream answer) throws IOException {
    boolean padded = (flags & PADDED) != 0;
    int padding = padded && payload.length > 0 ? payload[0] & 0xff : 0;
    int from = padded ? 1 : 0;
    if (padding + from > payload.length || answer.size() + payload.length > LARGEST) {
      throw new IOException("it sent more than " + LARGEST + " bytes, or a frame that is broken");
    }
    answer.write(payload, from, payload.length - from - padding);
  }

  private static byte[] message(byte[] answer) throws IOException {
    if (answer.length == 0) {
      throw new IOException("it refused the call");
    }
    ByteBuffer buffer = ByteBuffer.wrap(answer);
    if (answer.length < PREFIX || buffer.get() != 0 || buffer.getInt() != answer.length - PREFIX) {
      throw new IOException("its answer is no single message, or a compressed one, which nobody asked for");
    }
    byte[] message = new byte[answer.length - PREFIX];
    buffer.get(message);
    return message;
  }
}
