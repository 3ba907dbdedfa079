package dev.patchbay.node.engine;

import dev.patchbay.spi.Fields;
import io.avaje.json.JsonException;
import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The devices that kubelet gave to pods, from the checkpoint that kubelet writes before it starts a pod: {@code Data.PodDeviceEntries},
 * each with {@code PodUID}, {@code ResourceName} and {@code DeviceIDs}, a list or, since Kubernetes 1.20, lists by NUMA node.
 */
final class PodDevices {
  /** Where kubelet writes it. */
  static final Path CHECKPOINT = Path.of("/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private PodDevices() {}

  /**
   * {@return the outcome of an act: {@code ids}, sorted, possibly none, or {@code error}}
   * @param checkpoint kubelet's file
   * @param podUid the pod's uid
   * @param resource the resource's name
   */
  static Fields of(Path checkpoint, String podUid, String resource) {
    if (podUid.isEmpty()) {
      return Delegates.error("the container runtime did not say the pod's uid, so its devices can't be told from others'");
    }
    Map<String, Object> whole;
    try {
      whole = JSON.fromJsonObject(Files.readString(checkpoint));
    } catch (IOException | JsonException e) {
      return Delegates.error("kubelet's record of devices, " + checkpoint + ", can't be read: " + e.getMessage());
    }
    Set<String> ids = new TreeSet<>();
    if (whole.get("Data") instanceof Map<?, ?> data && data.get("PodDeviceEntries") instanceof List<?> entries) {
      for (Object entry : entries) {
        if (entry instanceof Map<?, ?> e && podUid.equals(e.get("PodUID")) && resource.equals(e.get("ResourceName"))) {
          collect(e.get("DeviceIDs"), ids);
        }
      }
    }
    return Fields.empty().with("ids", List.copyOf(ids));
  }

  private static void collect(@org.jspecify.annotations.Nullable Object ids, Set<String> into) {
    switch (ids) {
      case Map<?, ?> byNode -> byNode.values().forEach(of -> collect(of, into));
      case List<?> list -> list.forEach(of -> collect(of, into));
      case String id -> into.add(id);
      case null, default -> {
        // Nothing that names a device.
      }
    }
  }
}
