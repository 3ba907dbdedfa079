package dev.patchbay.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.DatapathPlan;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The devices of a pod, by kubelet's socket and by its file. */
class PodDevicesTest {
  private static final String RESOURCE = "example.com/card";

  @TempDir
  private Path folder;
  private PodDevices.Places places = new PodDevices.Places(Path.of("/"), Path.of("/"), Path.of("/"));

  @BeforeEach
  void places() {
    places = new PodDevices.Places(folder.resolve("kubelet.sock"), folder.resolve("checkpoint"), folder.resolve("dp"));
  }

  private static AttachmentRecord pod(String name) {
    return new AttachmentRecord(new AttachmentKey("c1", "net1"), Optional.of(new AttachmentKey("c1", "eth0")), 1, "patchbay", "default",
        name, "uid-" + name, "/run/netns/x", "eni1", "multus@1", List.of(), DatapathPlan.empty(), Map.of(), Fields.empty(), Fields.empty(),
        AttachmentRecord.State.OPEN, 0, 0);
  }

  private Fields devices(String pod) {
    return PodDevices.of(places, pod(pod), RESOURCE);
  }

  private void checkpoint(String pod, String ids) throws IOException {
    Files.writeString(places.checkpoint(), "{\"Data\":{\"PodDeviceEntries\":[{\"PodUID\":\"uid-" + pod + "\",\"ResourceName\":\"" + RESOURCE
        + "\",\"DeviceIDs\":" + ids + "}]}}");
  }

