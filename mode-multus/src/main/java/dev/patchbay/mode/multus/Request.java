package dev.patchbay.mode.multus;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.AddressFamily;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that is needed to make and unmake one interface, as it stands in the ledger: what becomes of the objects from which it was made
 * changes nothing.
 *
 * @param fields as it stands there
 */
record Request(Fields fields) {
  /** Says of a network made by another plugin how it is made. */
  static Request ofPlugin(Selection selection, Configuration configuration, Optional<String> resource, int device) {
    Fields fields = Fields.empty().with("network", selection.network()).with("configuration", configuration.text())
        .with("capabilities", selection.capabilities());
    return new Request(resource.map(r -> fields.with("resource", r).with("device", device)).orElse(fields));
  }

  /** Says of a network with addresses of the VPC how it is made. */
  static Request ofLane(Selection selection, LaneNetwork lane) {
    return new Request(lane.fields().with("network", selection.network()).with("capabilities", selection.capabilities()));
  }

  /** The same, with addresses upon an interface of the node that others manage. */
  Request upon(BorrowedNetwork.OnNode network) {
    Fields all = fields;
    for (java.util.Map.Entry<String, Object> of : network.fields().values().entrySet()) {
      all = Fields.of(plus(all, of.getKey(), of.getValue()));
    }
    return new Request(all);
  }

  /** The same, with what the container runtime asks for beside what the pod does. */
  Request asked(Fields capabilities) {
    Fields all = capabilities;
    for (java.util.Map.Entry<String, Object> own : capabilities().values().entrySet()) {
      all = Fields.of(plus(all, own.getKey(), own.getValue()));
    }
    return new Request(fields.with("capabilities", all));
  }

  private static java.util.Map<String, Object> plus(Fields fields, String name, Object value) {
    java.util.Map<String, Object> all = new java.util.TreeMap<>(fields.values());
    all.put(name, value);
    return all;
  }

  /** The same, for the last of the pod's interfaces: whatever is said of all of them is said with it. */
  Request last(List<Fields> defaults) {
    return new Request(fields.with("last", true).with("defaults", defaults));
  }

  String network() {
    return fields.required("network");
  }

  boolean isLane() {
    return fields.has("lane");
  }

  String lane() {
    return fields.required("lane");
  }

  /** The lane of the interface of others upon which it is made; empty if its addresses don't come from there. */
  Optional<String> borrowed() {
    return fields.text("borrowed");
  }

  Set<AddressFamily> families() {
    Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    fields.texts("families").forEach(name -> families.add(AddressFamily.valueOf(name)));
    return families;
  }

  List<String> routes() {
    return fields.texts("routes");
  }

  String configuration() {
    return fields.required("configuration");
  }

  Fields capabilities() {
    return fields.fields("capabilities");
  }

  Optional<String> resource() {
    return fields.text("resource");
  }

  /** Which of the pod's devices is this interface's. */
  int device() {
    return (int) fields.number("device").orElse(0);
  }

  boolean isLast() {
    return fields.isTrue("last");
  }

  /** Over which interfaces the pod's default route goes: {@code interface} and {@code gateways}. */
  List<Fields> defaults() {
    return fields.list("defaults");
  }
}
