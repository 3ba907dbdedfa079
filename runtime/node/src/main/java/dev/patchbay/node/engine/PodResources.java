package dev.patchbay.node.engine;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * What kubelet says of the devices that it gave to pods, by its pod-resources socket: {@code v1.PodResourcesLister/List}
 * (k8s.io/kubelet, pkg/apis/podresources/v1/api.proto), of which these fields are read.
 */
final class PodResources {
  /** Where kubelet serves it. */
  static final Path SOCKET = Path.of("/var/lib/kubelet/pod-resources/kubelet.sock");

  private static final String LIST = "/v1.PodResourcesLister/List";
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;

  private PodResources() {}

  /**
   * Asks kubelet. Blocks.
   *
   * @param socket kubelet's socket
   * @param namespace the pod's namespace
   * @param name the pod's name
   * @param resource the resource's name
   * @return the ids of the devices, sorted, possibly none
   * @throws IOException if kubelet gives no answer that can be read
   */
  static Set<String> ids(Path socket, String namespace, String name, String resource) throws IOException {
    byte[] answer = UnixGrpc.call(socket, LIST, new byte[0], LIMIT);
    try {
      Set<String> ids = new TreeSet<>();
      // ListPodResourcesResponse: pod_resources = 1
      each(ByteBuffer.wrap(answer), (field, pod) -> {
        if (field == 1) {
          ids.addAll(ofPod(pod, namespace, name, resource));
        }
      });
      return ids;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new IOException("its answer can't be read", e);
    }
  }

  /** PodResources: name = 1, namespace = 2, containers = 3. */
  private static Set<String> ofPod(ByteBuffer pod, String namespace, String name, String resource) {
    Set<String> ids = new TreeSet<>();
    String[] whose = {"", ""};
    each(pod, (field, value) -> {
      if (field == 1 || field == 2) {
        whose[field - 1] = text(value);
      } else if (field == 3) {
        // ContainerResources: devices = 2
        each(value, (of, devices) -> {
          if (of == 2) {
            ids.addAll(ofDevices(devices, resource));
          }
        });
      }
    });
    return whose[0].equals(name) && whose[1].equals(namespace) ? ids : Set.of();
  }

  /** ContainerDevices: resource_name = 1, device_ids = 2. */
  private static Set<String> ofDevices(ByteBuffer devices, String resource) {
    Set<String> ids = new TreeSet<>();
    String[] of = {""};
    each(devices, (field, value) -> {
      if (field == 1) {
        of[0] = text(value);
      } else if (field == 2) {
        ids.add(text(value));
      }
    });
    return of[0].equals(resource) ? ids : Set.of();
  }

  private static String text(ByteBuffer value) {
    return StandardCharsets.UTF_8.decode(value).toString();
  }

  /** Goes through the fields of a message that have a length; others are passed over. */
  private static void each(ByteBuffer message, BiConsumer<Integer, ByteBuffer> field) {
    while (message.hasRemaining()) {
      long tag = varint(message);
      switch ((int) (tag & 7)) {
        case VARINT -> varint(message);
        case FIXED_64 -> message.getLong();
        case FIXED_32 -> message.getInt();
        case BYTES -> {
          long length = varint(message);
          if (length < 0 || length > message.remaining()) {
            throw new IllegalArgumentException("a field is longer than its message");
          }
          ByteBuffer value = message.slice(message.position(), (int) length);
          message.position(message.position() + (int) length);
          field.accept((int) (tag >>> 3), value);
        }
        default -> throw new IllegalArgumentException("a field of a kind that there is not");
      }
    }
  }

  private static long varint(ByteBuffer message) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = message.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number is too long");
  }
}
