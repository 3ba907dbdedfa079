package dev.patchbay.kube;

import dev.patchbay.spi.ObjectKind;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of objects are kept. A node has up to some hundred pods of ten kilobytes and more each; what no mode can have use for is
 * not even decoded. What is kept of pods and nodes is told to modes in the SPI ({@code ModeDescriptor.Builder.nodeReads}).
 */
final class Shape {
  /** Everything. */
  static final Shape WHOLE = new Shape(Map.of(), true);

  private static final Shape POD = of(
      "spec.nodeName", "spec.hostNetwork", "spec.serviceAccountName", "spec.containers.name", "spec.containers.resources",
      "spec.initContainers.name", "spec.initContainers.resources", "status.phase", "status.podIP", "status.podIPs");
  private static final Shape NODE = of(
      "spec.podCIDR", "spec.podCIDRs", "spec.providerID", "spec.taints", "spec.unschedulable", "status.addresses",
      "status.allocatable", "status.capacity", "status.conditions.type", "status.conditions.status", "status.conditions.reason",
      "status.conditions.message", "status.conditions.lastTransitionTime");

  private final Map<String, Shape> parts;
  private final boolean whole;

  private Shape(Map<String, Shape> parts, boolean whole) {
    this.parts = parts;
    this.whole = whole;
  }

  /** Only these, each a path of names with dots; lists are passed through. */
  static Shape of(String... paths) {
    Shape shape = new Shape(new TreeMap<>(), false);
    for (String path : paths) {
      Shape at = shape;
      String[] names = path.split("\\.");
      for (int i = 0; i < names.length; i++) {
        boolean last = i == names.length - 1;
        at = at.parts.computeIfAbsent(names[i], name -> last ? WHOLE : new Shape(new TreeMap<>(), false));
      }
    }
    return shape;
  }

  /** What is kept of objects of a kind. */
  static Shape of(ObjectKind kind) {
    return kind.equals(ObjectKind.POD) ? POD : kind.equals(ObjectKind.NODE) ? NODE : WHOLE;
  }

  /** What is kept of a field; null if it is not kept at all. */
  @Nullable Shape part(String name) {
    return whole ? this : parts.get(name);
  }
}
