package dev.patchbay.cli.words;

import dev.patchbay.cli.files.LedgerReading;
import dev.patchbay.cli.files.PartReading;
import dev.patchbay.core.invariants.Breach;
import dev.patchbay.core.invariants.Invariants;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.spi.net.Cidr;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The ledger for people and for tools. */
public final class LedgerText {
  private LedgerText() {}

  /**
   * What the ledger adds up to, for people.
   *
   * @param reading the ledger
   * @param parts its parts
   * @param monotonic the time in milliseconds of the machine's monotonic clock
   * @param colour whether the reader wants colour
   * @return the lines
   */
  public static List<String> show(LedgerReading reading, List<PartReading> parts, long monotonic, boolean colour) {
    Page page = new Page(colour, Instant.now().toString());
    Ledger ledger = reading.ledger();
    if (!reading.there()) {
      page.line("There is no ledger in " + String.join(" or ", parts.stream().map(p -> p.folder().toString()).toList())
          + ": no daemon has run here since the last boot, or it is kept elsewhere.");
    }
    if (ledger.attachments().isEmpty()) {
      page.line("No pod is attached.");
    } else {
      page.line(Page.count(ledger.attachments().size(), "attachment", "attachments"));
      page.table(List.of("pod", "attachment", "state", "addresses", "since"), ledger.attachments().stream()
          .map(a -> List.of(a.pod(), shortened(a.key().toString()), a.state().name().toLowerCase(Locale.ROOT),
              String.join(" ", addresses(a)), page.since(Instant.ofEpochMilli(a.since()).toString()))).toList());
    }
    Map<String, Long> cooling = cooling(ledger, monotonic);
    if (!cooling.isEmpty()) {
      page.heading("Cooling down");
      page.table(List.of("address", "for"), cooling.entrySet().stream().map(e -> List.of(e.getKey(), Page.span(e.getValue()))).toList());
    }
    provenance(page, ledger);
    if (!ledger.unknown().isEmpty()) {
      page.heading("Entries of a newer version, kept and not acted on");
      ledger.unknown().forEach(u -> page.line("  " + u.fields().text("entry").orElse("?")));
    }
    reading.problems().forEach(p -> page.line(page.bad(p)));
    return page.lines();
  }

  private static void provenance(Page page, Ledger ledger) {
    page.heading("Made by Patchbay in EC2");
    if (ledger.made().isEmpty() && ledger.units().isEmpty() && ledger.intended().isEmpty()) {
      page.line("  nothing: what is on the node's interfaces is used and never released");
      return;
    }
    TreeSet<String> enis = new TreeSet<>(ledger.units().keySet());
    ledger.made().forEach(m -> enis.add(m.eniId()));
    page.table(List.of("interface", "made by us for", "addresses and prefixes that we assigned", "under way"), enis.stream()
        .map(id -> List.of(id, ledger.made(id).map(m -> "lane " + m.lane()).orElse("no: it is another's"),
            String.join(" ", ledger.units().getOrDefault(id, java.util.Set.of()).stream().map(LedgerText::unit).toList()),
            underWay(ledger, id))).toList());
    ledger.intended().forEach((token, lane) -> page.line("  an interface for lane " + lane + " is being made (token " + token + ")"));
  }

  private static String underWay(Ledger ledger, String eni) {
    List<String> words = new ArrayList<>();
    if (ledger.enisLeaving().contains(eni)) {
      words.add("is being given back");
    }
    if (!ledger.leaving(eni).isEmpty()) {
      words.add("leaving: " + String.join(" ", ledger.leaving(eni).stream().map(LedgerText::unit).toList()));
    }
    if (ledger.isUnsettled(eni)) {
      words.add("more were asked for");
    }
    return String.join(", ", words);
  }

  private static String unit(Cidr unit) {
    return unit.size() == 1 ? unit.address().toString() : unit.toString();
  }

