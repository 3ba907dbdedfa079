package dev.patchbay.cli.files;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the entries that concern an address. */
public final class AddressHistory {
  private final IpAddress ip;
  /** The attachments that have had it, as far as was read. */
  private final Set<AttachmentKey> keys = new HashSet<>();
  /** The interfaces on which we assigned it. */
  private final Set<String> enis = new HashSet<>();
  private final Map<String, String> tokens = new HashMap<>();

  private AddressHistory(IpAddress ip) {
    this.ip = ip;
  }

  /**
   * An entry that concerns the address.
   *
   * @param part the part of the ledger
   * @param number the number of its record; 0 for one of the snapshot
   * @param entry the entry
   */
  public record Step(Entry.Part part, long number, Entry entry) {}

  /**
   * {@return what concerns an address, the parts one after the other, each in the order in which it was written}
   * @param ip the address
   * @param parts the parts
   */
  public static List<Step> of(IpAddress ip, List<PartReading> parts) {
    AddressHistory history = new AddressHistory(ip);
    List<Step> steps = new ArrayList<>();
    for (PartReading part : parts) {
      part.entries().filter(n -> history.concerns(n.entry())).forEach(n -> steps.add(new Step(part.part(), n.number(), n.entry())));
    }
    return steps;
  }

  private boolean concerns(Entry entry) {
    return switch (entry) {
      case Entry.Attached e -> {
        boolean has = e.attachment().addresses().stream().anyMatch(h -> h.address().equals(ip));
        yield has ? keys.add(e.attachment().key()) || has : keys.contains(e.attachment().key());
      }
      case Entry.Marked e -> keys.contains(e.key());
      case Entry.Told e -> keys.contains(e.key());
      case Entry.Ended e -> keys.remove(e.key());
      case Entry.Cools e -> e.address().equals(ip);
      case Entry.UnitsMade e -> on(e.eniId(), e.units());
      case Entry.ParticularMade e -> on(e.eniId(), List.of(e.address().asCidr()));
      case Entry.UnitsGone e -> on(e.eniId(), e.units());
      case Entry.UnitsLeaving e -> on(e.eniId(), e.units());
      case Entry.UnitsLeft e -> on(e.eniId(), e.units());
      case Entry.UnitsStay e -> on(e.eniId(), e.units());
      case Entry.EniMade e -> {
        tokens.put(e.token(), e.eniId());
        yield false;
      }
      case Entry.EniGone e -> enis.contains(tokens.getOrDefault(e.token(), ""));
      case Entry.EniLeaving e -> enis.contains(e.eniId());
      case Entry.EniStays e -> enis.contains(e.eniId());
      case Entry.EniIntended _, Entry.UnitsIntended _, Entry.UnitsSettled _, Entry.Seen _, Entry.Planned _, Entry.TypeLearned _,
          Entry.Unknown _ -> false;
    };
  }

  private boolean on(String eni, List<Cidr> units) {
    boolean has = units.stream().anyMatch(u -> u.contains(ip));
    if (has) {
      enis.add(eni);
    }
    return has;
  }
}
