package dev.patchbay.simulation.model;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.Deviation;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.salvage.KernelWitness;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The node's kernel: a set of what plans name, by attachment. Names of devices are there once, and so are routes to addresses.
 */
public final class KernelModel {
  private record Made(AttachmentPath path, boolean whole) {}

  private final Map<String, Made> made = new TreeMap<>();
  private final Map<String, String> devices = new HashMap<>();
  private final Map<IpAddress, String> routes = new HashMap<>();
  private Optional<NodeDatapath> node = Optional.empty();

  /** A kernel that was just booted. */
  public KernelModel() {}

  /**
   * Makes an attachment, or some of it.
   *
   * @param path the attachment
   * @param whole whether all of it, rather than half
   * @return why not, if the kernel refuses; then nothing is done
   */
  public Optional<String> apply(AttachmentPath path, boolean whole) {
    if (made.containsKey(path.key())) {
      return Optional.of("the device of " + path.key() + " exists");
    }
    for (VethPair pair : path.plan().elements(VethPair.class)) {
      String other = devices.get(pair.hostName());
      if (other != null) {
        return Optional.of("the device " + pair.hostName() + " exists, of " + other);
      }
    }
    for (IpAddress address : addresses(path)) {
      String other = routes.get(address);
      if (other != null) {
        return Optional.of("a route to " + address + " exists, of " + other);
      }
    }
    put(path, whole);
    return Optional.empty();
  }

  private void put(AttachmentPath path, boolean whole) {
    made.put(path.key(), new Made(path, whole));
    path.plan().elements(VethPair.class).forEach(p -> devices.put(p.hostName(), path.key()));
    if (whole) {
      addresses(path).forEach(a -> routes.put(a, path.key()));
    }
  }

  private static List<IpAddress> addresses(AttachmentPath path) {
    return path.plan().elements(Delivery.class).stream().map(Delivery::address).toList();
  }

  /**
   * Undoes an attachment; what is not there is passed over.
   *
   * @param key the attachment
   */
  public void undo(String key) {
    if (made.remove(key) != null) {
      devices.values().removeIf(key::equals);
      routes.values().removeIf(key::equals);
    }
  }

  /**
   * Undoes half of an attachment: its devices stay.
   *
   * @param key the attachment
   */
  public void undoHalf(String key) {
    Made before = made.get(key);
    if (before != null) {
      made.put(key, new Made(before.path(), false));
      routes.values().removeIf(key::equals);
    }
  }

  /**
   * A pod's namespace goes, and its end of the pair with it, so the pair does, and the routes to it. Elements of the packet filter stay.
   *
   * @param key the attachment
   */
  public void netnsGone(String key) {
    undoHalf(key);
    devices.values().removeIf(key::equals);
  }

  /**
   * Brings an attachment from one plan to another.
   *
   * @param after what should be
   * @return why not, if the kernel refuses
   */
  public Optional<String> change(AttachmentPath after) {
    if (!made.containsKey(after.key())) {
      return Optional.of("the device of " + after.key() + " does not exist");
    }
    undo(after.key());
    put(after, true);
    return Optional.empty();
  }

  /**
   * Removes what belongs to no attachment.
   *
   * @param keep the attachments
   */
  public void removeLeftovers(List<AttachmentPath> keep) {
    Set<String> keys = new TreeSet<>();
    keep.forEach(p -> keys.add(p.key()));
    List.copyOf(made.keySet()).stream().filter(k -> !keys.contains(k)).forEach(this::undo);
  }

  /**
   * {@return what of an attachment is missing}
   * @param path what should be there
   */
  public List<Deviation> compare(AttachmentPath path) {
    Made there = made.get(path.key());
    List<Deviation> found = new ArrayList<>();
    path.plan().elements().forEach(element -> {
      if (there == null || !there.whole() || !there.path().plan().elements().contains(element)) {
        found.add(new Deviation(element, "missing"));
      }
    });
    return found;
  }

  /**
   * Brings the node's own datapath to what it should be.
   *
   * @param datapath what it should be
   * @param present the devices that are there
   * @return why not, if the kernel refuses
   */
  public Optional<String> applyNode(NodeDatapath datapath, Set<MacAddress> present) {
    Optional<String> absent = datapath.enis().stream().filter(e -> !present.contains(e.mac())).map(e -> e.id()).findFirst();
    if (absent.isPresent()) {
      return Optional.of("the device of " + absent.get() + " does not exist");
    }
    node = Optional.of(datapath);
    return Optional.empty();
  }

  /** Somebody takes out what the node itself was given. */
  public void nodeGone() {
    node = Optional.empty();
  }

  /**
   * {@return whether it has what the node itself was given}
   * @param datapath what that was
   */
  public boolean hasNode(NodeDatapath datapath) {
    return node.equals(Optional.of(datapath));
  }

  /**
   * Brings back what somebody took out of an attachment that is there.
   *
   * @param path the attachment
   */
  public void mend(AttachmentPath path) {
    undo(path.key());
    put(path, true);
  }

  /**
   * {@return what it shows of attachments, to who has lost the ledger}
   */
  public List<KernelWitness> witnesses() {
    List<KernelWitness> witnesses = new ArrayList<>();
    made.forEach((key, m) -> witnesses.add(new KernelWitness(AttachmentKey.of(key), device(key), mtu(key, m),
        m.whole() ? addresses(m.path()) : List.of())));
    return witnesses;
  }

  private int mtu(String key, Made of) {
    return device(key).isEmpty() ? 0 : of.path().plan().elements(VethPair.class).stream().mapToInt(VethPair::mtu).findFirst().orElse(0);
  }

  /**
   * {@return the interfaces that it sends by; empty if nobody has set it up}
   */
  public Optional<Set<String>> interfaces() {
    return node.map(n -> {
      Set<String> ids = new TreeSet<>();
      n.enis().forEach(e -> ids.add(e.id()));
      return ids;
    });
  }

  /**
   * {@return whether something of an attachment is there}
   * @param key the attachment
   */
  public boolean has(String key) {
    return made.containsKey(key);
  }

  /**
   * {@return whether an attachment is there and whole}
   * @param key the attachment
   */
  public boolean hasWhole(String key) {
    Made there = made.get(key);
    return there != null && there.whole();
  }

  /**
   * {@return to which attachment an address is delivered}
   * @param address the address
   */
  public Optional<String> route(IpAddress address) {
    return Optional.ofNullable(routes.get(address));
  }

  /**
   * {@return the device on the node that leads to an attachment; empty if there is none}
   * @param key the attachment
   */
  public String device(String key) {
    return devices.entrySet().stream().filter(d -> d.getValue().equals(key)).map(Map.Entry::getKey).findFirst().orElse("");
  }

  /**
   * {@return the addresses that it delivers to an attachment}
   * @param key the attachment
   */
  public List<IpAddress> deliveredTo(String key) {
    Made there = made.get(key);
    return there != null && there.whole() ? addresses(there.path()) : List.of();
  }

  /**
   * {@return the addresses that it delivers, by attachment}
   */
  public Map<AttachmentKey, Set<IpAddress>> delivered() {
    Map<AttachmentKey, Set<IpAddress>> all = new TreeMap<>();
    made.forEach((key, m) -> all.put(AttachmentKey.of(key), new TreeSet<>(m.whole() ? addresses(m.path()) : List.of())));
    return all;
  }
}
