package dev.patchbay.core.salvage;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.core.view.NodeFactsFields;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts a ledger together from the entries that are left of it, and from the kernel.
 *
 * <p>What may be lost, and what is made of it:
 * <ul>
 * <li>An attachment was opened: the kernel has its device and the routes to it, and whoever is behind them keeps the addresses. Its plan is
 * rebuilt as far as a DEL needs it.
 * <li>An attachment became live: the kernel has it, so it is taken for live; if its caller never heard of it, the runtime's DEL follows.
 * <li>An attachment ended: it stays held, until the runtime's DEL or GC, or until a later entry gives its address to another, which
 * happens only after an end.
 * <li>Cooldowns: all that is held by nobody cools down anew.
 * <li>What the node saw of itself: what it has left may be old, so only addresses that somebody holds are taken from it.
 * <li>Provenance: what has none is used and never released. What may have been asked of EC2 is looked at before anything is asked again.
 * </ul>
 */
public final class Salvage {
  /** Larger units are not counted out. */
  private static final long LARGEST = 16;

  private final Circumstances circumstances;
  private final Ledger ledger = new Ledger();
  private final List<String> words = new ArrayList<>();
  private final List<String> hopeless = new ArrayList<>();

  private Salvage(Circumstances circumstances) {
    this.circumstances = circumstances;
  }

  /**
   * What is to be known beside the entries.
   *
   * @param network the CNI network that attachments are of
   * @param now the monotonic time in milliseconds
   * @param cooldownMillis how long addresses cool down
   */
  public record Circumstances(String network, long now, long cooldownMillis) {}

  /**
   * What came of it.
   *
   * @param ledger the ledger
   * @param words what was found and done, as sentences
   * @param hopeless what can't be told, as sentences; if there is any, the ledger must not be used
   */
  public record Outcome(Ledger ledger, List<String> words, List<String> hopeless) {
    /**
     * Copies the lists.
     */
    public Outcome {
      words = List.copyOf(words);
      hopeless = List.copyOf(hopeless);
    }
  }

  /**
   * Puts it together.
   *
   * @param entries what is left, both parts, each in its order
   * @param damaged the parts of which something was lost
   * @param kernel what the kernel shows of attachments
   * @param circumstances what is to be known beside
   * @return what came of it
   */
  public static Outcome of(List<Entry> entries, Set<Entry.Part> damaged, List<KernelWitness> kernel, Circumstances circumstances) {
    Salvage salvage = new Salvage(circumstances);
    entries.forEach(salvage::apply);
    if (damaged.contains(Entry.Part.RUN)) {
      salvage.attachments(kernel);
    }
    if (damaged.contains(Entry.Part.LIB)) {
      salvage.provenance();
    }
    salvage.coolDown();
    if (damaged.contains(Entry.Part.RUN)) {
      salvage.forgetFree();
    }
    return new Outcome(salvage.ledger, salvage.words, salvage.hopeless);
  }

  private long until() {
    return circumstances.now() + circumstances.cooldownMillis();
  }

  private void apply(Entry entry) {
    if (entry instanceof Entry.Attached attached) {
      for (HeldAddress held : attached.attachment().addresses()) {
        ledger.holder(held.address()).filter(k -> !k.equals(attached.attachment().key())).ifPresent(before -> {
          // Nothing is given to two: the end of the one before is among what was lost.
          ledger.apply(new Entry.Ended(before, circumstances.now()));
          words.add(before + " has ended, since " + held.address() + " was given to " + attached.attachment().key() + " later.");
        });
      }
    }
    ledger.apply(entry);
  }

  private void attachments(List<KernelWitness> kernel) {
    Map<AttachmentKey, KernelWitness> there = new TreeMap<>();
    kernel.forEach(k -> there.put(k.key(), k));
    for (AttachmentRecord a : List.copyOf(ledger.attachments())) {
      if (a.state() == AttachmentRecord.State.OPEN && there.containsKey(a.key())) {
        ledger.apply(new Entry.Marked(a.key(), AttachmentRecord.State.LIVE));
        words.add(a.key() + " is in the kernel, and is taken for live.");
      }
    }
    for (KernelWitness witness : there.values()) {
      if (ledger.attachment(witness.key()).isEmpty()) {
        witness.addresses().forEach(ip -> ledger.holder(ip).filter(before -> !there.containsKey(before)).ifPresent(before -> {
          // Before another got the address into the kernel it was written that this one has ended.
          ledger.apply(new Entry.Ended(before, circumstances.now()));
          words.add(before + " has ended: the kernel has nothing of it, and delivers " + ip + " to " + witness.key() + ".");
        }));
        rebuild(witness);
      }
    }
  }