  private static byte[] field(int number, byte[]... values) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] value : values) {
      all.write(number << 3 | 2);
      // A length of more than seven bits takes two bytes.
      if (value.length > 127) {
        all.write(value.length & 0x7f | 0x80);
        all.write(value.length >> 7);
      } else {
        all.write(value.length);
      }
      all.writeBytes(value);
    }
    return all.toByteArray();
  }

  private static byte[] text(int number, String... values) {
    return field(number, Arrays.stream(values).map(v -> v.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new));
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static byte[] podOf(String name, byte[]... devices) {
    // Numbers beside what is read: a list of cpu ids, as kubelet has it, and one of a fixed length.
    byte[] container = joined(text(1, "main"), field(2, devices), new byte[] {3 << 3, 7, 9 << 3 | 5, 1, 2, 3, 4});
    return joined(text(1, name), text(2, "default"), field(3, container));
  }

  private static byte[] devicesOf(String resource, String... ids) {
    return joined(text(1, resource), text(2, ids));
  }

  /** Kubelet, which serves one call in the frames given. */
  private CompletableFuture<byte[]> kubelet(byte[]... frames) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(places.socket()));
    CompletableFuture<byte[]> headers = new CompletableFuture<>();
    Thread.ofPlatform().daemon().start(() -> {
      try (server; SocketChannel client = server.accept()) {
        headers.complete(serve(new DataInputStream(Channels.newInputStream(client)), new DataOutputStream(Channels.newOutputStream(client)),
            frames));
      } catch (IOException e) {
        headers.completeExceptionally(e);
      }
    });
    return headers;
  }

  private static byte[] serve(DataInputStream in, DataOutputStream out, byte[]... frames) throws IOException {
    assertThat(new String(in.readNBytes(24), StandardCharsets.US_ASCII)).isEqualTo("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    byte[] headers = new byte[0];
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      in.readInt();
      byte[] payload = in.readNBytes(length);
      headers = type == 1 ? payload : headers;
      if (type == 0 && flags == 1) {
        assertThat(payload).containsExactly(0, 0, 0, 0, 0);
        break;
      }
    }
    boolean hangsUp = true;
    for (byte[] frame : frames) {
      out.write(frame);
      hangsUp = frame.length == 0;
    }
    if (!hangsUp) {
      // As kubelet does: whoever asked hangs up, who may still have to acknowledge what was sent.
      in.transferTo(OutputStream.nullOutputStream());
    }
    return headers;
  }

  private static byte[] frame(int type, int flags, int stream, byte... payload) {
    return joined(ByteBuffer.allocate(9).put((byte) 0).putShort((short) payload.length).put((byte) type).put((byte) flags).putInt(stream).array(),
        payload);
  }

  private static byte[] message(byte[] bytes) {
    return joined(ByteBuffer.allocate(5).put((byte) 0).putInt(bytes.length).array(), bytes);
  }

  @Test
  void kubeletIsAskedByItsSocket() throws Exception {
    byte[] list = message(joined(
        field(1, podOf("other", devicesOf(RESOURCE, "other"))),
        field(1, podOf("wide", devicesOf("example.com/gpu", "gpu"), devicesOf(RESOURCE, "0000:3b:00.2", "0000:3b:00.1")))));
    byte[] first = Arrays.copyOf(list, 40);
    byte[] rest = Arrays.copyOfRange(list, 40, list.length);
    CompletableFuture<byte[]> headers = kubelet(frame(4, 0, 0), frame(6, 0, 0, new byte[8]), frame(8, 0, 0, (byte) 0, (byte) 1, (byte) 0, (byte) 0),
        frame(1, 4, 1, (byte) 0x88), frame(0, 8, 1, joined(new byte[] {3}, first, new byte[3])), frame(0, 0, 1, rest),
        // grpc-status: 0, as a literal with a new name
        frame(1, 5, 1, joined(new byte[] {0, 11}, "grpc-status".getBytes(StandardCharsets.US_ASCII), new byte[] {1, '0'})));
    assertThat(devices("wide").texts("ids")).containsExactly("0000:3b:00.1", "0000:3b:00.2");
    // RFC 7541: :method POST, :scheme http, and literals.
    assertThat(HexFormat.of().formatHex(headers.join())).startsWith("8386041b" + HexFormat.of().formatHex("/v1.PodResourcesLister/List".getBytes(StandardCharsets.US_ASCII))
        + "01096c6f63616c686f73740f10106170706c69636174696f6e2f67727063000274650874");
  }

  @Test
  void aPodThatKubeletGaveNothingHasNone() throws IOException {
    kubelet(frame(4, 0, 0), frame(1, 4, 1, (byte) 0x88), frame(0, 1, 1, message(new byte[0])));
    assertThat(devices("wide").texts("ids")).isEmpty();
    assertThat(devices("wide").has("error")).as("nobody listens any more, and there is no file").isTrue();
  }

  @Test
  void whereTheSocketGivesNothingTheFileDoes() throws IOException {
    checkpoint("wide", "{\"-1\":[\"b\"],\"0\":[\"a\"]}");
    assertThat(devices("wide").texts("ids")).containsExactly("a", "b");
    checkpoint("wide", "[\"c\"]");
    for (byte[] broken : List.of(frame(3, 0, 1, (byte) 0, (byte) 0, (byte) 0, (byte) 7), frame(7, 0, 0, new byte[] {0, 0, 0, 0, 0, 0, 0, 2}),
        frame(1, 5, 1, (byte) 0x88), frame(0, 1, 1, (byte) 1), frame(0, 1, 1, message(new byte[] {10, 100})),
        frame(0, 9, 1, (byte) 9), "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII), new byte[0])) {
      Files.deleteIfExists(places.socket());
      kubelet(broken);
      assertThat(devices("wide").texts("ids")).as(HexFormat.of().formatHex(broken)).containsExactly("c");
    }
  }

  @Test
  void whatCanBeKnownFromNeitherIsSaid() {
    assertThat(devices("wide").text("error").orElse("")).contains("kubelet.sock", "checkpoint");
  }

  @Test
  void whatTheDevicePluginSaysOfEachComesWithIt() throws IOException {
    checkpoint("wide", "[\"0000:3b:00.1\",\"0000:3b:00.2\",\"0000:3b:00.3\"]");
    Files.createDirectories(places.information());
    Files.writeString(places.information().resolve("example.com-card-0000:3b:00.2-device.json"),
        "{\"type\":\"pci\",\"version\":\"1.1.0\",\"pci\":{\"pci-address\":\"0000:3b:00.2\"}}");
    Files.writeString(places.information().resolve("example.com-card-0000:3b:00.3-device.json"), "{");
    List<Fields> info = devices("wide").list("info");
    assertThat(info).hasSize(3);
    assertThat(info.get(0)).isEqualTo(Fields.empty());
    assertThat(info.get(1).fields("pci").text("pci-address")).contains("0000:3b:00.2");
    assertThat(info.get(2)).isEqualTo(Fields.empty());
  }
}
