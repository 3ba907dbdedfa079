package dev.patchbay.node.engine;

import dev.patchbay.core.ledger.AttachmentRecord;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices that kubelet gave to pods: as it says by its pod-resources socket or, where that can't be asked, as it stands in the checkpoint
 * that it writes before it starts a pod: {@code Data.PodDeviceEntries}, each with {@code PodUID}, {@code ResourceName} and
 * {@code DeviceIDs}, a list or, since Kubernetes 1.20, lists by NUMA node. And what device plugins say of each, for who reads the pod's
 * status (Device Information Specification 1.1).
 */
final class PodDevices {
  /** Where all that is on a node. */
  static final Places PLACES = new Places(PodResources.SOCKET, Path.of("/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint"),
      Path.of("/var/run/k8s.cni.cncf.io/devinfo/dp"));

  private static final Logger LOG = LoggerFactory.getLogger(PodDevices.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int LARGEST_INFORMATION = 64 * 1024;

  private PodDevices() {}

  /**
   * Where to look.
   *
   * @param socket kubelet's pod-resources socket
   * @param checkpoint kubelet's file
   * @param information the folder where device plugins describe devices
   */
  record Places(Path socket, Path checkpoint, Path information) {}

  /**
   * Looks for a pod's devices. Blocks.
   *
   * @return the outcome of an act: {@code ids}, sorted, possibly none, and {@code info} with what is known of each, or {@code error}
   * @param places where to look
   * @param pod the pod's attachment
   * @param resource the resource's name
   */
  static Fields of(Places places, AttachmentRecord pod, String resource) {
    String unanswered = "";
    Fields found;
    try {
      found = Fields.empty().with("ids", List.copyOf(PodResources.ids(places.socket(), pod.podNamespace(), pod.podName(), resource)));
    } catch (IOException e) {
      unanswered = "kubelet can't be asked at " + places.socket() + ", " + e.getMessage() + "; ";
      found = checkpoint(places.checkpoint(), pod.podUid(), resource);
    }
    return found.has("error") ? Delegates.error(unanswered + found.text("error").orElse(""))
        : found.with("info", found.texts("ids").stream().map(id -> information(places.information(), resource, id)).toList());
  }

  /** What a device plugin says of a device; empty fields if it says nothing that can be read. */
  private static Fields information(Path folder, String resource, String id) {
    Path file = folder.resolve((resource + "-" + id + "-device.json").replace('/', '-'));
    try {
      return Files.isRegularFile(file) && Files.size(file) <= LARGEST_INFORMATION
          ? FieldsJson.fields(JSON.fromJsonObject(Files.readString(file))) : Fields.empty();
    } catch (IOException | JsonException | IllegalArgumentException e) {
      LOG.warn("What is said of device {} in {} can't be read, and is left out.", id, file, e);
      return Fields.empty();
    }
  }

  private static Fields checkpoint(Path checkpoint, String podUid, String resource) {
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
