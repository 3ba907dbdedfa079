package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.kernel.KernelObject;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.linux.datapath.FilterObjects.Entry;
import dev.patchbay.linux.datapath.FilterObjects.TranslationClass;
import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Errno;
import dev.patchbay.netlink.Failure;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.nft.Element;
import dev.patchbay.netlink.nft.NftEvent;
import dev.patchbay.netlink.nft.NftRule;
import dev.patchbay.netlink.nft.NftSet;
import dev.patchbay.netlink.nft.NftSocket;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Translation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The packet filter's part by nftables, in a table of our own.
 *
 * <p>Every element of a set has the attachment it belongs to as its comment. Who has what is also kept here, read once from the kernel,
 * so that an attachment costs one transaction and no look-up, and another's element is never taken or removed.
 */
final class NftFilter implements PacketFilter {
  private static final int ATTEMPTS = 3;

  private final FilterPlace place;
  private final NftSocket socket;
  private final FilterIndex index = new FilterIndex();

  NftFilter(Netns node, FilterPlace place) {
    this.place = place;
    socket = NftSocket.open(node);
    index.load(socket);
  }

  @Override
  public void applyNode(NodeDatapath node, HostContext host) {
    List<DatapathException> problems = new ArrayList<>();
    NodeFilter wanted = NodeFilter.of(node, host, place, problems);
    index.load(socket);
    wanted.apply(socket, index, problems);
    index.load(socket);
    DatapathException.throwFirst(problems);
  }

  @Override
  public List<KernelObject> examineNode(NodeDatapath node, HostContext host) {
    List<DatapathException> problems = new ArrayList<>();
    NodeFilter wanted = NodeFilter.of(node, host, place, problems);
    List<KernelObject> objects = new ArrayList<>(wanted.examine(socket));
    problems.forEach(p -> p.element().ifPresent(e -> objects.add(unrendered(e, p))));
    return objects;
  }

  private static KernelObject unrendered(PlanElement element, DatapathException problem) {
    return new KernelObject(element, "element", Space.HOST, element.toString(), KernelObject.State.MISSING, List.of(problem.reason()));
  }

  @Override
  public void add(AttachmentPath path) {
    put(path, Map.of());
  }

  @Override
  public void change(AttachmentPath before, AttachmentPath after) {
    Map<String, Entry> stale = entries(before);
    stale.keySet().removeAll(entries(after).keySet());
    stale.keySet().removeIf(id -> !index.owner(id).equals(before.key()));
    put(after, stale);
  }

  private void put(AttachmentPath path, Map<String, Entry> stale) {
    Map<String, Entry> entries = entries(path);
    if (entries.isEmpty() && stale.isEmpty()) {
      return;
    }
    Batch transaction = NftSocket.transaction();
    List<@Nullable PlanElement> elements = new ArrayList<>();
    Set<String> newClasses = new TreeSet<>();
    for (Translation translation : path.plan().elements(Translation.class)) {
      TranslationClass type = TranslationClass.of(false, translation);
      if (!index.hasClass(type.name()) && newClasses.add(type.name())) {
        NodeFilter.addClass(type, path.enis()).forEach(request -> {
          transaction.add(request);
          elements.add(translation);
        });
      }
    }
    for (Entry entry : entries.values()) {
      String owner = index.owner(entry.id());
      if (owner.equals(path.key())) {
        // Left by an attempt that a crash cut short; it may say something else.
        transaction.add(entry.set().remove(entry.entry()));
        elements.add(entry.element());
      } else if (!owner.isEmpty()) {
        throw taken(entry, owner);
      }
      transaction.add(entry.set().add(entry.entry()));
      elements.add(entry.element());
    }
    for (Entry entry : stale.values()) {
      transaction.add(entry.set().remove(entry.entry()));
      elements.add(entry.element());
    }
    List<Failure> failures = socket.attempt(transaction);
    if (!failures.isEmpty()) {
      Failure first = failures.getFirst();
      PlanElement element = first.position() >= 0 && first.position() < elements.size() ? elements.get(first.position()) : null;
      throw refused(element, first);
    }
    stale.keySet().forEach(id -> index.remove(path.key(), id));
    newClasses.forEach(index::addClass);
    entries.values().forEach(e -> index.put(path.key(), e.set(), e.entry()));
  }

