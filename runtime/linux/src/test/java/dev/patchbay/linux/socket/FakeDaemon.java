package dev.patchbay.linux.socket;

import dev.patchbay.wire.Frame;
import dev.patchbay.wire.FrameCodec;
import dev.patchbay.wire.FrameHeader;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/** Something at the socket that behaves as a test has it: each connection in turn is played by the next script, the last one stays. */
final class FakeDaemon implements AutoCloseable {
  /** What is done with a connection, which is closed behind it. */
  interface Script {
    void play(SocketChannel caller) throws IOException;
  }

  private final ServerSocketChannel listening;
  private final Thread thread;

  FakeDaemon(Path socket, Script... scripts) throws IOException {
    listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listening.bind(UnixDomainSocketAddress.of(socket));
    thread = Thread.ofPlatform().daemon().start(() -> serve(List.of(scripts)));
  }

  private void serve(List<Script> scripts) {
    for (int i = 0; listening.isOpen(); i++) {
      try (SocketChannel caller = listening.accept()) {
        scripts.get(Math.min(i, scripts.size() - 1)).play(caller);
      } catch (IOException hungUp) {
        // The caller, or this test, has ended.
        continue;
      }
    }
  }

  static Frame read(SocketChannel caller) throws IOException {
    ByteBuffer header = fill(caller, FrameCodec.HEADER_LENGTH);
    FrameHeader known = FrameCodec.decodeHeader(header);
    return FrameCodec.decodeBody(known, fill(caller, known.bodyLength()));
  }

  private static ByteBuffer fill(SocketChannel caller, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (caller.read(bytes) < 0) {
        throw new EOFException();
      }
    }
    return bytes.flip();
  }

  static void write(SocketChannel caller, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      caller.write(buffer);
    }
  }

  /** Reads the request, sends these bytes, and hangs up. */
  static Script answering(byte[] bytes) {
    return caller -> {
      read(caller);
      write(caller, bytes);
    };
  }

  /** Reads the request and then nothing, until the caller hangs up. */
  static Script silent() {
    return caller -> {
      read(caller);
      caller.read(ByteBuffer.allocate(1));
    };
  }

  @Override
  public void close() throws IOException {
    listening.close();
    boolean ended = false;
    while (!ended) {
      try {
        thread.join();
        ended = true;
      } catch (InterruptedException later) {
        continue;
      }
    }
  }
}
