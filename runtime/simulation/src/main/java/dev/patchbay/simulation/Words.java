package dev.patchbay.simulation;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Short words for a story. */
final class Words {
  private Words() {}

  static String of(List<Entry> entries) {
    List<String> words = new ArrayList<>();
    entries.forEach(e -> words.add(of(e)));
    return String.join(", ", words);
  }

  private static String of(Entry entry) {
    return switch (entry) {
      case Entry.Attached a -> a.attachment().state() + " " + addresses(a.attachment());
      case Entry.Marked m -> m.key() + " is " + m.state();
      case Entry.Told t -> t.key() + " was told";
      case Entry.Ended e -> e.key() + " ended, its addresses cool until " + e.coolUntil();
      case Entry.Cools c -> c.address() + " cools until " + c.coolUntil();
      case Entry.Seen _ -> "what is seen";
      case Entry.Planned _ -> "what is planned";
      case Entry.EniIntended e -> "an interface is to be made with " + e.token();
      case Entry.EniMade e -> e.eniId() + " was made with " + e.token();
      case Entry.EniGone e -> "the interface made with " + e.token() + " is gone";
      case Entry.UnitsIntended e -> "addresses of " + e.eniId() + " are to be asked for";
      case Entry.UnitsSettled e -> "what was asked for on " + e.eniId() + " is known";
      case Entry.UnitsMade e -> e.eniId() + " was given " + units(e.units());
      case Entry.UnitsGone e -> e.eniId() + " has no " + units(e.units());
      case Entry.UnitsLeaving e -> units(e.units()) + " leave " + e.eniId();
      case Entry.UnitsLeft e -> units(e.units()) + " have left " + e.eniId();
      case Entry.UnitsStay e -> units(e.units()) + " stay on " + e.eniId();
      case Entry.EniLeaving e -> e.eniId() + " leaves";
      case Entry.EniStays e -> e.eniId() + " stays";
      default -> entry.toString();
    };
  }

  private static String addresses(AttachmentRecord attachment) {
    return attachment.key() + " with "
        + attachment.addresses().stream().map(h -> h.address() + h.eniId().map(e -> " of " + e).orElse("")).toList();
  }

  private static String units(List<Cidr> units) {
    return units.stream().map(u -> u.size() == 1 ? u.address().toString() : u.toString()).collect(Collectors.joining(" "));
  }

  static String of(CloudCall call) {
    return switch (call) {
      case CloudCall.CreateInterface c -> "make an interface in " + c.subnetId() + " with " + amount(c.addresses(), c.prefixes(), c.family())
          + " (" + c.clientToken() + ")";
      case CloudCall.AttachInterface c -> "attach " + c.eniId() + " at " + c.deviceIndex();
      case CloudCall.AssignAddresses c -> "assign " + amount(c.addresses(), c.prefixes(), c.family()) + " to " + c.eniId();
      case CloudCall.AssignParticular c -> "assign " + c.address() + " to " + c.eniId();
      case CloudCall.Unassign c -> "take " + units(c.units()) + " off " + c.eniId();
      case CloudCall.Detach c -> "detach " + c.eniId();
      case CloudCall.Delete c -> "delete " + c.eniId();
      case CloudCall.DeleteWithInstance c -> "let " + c.eniId() + " go with its instance";
      case CloudCall.SetGroups c -> "set the groups of " + c.eniId();
      case CloudCall.DescribeAttached _ -> "describe what is attached";
      case CloudCall.DescribeTagged _ -> "describe what is tagged";
      default -> call.toString();
    };
  }

  private static String amount(int addresses, int prefixes, AddressFamily family) {
    return (prefixes > 0 ? prefixes + " prefixes" : addresses + " addresses") + " of " + family;
  }

  static String of(CloudAnswer answer) {
    return switch (answer) {
      case CloudAnswer.Done _ -> "done";
      case CloudAnswer.Made m -> of(m.eni());
      case CloudAnswer.Attached _ -> "done";
      case CloudAnswer.Assigned a -> units(a.units());
      case CloudAnswer.Interfaces i -> i.enis().isEmpty() ? "nothing" : i.enis().stream().map(Words::of).collect(Collectors.joining("; "));
      case CloudAnswer.Failed f -> f.kind() + " (" + f.code() + ")";
      default -> answer.toString();
    };
  }

  private static String of(EniRecord eni) {
    List<Cidr> units = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      units.addAll(eni.units(family));
    }
    return eni.id() + (eni.attachment().isEmpty() ? " (loose)" : eni.status().equals("in-use") ? "" : " (" + eni.status() + ")")
        + (units.isEmpty() ? "" : " with " + units(units));
  }
}