  @Override
  public Map<String, List<String>> mend(Collection<AttachmentPath> paths) {
    if (paths.isEmpty()) {
      return Map.of();
    }
    index.load(socket);
    List<NftRule> rules = socket.rules(FilterObjects.TABLE);
    Map<String, List<String>> found = new LinkedHashMap<>();
    Map<Entry, String> missing = new LinkedHashMap<>();
    Set<String> classes = new TreeSet<>();
    Batch transaction = NftSocket.transaction();
    for (AttachmentPath path : paths) {
      List<String> ofPath = new ArrayList<>();
      for (Translation translation : path.plan().elements(Translation.class)) {
        TranslationClass type = TranslationClass.of(false, translation);
        NodeFilter.missingRule(type, path.enis(), rules).ifPresent(what -> {
          ofPath.add(what);
          if (classes.add(type.name())) {
            rules.stream().filter(r -> r.comment().equals(type.name()) && r.chain().name().startsWith("pod-"))
                .forEach(r -> transaction.add(r.delete()));
            NodeFilter.addClass(type, path.enis()).forEach(transaction::add);
          }
        });
      }
      for (Entry entry : entries(path).values()) {
        String owner = index.owner(entry.id());
        Observation seen = index.observe(entry);
        // What another has is that one's: an attachment is never mended at the cost of another.
        if (!seen.isPresent() && (owner.isEmpty() || owner.equals(path.key()))) {
          ofPath.addAll(seen.found());
          if (!owner.isEmpty()) {
            transaction.add(entry.set().remove(entry.entry()));
          }
          transaction.add(entry.set().add(entry.entry()));
          missing.put(entry, path.key());
        }
      }
      if (!ofPath.isEmpty()) {
        found.put(path.key(), ofPath);
      }
    }
    List<Failure> failures = transaction.isEmpty() ? List.of() : socket.attempt(transaction);
    if (!failures.isEmpty()) {
      throw refused(null, failures.getFirst());
    }
    classes.forEach(index::addClass);
    missing.forEach((entry, key) -> index.put(key, entry.set(), entry.entry()));
    return found;
  }

  @Override
  public Optional<String> altered(NftEvent.Deleted event) {
    // Whose it was can't be told from what is announced.
    return event.table().equals(FilterObjects.TABLE) && event.port() != socket.port() ? Optional.of("") : Optional.empty();
  }

  @Override
  public void takeOver(Collection<AttachmentPath> live) {
    DatapathException.throwFirst(ClassicChains.none().apply(socket));
  }

