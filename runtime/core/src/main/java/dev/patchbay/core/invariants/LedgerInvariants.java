package dev.patchbay.core.invariants;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What must be true of the ledger, of its files, and of what callers were told. */
final class LedgerInvariants {
  private static final String DRAIN = "Keep what the node has under /run and /var/lib for a report, delete the pods that are named, and "
      + "drain the node if it happens again.";

  static final Invariant ONE_OWNER = new Invariant("one-owner", "An address has one owner at most, and an attachment its addresses once.",
      DRAIN, Invariant.Holds.ALWAYS, LedgerInvariants::oneOwner);

  static final Invariant PROMISED_IS_WRITTEN = new Invariant("promised-is-written",
      "What a caller of ADD was told stands in the ledger's files, until it asks for its end.", DRAIN, Invariant.Holds.ALWAYS,
      LedgerInvariants::promisedIsWritten);

  static final Invariant MEMORY_IS_WRITTEN = new Invariant("memory-is-written",
      "The ledger's files add up to what the daemon goes by: a restart changes nothing.",
      "See whether the disk takes writes (`patchbay status`, code 470); what was refused is written as soon as it does.",
      Invariant.Holds.SETTLED, LedgerInvariants::memoryIsWritten);

  static final Invariant COOLDOWN_KEPT = new Invariant("cooldown-kept",
      "An address that cools down is given to nobody before its time is over, whatever restarts meanwhile.", DRAIN,
      Invariant.Holds.ALWAYS, LedgerInvariants::cooldownKept);

  static final Invariant HELD_NOT_COOLING = new Invariant("held-not-cooling", "An address that somebody holds does not cool down.",
      DRAIN, Invariant.Holds.ALWAYS, LedgerInvariants::heldNotCooling);

  static final Invariant HELD_NOT_LEAVING = new Invariant("held-not-leaving",
      "Nothing is given back to EC2 of which a pod has an address: release needs positive evidence.", DRAIN, Invariant.Holds.ALWAYS,
      LedgerInvariants::heldNotLeaving);

  static final Invariant EXTRA_HAS_FIRST = new Invariant("extra-has-first", "A pod's further interfaces do not outlive its first.",
      "Restart the daemon: it removes what is without its first.", Invariant.Holds.SETTLED, LedgerInvariants::extraHasFirst);

  static final List<Invariant> ALL = List.of(ONE_OWNER, PROMISED_IS_WRITTEN, MEMORY_IS_WRITTEN, COOLDOWN_KEPT, HELD_NOT_COOLING,
      HELD_NOT_LEAVING, EXTRA_HAS_FIRST);

  private LedgerInvariants() {}

  private static List<Breach> oneOwner(Look look) {
    List<Breach> breaches = new ArrayList<>();
    Map<IpAddress, Set<AttachmentKey>> owners = new TreeMap<>();
    look.ledger().attachments().forEach(a -> own(owners, breaches, a.key(), addresses(a)));
    // A caller that asked for its end may still stand in the ledger; one that was told and is not there is another invariant's.
    look.promised().ifPresent(promised -> promised.forEach((key, told) -> own(owners, breaches, key, told)));
    owners.forEach((ip, keys) -> {
      if (keys.size() > 1) {
        breaches.add(new Breach("one-owner", ip.toString(), "it is held by " + String.join(" and by ",
            keys.stream().map(AttachmentKey::toString).toList()) + "."));
      }
    });
    return breaches;
  }

  private static void own(Map<IpAddress, Set<AttachmentKey>> owners, List<Breach> breaches, AttachmentKey key, List<IpAddress> addresses) {
    addresses.forEach(ip -> owners.computeIfAbsent(ip, a -> new TreeSet<>()).add(key));
    if (new HashSet<>(addresses).size() < addresses.size()) {
      breaches.add(new Breach("one-owner", key.toString(), "it holds an address twice: " + addresses + "."));
    }
  }

  private static List<IpAddress> addresses(AttachmentRecord attachment) {
    return attachment.addresses().stream().map(HeldAddress::address).toList();
  }

  private static List<Breach> promisedIsWritten(Look look) {
    Ledger written = look.written().orElse(look.ledger());
    List<Breach> breaches = new ArrayList<>();
    look.promised().ifPresent(promised -> promised.forEach((key, told) -> {
      Optional<AttachmentRecord> there = written.attachment(key);
      if (there.isEmpty()) {
        breaches.add(new Breach("promised-is-written", key.toString(), "its caller was told " + told + ", and it is not in the ledger."));
      } else if (there.get().state() == AttachmentRecord.State.OPEN) {
        breaches.add(new Breach("promised-is-written", key.toString(), "its caller was told " + told
            + ", and the ledger has it as one that nobody was told of."));
      } else if (!addresses(there.get()).containsAll(told)) {
        breaches.add(new Breach("promised-is-written", key.toString(), "its caller was told " + told + ", and the ledger has "
            + addresses(there.get()) + "."));
      }
    }));
    return breaches;
  }

