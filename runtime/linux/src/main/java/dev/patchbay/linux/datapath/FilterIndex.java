package dev.patchbay.linux.datapath;

import dev.patchbay.linux.datapath.FilterObjects.Entry;
import dev.patchbay.netlink.nft.Element;
import dev.patchbay.netlink.nft.NftRule;
import dev.patchbay.netlink.nft.NftSet;
import dev.patchbay.netlink.nft.NftSocket;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which attachment has which element of our sets. */
final class FilterIndex {
  /** An element in the kernel. */
  record Owned(NftSet set, Element element) {}

  private final Map<String, String> ownerById = new HashMap<>();
  private final Map<String, Map<String, Owned>> byOwner = new HashMap<>();
  private final Map<String, Owned> all = new HashMap<>();
  private final Set<String> classes = new HashSet<>();
  private final Set<String> sets = new HashSet<>();

  /** Forgets everything and reads it from the kernel. */
  void load(NftSocket socket) {
    ownerById.clear();
    byOwner.clear();
    all.clear();
    classes.clear();
    sets.clear();
    for (NftSet set : socket.sets(FilterObjects.TABLE)) {
      sets.add(set.name());
      for (Element element : socket.elements(set)) {
        put(element.comment(), set, element);
      }
    }
    for (NftRule rule : socket.rules(FilterObjects.POD_LEAVING)) {
      classes.add(rule.comment());
    }
  }

  static String id(NftSet set, Element element) {
    return set.name() + " " + element.key() + element.keyEnd().filter(e -> !e.equals(element.key())).map(e -> "-" + e).orElse("");
  }

  void put(String owner, NftSet set, Element element) {
    String id = id(set, element);
    Owned owned = new Owned(set, element);
    ownerById.put(id, owner);
    all.put(id, owned);
    byOwner.computeIfAbsent(owner, o -> new LinkedHashMap<>()).put(id, owned);
  }

  /** The attachment that has an element, or empty text. */
  String owner(String id) {
    return ownerById.getOrDefault(id, "");
  }

  Collection<Owned> owned(String owner) {
    return byOwner.getOrDefault(owner, Map.of()).values();
  }

  /** Elements of one set, whoever has them. */
  List<Element> elements(String set) {
    return all.values().stream().filter(o -> o.set().name().equals(set)).map(Owned::element).toList();
  }

  void remove(String owner) {
    Map<String, Owned> removed = byOwner.remove(owner);
    if (removed != null) {
      removed.keySet().forEach(id -> {
        ownerById.remove(id);
        all.remove(id);
      });
    }
  }

  void remove(String owner, String id) {
    byOwner.getOrDefault(owner, new LinkedHashMap<>()).remove(id);
    ownerById.remove(id);
    all.remove(id);
  }

  /** The attachments that have elements. */
  Set<String> keys() {
    Set<String> keys = new TreeSet<>(byOwner.keySet());
    keys.remove(Numbers.NODE_KEY);
    keys.remove("");
    return keys;
  }

  Set<String> sets() {
    return sets;
  }

  boolean hasClass(String name) {
    return classes.contains(name);
  }

  void addClass(String name) {
    classes.add(name);
  }

  Set<String> classes() {
    return classes;
  }

  /** Whether any element sends packets to a chain. */
  boolean leadsTo(String chain) {
    return all.values().stream().anyMatch(o -> o.element().verdict().filter(v -> v.chain().equals(chain)).isPresent());
  }

  /** Whether an element is there, and what is instead. */
  Observation observe(Entry wanted) {
    Owned found = all.get(wanted.id());
    String what = wanted.set().name() + " has ";
    if (found == null) {
      return Observation.missing(what + "no element for it");
    }
    if (!found.element().comment().equals(wanted.entry().comment())) {
      return Observation.altered(what + "an element of "
          + (found.element().comment().isEmpty() ? "nobody" : found.element().comment()) + " for it");
    }
    boolean same = found.element().data().equals(wanted.entry().data()) && found.element().verdict().equals(wanted.entry().verdict());
    return same ? Observation.PRESENT : Observation.altered(what + Words.element(wanted.set(), found.element())
        + " and should have " + Words.element(wanted.set(), wanted.entry()));
  }
}
