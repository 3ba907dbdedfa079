package dev.patchbay.linux.datapath;

import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything in the kernel that carries our mark.
 *
 * @param links the links, with the attachment that each says it belongs to
 * @param routes the routes, as text
 * @param rules the rules, as text
 * @param addresses the addresses on devices of the node, as text
 * @param filterKeys the attachments that have elements in the packet filter
 * @param filters what is ours in the packet filter, in words: our own table, and with {@code classic} tables that others use too
 * @param deliveries where the node sends what is for pods
 */
public record Inventory(List<OwnLink> links, List<String> routes, List<String> rules, List<String> addresses, Set<String> filterKeys,
    List<String> filters, List<Delivered> deliveries) {
  /**
   * Copies the collections.
   */
  public Inventory {
    links = List.copyOf(links);
    routes = List.copyOf(routes);
    rules = List.copyOf(rules);
    addresses = List.copyOf(addresses);
    filters = List.copyOf(filters);
    deliveries = List.copyOf(deliveries);
    filterKeys = java.util.Collections.unmodifiableSet(new TreeSet<>(filterKeys));
  }

  /**
   * {@return whether nothing of ours is there}
   */
  public boolean isEmpty() {
    return links.isEmpty() && routes.isEmpty() && rules.isEmpty() && addresses.isEmpty() && filters.isEmpty();
  }

  /**
   * {@return the attachments of which something is there; the node's own part and links that were left half made have none}
   */
  public Set<String> keys() {
    Set<String> keys = new TreeSet<>(filterKeys);
    links.stream().map(OwnLink::key).filter(k -> !k.isEmpty() && !k.equals(Numbers.NODE_KEY)).forEach(keys::add);
    return keys;
  }

  /**
   * A route to a pod.
   *
   * @param address the pod's address
   * @param device the device on the node that leads to it
   */
  public record Delivered(IpAddress address, String device) {}

  /**
   * A link.
   *
   * @param name its name
   * @param index its index
   * @param mtu its MTU
   * @param key the attachment it belongs to, {@code node} for the node's own; empty if its making was cut short
   */
  public record OwnLink(String name, int index, int mtu, String key) {}
}
