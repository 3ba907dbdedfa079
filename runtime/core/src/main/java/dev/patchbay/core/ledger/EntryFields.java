package dev.patchbay.core.ledger;

import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;

/** Entries as fields, and back. The word under {@code entry} says which it is; it never changes its meaning. */
final class EntryFields {
  private EntryFields() {}

  static Fields of(Entry entry) {
    return switch (entry) {
      case Entry.Attached e -> named("attached", entry).with("attachment", e.attachment().fields());
      case Entry.Marked e -> named("marked", entry).with("key", e.key().toString()).with("state", e.state().name());
      case Entry.Told e -> named("told", entry).with("key", e.key().toString());
      case Entry.Ended e -> named("ended", entry).with("key", e.key().toString()).with("cool", e.coolUntil());
      case Entry.Cools e -> named("cools", entry).with("address", e.address().toString()).with("cool", e.coolUntil());
      case Entry.Seen e -> named("seen", entry).with("facts", e.facts());
      case Entry.Planned e -> named("planned", entry).with("plan", e.plan());
      case Entry.EniIntended e -> named("eni-intended", entry).with("token", e.token()).with("lane", e.lane());
      case Entry.EniMade e ->
          named("eni-made", entry).with("token", e.token()).with("eni", e.eniId()).with("lane", e.lane());
      case Entry.EniGone e -> named("eni-gone", entry).with("token", e.token());
      case Entry.UnitsIntended e -> named("units-intended", entry).with("eni", e.eniId());
      case Entry.UnitsSettled e -> named("units-settled", entry).with("eni", e.eniId());
      case Entry.UnitsMade e -> named("units-made", entry).with("eni", e.eniId()).with("units", texts(e.units()));
      case Entry.ParticularMade e ->
          named("particular-made", entry).with("eni", e.eniId()).with("address", e.address().toString());
      case Entry.UnitsGone e -> named("units-gone", entry).with("eni", e.eniId()).with("units", texts(e.units()));
      case Entry.UnitsLeaving e -> named("units-leaving", entry).with("eni", e.eniId()).with("units", texts(e.units()));
      case Entry.UnitsLeft e -> named("units-left", entry).with("eni", e.eniId()).with("units", texts(e.units()));
      case Entry.UnitsStay e -> named("units-stay", entry).with("eni", e.eniId()).with("units", texts(e.units()));
      case Entry.EniLeaving e -> named("eni-leaving", entry).with("eni", e.eniId());
      case Entry.EniStays e -> named("eni-stays", entry).with("eni", e.eniId());
      case Entry.TypeLearned e -> named("type", entry).with("type", type(e.type()));
      case Entry.Unknown e -> e.fields();
    };
  }

  private static Fields named(String name, Entry entry) {
    return Fields.empty().with("entry", name).with("part", entry.part().name());
  }

  static Entry read(Fields f) {
    try {
      return switch (f.required("entry")) {
        case "attached" -> new Entry.Attached(AttachmentRecord.of(f.fields("attachment")));
        case "marked" ->
            new Entry.Marked(AttachmentKey.of(f.required("key")), AttachmentRecord.State.valueOf(f.required("state")));
        case "told" -> new Entry.Told(AttachmentKey.of(f.required("key")));
        case "ended" -> new Entry.Ended(AttachmentKey.of(f.required("key")), f.number("cool").orElseThrow());
        case "cools" -> new Entry.Cools(IpAddress.of(f.required("address")), f.number("cool").orElseThrow());
        case "seen" -> new Entry.Seen(f.fields("facts"));
        case "planned" -> new Entry.Planned(f.fields("plan"));
        case "eni-intended" -> new Entry.EniIntended(f.required("token"), f.required("lane"));
        case "eni-made" -> new Entry.EniMade(f.required("token"), f.required("eni"), f.required("lane"));
        case "eni-gone" -> new Entry.EniGone(f.required("token"));
        case "units-intended" -> new Entry.UnitsIntended(f.required("eni"));
        case "units-settled" -> new Entry.UnitsSettled(f.required("eni"));
        case "units-made" -> new Entry.UnitsMade(f.required("eni"), cidrs(f.texts("units")));
        case "particular-made" -> new Entry.ParticularMade(f.required("eni"), IpAddress.of(f.required("address")));
        case "units-gone" -> new Entry.UnitsGone(f.required("eni"), cidrs(f.texts("units")));
        case "units-leaving" -> new Entry.UnitsLeaving(f.required("eni"), cidrs(f.texts("units")));
        case "units-left" -> new Entry.UnitsLeft(f.required("eni"), cidrs(f.texts("units")));
        case "units-stay" -> new Entry.UnitsStay(f.required("eni"), cidrs(f.texts("units")));
        case "eni-leaving" -> new Entry.EniLeaving(f.required("eni"));
        case "eni-stays" -> new Entry.EniStays(f.required("eni"));
        case "type" -> new Entry.TypeLearned(type(f.fields("type")));
        default -> new Entry.Unknown(f);
      };
    } catch (IllegalArgumentException | java.util.NoSuchElementException | ArithmeticException | ClassCastException e) {
      throw new LedgerFormatException("an entry lacks a field or has one of another form: " + e.getMessage(), e);
    }
  }

  static List<String> texts(List<Cidr> cidrs) {
    return cidrs.stream().map(Cidr::toString).toList();
  }

  static List<Cidr> cidrs(List<String> texts) {
    return texts.stream().map(Cidr::of).toList();
  }

  static Fields type(InstanceTypeRecord t) {
    return Fields.empty().with("name", t.name()).with("cards", t.interfacesPerCard().stream().map(n -> (long) n).toList())
        .with("ipv4", t.ipv4PerInterface()).with("ipv6", t.ipv6PerInterface()).with("prefixes", t.prefixes())
        .with("trunking", t.trunking()).with("branches", t.branches()).with("vcpus", t.vcpus());
  }

  static InstanceTypeRecord type(Fields f) {
    List<Integer> cards = f.values().get("cards") instanceof List<?> list
        ? list.stream().map(n -> Math.toIntExact((Long) n)).toList() : List.of();
    return new InstanceTypeRecord(f.required("name"), cards, integer(f, "ipv4"), integer(f, "ipv6"), f.isTrue("prefixes"),
        f.isTrue("trunking"), integer(f, "branches"), integer(f, "vcpus"));
  }

  private static int integer(Fields f, String name) {
    return Math.toIntExact(f.number(name).orElse(0));
  }
}