  private static List<String> addresses(AttachmentRecord a) {
    return a.addresses().stream().map(HeldAddress::address).map(Object::toString).toList();
  }

  private static String shortened(String key) {
    return key.length() <= 24 ? key : key.substring(0, 12) + "..." + key.substring(key.lastIndexOf('/'));
  }

  private static Map<String, Long> cooling(Ledger ledger, long monotonic) {
    Map<String, Long> cooling = new TreeMap<>();
    ledger.cooling().forEach((ip, until) -> {
      if (until > monotonic) {
        cooling.put(ip.toString(), until - monotonic);
      }
    });
    return cooling;
  }

  /**
   * What the ledger adds up to, for tools; names are stable.
   *
   * @param reading the ledger
   * @param parts its parts
   * @param monotonic the time in milliseconds of the machine's monotonic clock
   * @return the values
   */
  public static Map<String, Object> json(LedgerReading reading, List<PartReading> parts, long monotonic) {
    Ledger ledger = reading.ledger();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("there", reading.there());
    json.put("folders", parts.stream().map(p -> p.folder().toString()).toList());
    json.put("attachments", ledger.attachments().stream().map(a -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("attachment", a.key().toString());
      one.put("pod", a.pod());
      one.put("state", a.state().name());
      one.put("addresses", addresses(a));
      one.put("hostInterface", a.hostInterface());
      one.put("netns", a.netns());
      one.put("mode", a.mode());
      one.put("since", Instant.ofEpochMilli(a.since()).toString());
      return one;
    }).toList());
    json.put("cooling", cooling(ledger, monotonic));
    Map<String, Object> made = new LinkedHashMap<>();
    ledger.made().forEach(m -> made.put(m.eniId(), m.lane()));
    json.put("made", made);
    Map<String, Object> units = new LinkedHashMap<>();
    ledger.units().forEach((eni, set) -> units.put(eni, set.stream().map(Cidr::toString).toList()));
    json.put("assigned", units);
    json.put("intended", new LinkedHashMap<>(ledger.intended()));
    json.put("unknown", ledger.unknown().stream().map(u -> u.fields().text("entry").orElse("")).toList());
    json.put("problems", reading.problems());
    return json;
  }

  /**
   * What a check of the files found, for people.
   *
   * @param reading the ledger
   * @param parts its parts
   * @param breaches what breaks an invariant
   * @param colour whether the reader wants colour
   * @return the lines
   */
  public static List<String> verify(LedgerReading reading, List<PartReading> parts, List<Breach> breaches, boolean colour) {
    Page page = new Page(colour, "");
    for (PartReading part : parts) {
      page.line(part.folder() + ": " + (part.there() ? Page.count(part.state().size(), "entry", "entries") + " in the snapshot, "
          + Page.count(part.records().size(), "record", "records") + " since, " + part.bytes() + " bytes" : "there is none"));
      part.damages().forEach(d -> page.line("  " + page.bad("damaged") + " " + d));
      if (part.cut() > 0) {
        page.line("  " + part.cut() + " bytes at the end were never whole: nobody was promised what they say");
      }
    }
    reading.problems().forEach(p -> page.line(page.bad(p)));
    breaches(page, breaches);
    if (reading.there() && reading.problems().isEmpty() && breaches.isEmpty()) {
      page.line(page.good("All is well") + ": every byte is what was written, and the entries do not contradict one another.");
    } else if (!reading.problems().isEmpty()) {
      page.line("  do: restart the daemon, which rebuilds what is lost from the kernel and EC2, or says why it can't; keep a copy of the "
          + "folders for a report.");
    }
    return page.lines();
  }

  static void breaches(Page page, List<Breach> breaches) {
    for (Breach breach : breaches) {
      page.line(page.bad(breach.invariant()) + " " + breach.subject() + ": " + breach.differs());
      Invariants.of(breach.invariant()).ifPresent(i -> {
        page.line("  must be: " + i.words());
        page.line("  do: " + i.remedy());
      });
    }
  }
}