  private void rebuild(KernelWitness witness) {
    AttachmentKey key = witness.key();
    if (witness.hostInterface().isEmpty() || witness.addresses().isEmpty()) {
      hopeless.add("the kernel has something of " + key + ", and neither it nor the ledger tells which addresses that attachment holds");
      return;
    }
    for (IpAddress ip : witness.addresses()) {
      Optional<AttachmentKey> holder = ledger.holder(ip);
      if (holder.isPresent()) {
        hopeless.add("the kernel delivers " + ip + " to " + key + ", and the ledger has it as held by " + holder.get());
        return;
      }
    }
    List<HeldAddress> held = new ArrayList<>();
    List<PlanElement> elements = new ArrayList<>();
    elements.add(VethPair.of(key.interfaceName(), witness.hostInterface(), witness.mtu()));
    for (IpAddress ip : witness.addresses()) {
      Optional<NodeFacts.Eni> eni = eni(ip);
      Optional<String> id = eni.map(NodeFacts.Eni::id).or(() -> assignedTo(ip));
      String lane = eni.flatMap(NodeFacts.Eni::lane).or(() -> id.flatMap(ledger::made).map(Ledger.Made::lane)).orElse(Lane.DEFAULT);
      held.add(new HeldAddress(ip, lane, id, "", AddressRequest.fromChosenLane(ip.family())));
      elements.add(Delivery.of(ip, Device.named(witness.hostInterface())));
    }
    Optional<AttachmentKey> first = ledger.ofSandbox(key.containerId()).stream().filter(a -> a.first().isEmpty()).findFirst()
        .map(AttachmentRecord::key);
    ledger.apply(new Entry.Attached(new AttachmentRecord(key, first, first.isPresent() ? 1 : 0, circumstances.network(), "", "", "", "",
        witness.hostInterface(), "", held, DatapathPlan.of(elements.toArray(PlanElement[]::new)), Map.of(), Fields.empty(), Fields.empty(),
        AttachmentRecord.State.LIVE, 0, 0)));
    words.add(key + " is in the kernel, and was rebuilt: it holds " + witness.addresses() + " behind " + witness.hostInterface() + ".");
  }

  private Optional<NodeFacts> facts() {
    return ledger.seen().values().isEmpty() ? Optional.empty() : Optional.of(NodeFactsFields.read(ledger.seen()));
  }

  private static List<Cidr> units(NodeFacts.Eni eni) {
    List<Cidr> units = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      units.addAll(eni.record().units(family));
    }
    return units;
  }

  private Optional<NodeFacts.Eni> eni(IpAddress ip) {
    return facts().flatMap(f -> f.enis().stream()
        .filter(e -> e.record().primary().equals(Optional.of(ip)) || units(e).stream().anyMatch(u -> u.contains(ip))).findFirst());
  }

  /** The interface on which we assigned an address, where what the node saw of itself is lost too. */
  private Optional<String> assignedTo(IpAddress ip) {
    return ledger.units().entrySet().stream().filter(e -> e.getValue().stream().anyMatch(u -> u.contains(ip))).map(Map.Entry::getKey).findFirst();
  }

  /** Whatever was asked of EC2 a moment ago and is not known any more is found by a description before more is asked for. */
  private void provenance() {
    Set<String> enis = new HashSet<>(ledger.units().keySet());
    ledger.made().forEach(m -> enis.add(m.eniId()));
    facts().ifPresent(f -> f.enis().forEach(e -> enis.add(e.id())));
    enis.stream().sorted().forEach(eni -> ledger.apply(new Entry.UnitsIntended(eni)));
  }

  /**
   * What the node saw last may be among what was lost, and what it saw before may have been released since. Only that of which somebody holds
   * an address is there for certain; the rest comes back with EC2's description.
   */
  private void forgetFree() {
    facts().ifPresent(facts -> ledger.apply(new Entry.Seen(NodeFactsFields.of(facts.withEnis(facts.enis().stream()
        .map(e -> new NodeFacts.Eni(held(e.record()), e.number(), e.lane())).toList())))));
  }

  private EniRecord held(EniRecord r) {
    // The first IPv6 address is the interface's own.
    Optional<IpAddress> own = r.addresses().stream().filter(ip -> ip.family() == AddressFamily.IPV6).findFirst();
    return new EniRecord(r.id(), r.mac(), r.type(), r.subnetId(), r.groups(), r.primary(),
        r.addresses().stream().filter(ip -> own.equals(Optional.of(ip)) || ledger.holder(ip).isPresent()).toList(), r.prefixes().stream().filter(this::isHeld).toList(),
        r.attachment(), r.tags(), r.description(), r.status());
  }

  private boolean isHeld(Cidr prefix) {
    return ledger.attachments().stream().flatMap(a -> a.addresses().stream()).anyMatch(h -> prefix.contains(h.address()));
  }

  private void coolDown() {
    // Without facts the node looks at itself as after a boot, and lets all that it finds cool down.
    facts().ifPresent(f -> f.enis().forEach(eni -> units(eni).stream().filter(u -> u.size() <= LARGEST).forEach(unit -> {
      for (long n = 0; n < unit.size(); n++) {
        IpAddress ip = unit.at(n);
        if (ledger.holder(ip).isEmpty()) {
          ledger.apply(new Entry.Cools(ip, Math.max(until(), ledger.coolUntil(ip).orElse(0L))));
        }
      }
    })));
  }
}
