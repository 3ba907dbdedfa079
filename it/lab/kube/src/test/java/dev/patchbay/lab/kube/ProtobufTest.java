package dev.patchbay.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.protobuf.ProtobufObjects;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Objects in protobuf, written here by hand as Go's clients write them. */
class ProtobufTest {
  /** A message being written. */
  private static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message inner(int field, Message value) {
      return bytes(field, value.bytes.toByteArray());
    }

    Message bytes(int field, byte[] value) {
      varint((long) field << 3 | 2);
      varint(value.length);
      bytes.writeBytes(value);
      return this;
    }

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    private void varint(long value) {
      long left = value;
      while ((left & ~0x7fL) != 0) {
        bytes.write((int) (left & 0x7f | 0x80));
        left >>>= 7;
      }
      bytes.write((int) left);
    }
  }

  private static byte[] envelope(String apiVersion, String kind, Message object) {
    Message unknown =
        new Message()
            .inner(1, new Message().text(1, apiVersion).text(2, kind))
            .inner(2, object)
            .text(3, "")
            .text(4, "");
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {'k', '8', 's', 0});
    body.writeBytes(unknown.bytes.toByteArray());
    return body.toByteArray();
  }

  private static byte[] lease() {
    Message metadata =
        new Message()
            .text(1, "leader")
            .text(2, "")
            .text(3, "kube-system")
            .number(7, 0)
            .inner(8, new Message())
            .inner(11, new Message().text(1, "app").text(2, "x"))
            .inner(11, new Message().text(1, "empty").text(2, ""));
    Message spec =
        new Message()
            .text(1, "me")
            .number(2, 15)
            .inner(4, new Message().number(1, 1_700_000_000L).number(2, 123_456_000));
    return envelope("coordination.k8s.io/v1", "Lease", new Message().inner(1, metadata).inner(2, spec));
  }

  @Test
  void aLeaseIsRead() {
    ObjectNode lease = ProtobufObjects.parse(lease());
    assertThat(lease.path("kind").asText()).isEqualTo("Lease");
    assertThat(lease.path("apiVersion").asText()).isEqualTo("coordination.k8s.io/v1");
    assertThat(lease.at("/metadata/name").asText()).isEqualTo("leader");
    assertThat(lease.at("/metadata/labels/app").asText()).isEqualTo("x");
    assertThat(lease.at("/metadata/labels/empty").asText("missing")).isEmpty();
    assertThat(lease.at("/metadata").has("creationTimestamp")).isFalse();
    assertThat(lease.at("/spec/leaseDurationSeconds").asInt()).isEqualTo(15);
    assertThat(lease.at("/spec/renewTime").asText()).isEqualTo("2023-11-14T22:13:20.123456Z");
  }

  @Test
  void whatIsCutShortIsRefused() {
    byte[] whole = lease();
    // The last two fields of the envelope are empty and of no consequence, two bytes each.
    for (int length = 0; length < whole.length - 4; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ProtobufObjects.parse(part))
          .as("the first %d bytes", length)
          .isInstanceOf(StatusException.class);
    }
  }

  @Test
  void aKindThatCannotBeReadIsAnUnknownForm() {
    assertThatThrownBy(() -> ProtobufObjects.parse(envelope("v1", "Pod", new Message())))
        .isInstanceOfSatisfying(StatusException.class, e -> assertThat(e.code()).isEqualTo(415));
  }
}
