package dev.patchbay.it.e2e.containerd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of kubelet as asks containerd for pods: the runtime service of CRI (v1), its few messages written out by hand, sent by curl.
 */
final class Cri {
  /** Containerd's namespace of what kubelet makes. */
  static final String SPACE = "k8s.io";

  private static final Pattern STATUS = Pattern.compile("(?im)^grpc-status: *(\\d+)");
  private static final Pattern MESSAGE = Pattern.compile("(?im)^grpc-message: *(.*)$");
  private static final int VARINT = 0;
  private static final int BYTES = 2;

  private final Containerd containerd;

  Cri(Containerd containerd) {
    this.containerd = containerd;
  }

  /**
   * Starts a pod that publishes a port of TCP, and returns its id.
   *
   * @param hostPort the port on the node, of {@link Image#PORT} in the pod
   */
  String runPod(String namespace, String name, int hostPort) throws IOException {
    Message metadata = new Message().text(1, name).text(2, "uid-" + name).text(3, namespace);
    Message mapping = new Message().number(2, Image.PORT).number(3, hostPort);
    Message config = new Message().message(1, metadata).text(2, name).message(5, mapping).message(8, new Message());
    return first(call("RunPodSandbox", new Message().message(1, config)));
  }

  /** Stops a pod: its program and its network. */
  void stopPod(String id) throws IOException {
    call("StopPodSandbox", new Message().text(1, id));
  }

  /** Removes a pod that was stopped. */
  void removePod(String id) throws IOException {
    call("RemovePodSandbox", new Message().text(1, id));
  }

  /** Calls, and returns the message of the answer. */
  private byte[] call(String method, Message request) throws IOException {
    Path in = Files.createTempFile("patchbay", ".grpc");
    Path out = Files.createTempFile("patchbay", ".grpc");
    try {
      byte[] message = request.bytes();
      // A frame: not compressed, its length, itself.
      Files.write(in, ByteBuffer.allocate(5 + message.length).put((byte) 0).putInt(message.length).put(message).array());
      Output said =
          Output.of(
              new ProcessBuilder(
                  "curl", "-s", "-S", "--http2-prior-knowledge", "--unix-socket", containerd.socket(), "-m", "60", "-D", "-",
                  "-o", out.toString(), "-H", "content-type: application/grpc", "-H", "te: trailers", "--data-binary", "@" + in,
                  "http://localhost/runtime.v1.RuntimeService/" + method));
      Matcher status = STATUS.matcher(said.orThrow("call " + method));
      if (!status.find() || !status.group(1).equals("0")) {
        Matcher why = MESSAGE.matcher(said.text());
        throw new AssertionError(method + " failed: " + (why.find() ? why.group(1) : said.text()));
      }
      byte[] frame = Files.readAllBytes(out);
      return frame.length < 5 ? frame : java.util.Arrays.copyOfRange(frame, 5, frame.length);
    } finally {
      Files.delete(in);
      Files.delete(out);
    }
  }

  /** The first field of an answer, a text of less than 128 bytes. */
  private static String first(byte[] message) {
    if (message.length < 2 || message[0] != (1 << 3 | BYTES) || message[1] < 0) {
      throw new AssertionError("an answer that does not begin with a short text");
    }
    return new String(message, 2, message[1], StandardCharsets.UTF_8);
  }

  /** A message of protocol buffers being written. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
      varint(field << 3 | VARINT);
      varint(value);
      return this;
    }

    Message text(int field, String value) {
      return put(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return put(field, value.bytes());
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private Message put(int field, byte[] value) {
      varint(field << 3 | BYTES);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
