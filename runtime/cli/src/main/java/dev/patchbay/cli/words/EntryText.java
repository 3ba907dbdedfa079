package dev.patchbay.cli.words;

import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import java.time.Instant;
import java.util.List;

/** Entries of the ledger in plain words. */
public final class EntryText {
  private EntryText() {}

  /**
   * {@return what an entry says, a sentence without its end}
   * @param entry the entry
   * @param monotonic the time in milliseconds of the machine's monotonic clock, from which cooldowns are counted
   */
  public static String of(Entry entry, long monotonic) {
    return switch (entry) {
      case Entry.Attached e -> attached(e.attachment());
      case Entry.Marked e -> e.key() + switch (e.state()) {
        case OPEN -> " is being made";
        case LIVE -> " is live: its caller is told";
        case CLOSING -> " is to go";
      };
      case Entry.Told e -> "the caller of " + e.key() + " has read the answer";
      case Entry.Ended e -> e.key() + " has ended; its addresses " + cooling(e.coolUntil(), monotonic);
      case Entry.Cools e -> e.address() + " " + cooling(e.coolUntil(), monotonic).replace("cool down", "cools down");
      case Entry.Seen _ -> "the node looked at itself and its interfaces";
      case Entry.Planned _ -> "what each mode planned for the node";
      case Entry.EniIntended e -> "an interface is to be made for lane " + e.lane() + " (token " + e.token() + ")";
      case Entry.EniMade e -> e.eniId() + " was made for lane " + e.lane() + " (token " + e.token() + ")";
      case Entry.EniGone e -> "the interface of token " + e.token() + " is gone, or was never made";
      case Entry.UnitsIntended e -> "addresses or prefixes are to be asked for on " + e.eniId();
      case Entry.UnitsSettled e -> "what came of asking for addresses on " + e.eniId() + " is known";
      case Entry.UnitsMade e -> e.units() + " were assigned to " + e.eniId() + " by us";
      case Entry.ParticularMade e -> e.address() + " is asked for on " + e.eniId() + ", for one attachment";
      case Entry.UnitsGone e -> e.units() + " are off " + e.eniId();
      case Entry.UnitsLeaving e -> e.units() + " are being taken off " + e.eniId();
      case Entry.UnitsLeft e -> e.units() + " were taken off " + e.eniId() + " by EC2";
      case Entry.UnitsStay e -> e.units() + " stay on " + e.eniId();
      case Entry.EniLeaving e -> e.eniId() + " is being given back";
      case Entry.EniStays e -> e.eniId() + " stays";
      case Entry.TypeLearned e -> "EC2 told the limits of " + e.type().name();
      case Entry.Unknown e -> "an entry of a newer version: " + e.fields().text("entry").orElse("");
    };
  }

  private static String attached(AttachmentRecord a) {
    List<String> addresses = a.addresses().stream().map(HeldAddress::address).map(Object::toString).toList();
    String state = switch (a.state()) {
      case OPEN -> "is being made for";
      case LIVE -> "is live for";
      case CLOSING -> "is to go, of";
    };
    return a.key() + " " + state + " " + a.pod() + " with " + String.join(", ", addresses) + " behind " + a.hostInterface() + ", opened "
        + Instant.ofEpochMilli(a.since());
  }

  private static String cooling(long until, long monotonic) {
    return until <= monotonic ? "are free again by now, having had their time to cool down"
        : "cool down for " + (until - monotonic + 999) / 1000 + " s yet";
  }
}