  private static Map<String, Entry> entries(AttachmentPath path) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (PlanElement element : path.plan().elements()) {
      if (element instanceof ReturnPath) {
        throw new DatapathException(DatapathException.Code.ELEMENT_UNSUPPORTED, element, "return paths are the node's, not an attachment's",
            "Put it into the node's plan.");
      }
      FilterObjects.entries(element, path.key(), path.enis()).forEach(e -> entries.putIfAbsent(e.id(), e));
    }
    return entries;
  }

  private static DatapathException taken(Entry entry, String owner) {
    boolean port = entry.element() instanceof PortMapping && !entry.set().name().startsWith("hairpins");
    return new DatapathException(port ? DatapathException.Code.PORT_TAKEN : DatapathException.Code.ADDRESS_TAKEN, entry.element(),
        "attachment " + owner + " has it", port ? "Choose another port of the node, or detach that pod first."
            : "Detach that attachment first.");
  }

  private static DatapathException refused(@Nullable PlanElement element, Failure failure) {
    String reason = "the kernel refused to " + failure.request() + ": " + failure.errno()
        + (failure.details().isEmpty() ? "" : ", " + failure.details());
    if (failure.errno().equals(Errno.ENOENT)) {
      return new DatapathException(DatapathException.Code.NODE_NOT_APPLIED, element, reason, "Apply the node's datapath first.", null);
    }
    return new DatapathException(DatapathException.Code.KERNEL_REFUSED, element, reason,
        "Correct the plan if it asks for what can't be; otherwise look at the kernel's log.", null);
  }

  @Override
  public void remove(Collection<AttachmentPath> paths) {
    removeKeys(paths.stream().map(AttachmentPath::key).toList());
  }

  private void removeKeys(Collection<String> keys) {
    for (int attempt = 1;; attempt++) {
      Batch transaction = NftSocket.transaction();
      Map<NftSet, List<Element>> bySet = new LinkedHashMap<>();
      for (String key : keys) {
        index.owned(key).forEach(o -> bySet.computeIfAbsent(o.set(), s -> new ArrayList<>()).add(o.element()));
      }
      bySet.forEach((set, elements) -> set.remove(elements).forEach(transaction::add));
      List<Failure> failures = transaction.isEmpty() ? List.of() : socket.attempt(transaction);
      if (failures.isEmpty()) {
        keys.forEach(index::remove);
        return;
      }
      // Somebody else has removed some of it, and so the kernel refused all: look, and try with what is there.
      if (attempt == ATTEMPTS || !failures.getFirst().errno().equals(Errno.ENOENT)) {
        throw refused(null, failures.getFirst());
      }
      index.load(socket);
    }
  }

  @Override
  public List<KernelObject> examine(AttachmentPath path) {
    List<KernelObject> objects = new ArrayList<>();
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (PlanElement element : path.plan().elements()) {
      try {
        FilterObjects.entries(element, path.key(), path.enis()).forEach(e -> entries.putIfAbsent(e.id(), e));
      } catch (DatapathException e) {
        objects.add(unrendered(element, e));
      }
    }
    if (entries.isEmpty()) {
      return objects;
    }
    FilterIndex now = new FilterIndex();
    now.load(socket);
    for (Entry entry : entries.values()) {
      objects.add(NodeFilter.object(entry, now));
    }
    List<NftRule> rules = socket.rules(FilterObjects.TABLE);
    for (Translation translation : path.plan().elements(Translation.class)) {
      TranslationClass type = TranslationClass.of(false, translation);
      Observation seen = NodeFilter.missingRule(type, path.enis(), rules).map(Observation::missing).orElse(Observation.PRESENT);
      objects.add(new KernelObject(translation, "chain rule", Space.HOST,
          Words.of(FilterObjects.POD_LEAVING) + ": " + type.name(), seen.state(), seen.found()));
    }
    return objects;
  }

  @Override
  public Set<String> keys() {
    index.load(socket);
    return index.keys();
  }

  /** Whether no attachment has any element, as far as is known without looking. */
  boolean isIdle() {
    return index.keys().isEmpty();
  }

  @Override
  public boolean isThere() {
    return socket.tables().stream().anyMatch(t -> t.name().equals(FilterObjects.TABLE.name()) && t.family() == FilterObjects.TABLE.family());
  }

  @Override
  public void removeOthers(Set<String> keep) {
    index.load(socket);
    List<String> others = index.keys().stream().filter(k -> !keep.contains(k)).toList();
    removeKeys(others);
  }

  @Override
  public void removeAll() {
    socket.execute(NftSocket.transaction().add(FilterObjects.TABLE.add()).add(FilterObjects.TABLE.delete()));
    index.load(socket);
  }

  @Override
  public void close() {
    socket.close();
  }

  /** The interface that has an address; the primary one if none has, since what is not marked leaves by it. */
  static Optional<EniPath> owner(dev.patchbay.spi.net.IpAddress address, List<EniPath> enis) {
    return enis.stream().filter(e -> e.addresses().stream().anyMatch(o -> o.address().equals(address))).findFirst()
        .or(() -> enis.stream().filter(EniPath::primary).findFirst());
  }
}