  private static List<Breach> memoryIsWritten(Look look) {
    List<Breach> breaches = new ArrayList<>();
    look.written().ifPresent(written -> {
      differ(breaches, "what a newer version wrote", Optional.of(look.ledger().unknown().size() + " entries"),
          Optional.of(written.unknown().size() + " entries"));
      Set<AttachmentKey> keys = new TreeSet<>();
      look.ledger().attachments().forEach(a -> keys.add(a.key()));
      written.attachments().forEach(a -> keys.add(a.key()));
      keys.forEach(key -> differ(breaches, key.toString(), look.ledger().attachment(key).map(LedgerInvariants::said),
          written.attachment(key).map(LedgerInvariants::said)));
      Set<String> enis = new TreeSet<>();
      look.ledger().made().forEach(m -> enis.add(m.eniId()));
      written.made().forEach(m -> enis.add(m.eniId()));
      enis.addAll(look.ledger().units().keySet());
      enis.addAll(written.units().keySet());
      enis.forEach(eni -> {
        differ(breaches, eni, look.ledger().made(eni).map(m -> "made for lane " + m.lane()),
            written.made(eni).map(m -> "made for lane " + m.lane()));
        differ(breaches, eni, Optional.ofNullable(look.ledger().units().get(eni)).map(u -> "with " + u),
            Optional.ofNullable(written.units().get(eni)).map(u -> "with " + u));
      });
    });
    return breaches;
  }

  private static String said(AttachmentRecord a) {
    return a.state() + " with " + addresses(a);
  }

  private static void differ(List<Breach> breaches, String subject, Optional<String> memory, Optional<String> files) {
    if (!memory.equals(files)) {
      breaches.add(new Breach("memory-is-written", subject, "the daemon has it as " + memory.orElse("nothing") + ", and the files as "
          + files.orElse("nothing") + "."));
    }
  }

  private static List<Breach> cooldownKept(Look look) {
    List<Breach> breaches = new ArrayList<>();
    look.earlier().ifPresent(earlier -> earlier.cooling().forEach((ip, until) -> {
      if (until <= look.monotonic()) {
        return;
      }
      String rest = "it was to cool down for " + (until - look.monotonic()) + " ms yet, and ";
      Optional<AttachmentKey> holder = look.ledger().holder(ip);
      if (holder.isPresent()) {
        breaches.add(new Breach("cooldown-kept", ip.toString(), rest + holder.get() + " holds it."));
      } else if (look.ledger().coolUntil(ip).orElse(0L) < until) {
        breaches.add(new Breach("cooldown-kept", ip.toString(), rest + "the ledger would give it out sooner."));
      }
    }));
    return breaches;
  }

  private static List<Breach> heldNotCooling(Look look) {
    List<Breach> breaches = new ArrayList<>();
    look.ledger().attachments().forEach(a -> addresses(a).forEach(ip -> {
      if (look.ledger().coolUntil(ip).orElse(0L) > look.monotonic()) {
        breaches.add(new Breach("held-not-cooling", ip.toString(), a.key() + " holds it, and it cools down."));
      }
    }));
    return breaches;
  }

  private static List<Breach> heldNotLeaving(Look look) {
    List<Breach> breaches = new ArrayList<>();
    for (AttachmentRecord a : look.ledger().attachments()) {
      for (HeldAddress held : a.addresses()) {
        if (held.eniId().isEmpty()) {
          continue;
        }
        String eni = held.eniId().get();
        if (look.ledger().enisLeaving().contains(eni)) {
          breaches.add(new Breach("held-not-leaving", held.address().toString(), a.key() + " holds it, and its interface " + eni
              + " is being given back."));
        }
        for (Cidr unit : look.ledger().leaving(eni)) {
          if (unit.contains(held.address())) {
            breaches.add(new Breach("held-not-leaving", held.address().toString(), a.key() + " holds it, and " + unit
                + " is being taken off " + eni + "."));
          }
        }
      }
    }
    return breaches;
  }

  private static List<Breach> extraHasFirst(Look look) {
    return look.ledger().attachments().stream()
        .filter(a -> a.first().filter(first -> look.ledger().attachment(first).isEmpty()).isPresent())
        .map(a -> new Breach("extra-has-first", a.key().toString(), "its first, " + a.first().orElseThrow() + ", is not in the ledger."))
        .toList();
  }
}
