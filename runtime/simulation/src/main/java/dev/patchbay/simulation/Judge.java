package dev.patchbay.simulation;

import dev.patchbay.core.brain.Effect;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sees all that happens, and knows what the daemon can't: what EC2 really has, which pods really use which address. Watches the
 * invariants of the way; those of states are {@link dev.patchbay.core.invariant.Invariants}.
 */
final class Judge {
  private record Owner(String node, Sandbox sandbox) {}

  private final World world;
  private final Budgets budgets = new Budgets();
  private final Map<IpAddress, Owner> owners = new HashMap<>();
  /** When a kernel stopped delivering an address. */
  private final Map<IpAddress, Long> restsSince = new HashMap<>();
  /** What EC2 has taken off an interface, and nobody was told so. */
  private final Map<String, Set<Cidr>> unheard = new HashMap<>();

  Judge(World world) {
    this.world = world;
  }

  private static BrokenException broken(Way invariant, Node node, String words) {
    return new BrokenException(invariant, node.name, words);
  }

  /** A pod reads that it has its network. */
  void promised(Node node, Sandbox sandbox, AttachmentRecord attachment) {
    Optional<AttachmentRecord> written = node.durable().attachment(sandbox.key);
    if (written.filter(w -> w.state() == AttachmentRecord.State.LIVE && w.addresses().equals(attachment.addresses())).isEmpty()) {
      throw broken(Way.WRITTEN_FIRST, node, sandbox.key + " is promised, and on the disk is "
          + written.map(w -> w.state() + " with " + addresses(w)).orElse("nothing"));
    }
    if (!node.kernel.hasWhole(sandbox.key.toString())) {
      throw broken(Way.POD_KEPT, node, sandbox.key + " is promised, and the kernel does not have it");
    }
    for (HeldAddress held : attachment.addresses()) {
      if (held.eniId().isEmpty()) {
        continue;
      }
      Owner other = owners.putIfAbsent(held.address(), new Owner(node.name, sandbox));
      if (other != null && other.sandbox() != sandbox) {
        throw broken(Way.ONE_OWNER, node, held.address() + " is promised to " + sandbox.key + ", and " + other.sandbox().key
            + " on " + other.node() + " has it");
      }
      if (!world.ec2.carries(node.instance, held.address())) {
        throw broken(Way.POD_KEPT, node, held.address() + " is promised to " + sandbox.key + ", and EC2 has it on no interface of the node");
      }
      Optional<String> route = node.kernel.route(held.address());
      if (route.isPresent() && !route.get().equals(sandbox.key.toString())) {
        throw broken(Way.ONE_OWNER, node, held.address() + " is promised to " + sandbox.key + ", and the kernel delivers it to "
            + route.get());
      }
    }
  }

  private static List<IpAddress> addresses(AttachmentRecord attachment) {
    return attachment.addresses().stream().map(HeldAddress::address).toList();
  }

  /** Somebody asked for a sandbox's end. */
  void revoked(Sandbox sandbox) {
    sandbox.entitled = false;
    sandbox.addresses.forEach(a -> {
      Owner owner = owners.get(a);
      if (owner != null && owner.sandbox() == sandbox) {
        owners.remove(a);
      }
    });
  }

  /** A kernel is about to deliver addresses. */
  void delivers(Node node, Effect.Apply apply, List<HeldAddress> held) {
    for (HeldAddress h : held) {
      Long since = restsSince.get(h.address());
      if (h.eniId().isPresent() && since != null && world.now - since < world.profile.cooldownMillis()) {
        throw broken(Way.COOLDOWN_KEPT, node, h.address() + " goes to " + apply.path().key() + " after " + (world.now - since)
            + " ms, and should rest for " + world.profile.cooldownMillis());
      }
    }
  }

  /** What should be made is written down. */
  List<HeldAddress> written(Node node, String key) {
    Optional<AttachmentRecord> record = node.durable().attachment(AttachmentKey.of(key));
    if (record.isEmpty()) {
      throw broken(Way.WRITTEN_FIRST, node, key + " is made in the kernel, and is not on the disk");
    }
    return record.get().addresses();
  }

  /** A kernel is about to undo an attachment. */
  void undoes(Node node, String key) {
    Sandbox sandbox = node.sandboxOf(key);
    if (sandbox != null && sandbox.entitled) {
      throw broken(Way.POD_KEPT, node, key + " is undone, and nobody asked for its end");
    }
    rests(node, key);
  }

  /** From now on the addresses of an attachment rest. */
  void rests(Node node, String key) {
    node.kernel.deliveredTo(key).forEach(a -> restsSince.put(a, world.now));
  }

  /** The node's pods are gone all at once. */
  void rebooted(Node node) {
    node.kernel.delivered().values().forEach(addresses -> addresses.forEach(a -> restsSince.put(a, world.now)));
  }

  /** A node calls EC2, which is about to do it. */
  void called(Node node, CloudCall call) {
    Ledger written = node.durable();
    if (!budgets.takes(node.name + " " + call.action(), world.now)) {
      throw broken(Way.CALLS_IN_BUDGET, node, call.action() + " is called more than " + Budgets.AT_ONCE + " times at once and "
          + Budgets.A_MINUTE + " times a minute");
    }
    switch (call) {
      case CloudCall.CreateInterface c when !written.intended().containsKey(c.clientToken()) && written.made().stream()
          .noneMatch(m -> m.token().equals(c.clientToken())) -> throw broken(Way.WRITTEN_FIRST, node,
              "an interface is made with token " + c.clientToken() + ", and that is not on the disk");
      case CloudCall.AssignAddresses c when !written.isUnsettled(c.eniId()) -> throw broken(Way.WRITTEN_FIRST, node,
          "addresses are assigned to " + c.eniId() + ", and that is not on the disk");
      case CloudCall.AssignParticular c when !written.isParticular(c.eniId(), c.address()) -> throw broken(Way.WRITTEN_FIRST, node,
          c.address() + " is assigned to " + c.eniId() + ", and that is not on the disk");
      case CloudCall.Unassign c -> releases(node, written, c);
      case CloudCall.Detach c -> {
        ours(node, c.eniId(), "detached");
        if (!written.enisLeaving().contains(c.eniId())) {
          throw broken(Way.WRITTEN_FIRST, node, c.eniId() + " is detached, and that is not on the disk");
        }
        unused(node, c.eniId());
      }
      case CloudCall.Delete c -> {
        ours(node, c.eniId(), "deleted");
        unused(node, c.eniId());
      }
      default -> {
        // The rest takes nothing away.
      }
    }
  }

  private void ours(Node node, String eniId, String what) {
    if (world.ec2.eni(eniId).isPresent() && !world.ec2.isByNode(eniId)) {
      throw broken(Way.RELEASED_ON_EVIDENCE, node, eniId + " is " + what + ", and no node made it");
    }
  }

  private void unused(Node node, String eniId) {
    world.ec2.eni(eniId).ifPresent(eni -> {
      Set<Cidr> units = new HashSet<>();
      for (var family : dev.patchbay.spi.net.AddressFamily.values()) {
        units.addAll(eni.units(family));
      }
      units.forEach(unit -> unused(node, eniId, unit));
    });
  }

  /** EC2 has carried out a call, and its answer is lost, or whoever heard it is gone before it was written. */
  void unheard(CloudCall call) {
    if (call instanceof CloudCall.Unassign c) {
      unheard.computeIfAbsent(c.eniId(), id -> new HashSet<>()).addAll(c.units());
    }
  }

  /** Something is on the disk: what the ledger has as gone, or as taken off, the node knows to be so. */
  void wrote(List<Entry> entries) {
    for (Entry entry : entries) {
      switch (entry) {
        case Entry.UnitsGone e -> unheard.getOrDefault(e.eniId(), new HashSet<>()).removeAll(e.units());
        case Entry.UnitsLeft e -> unheard.getOrDefault(e.eniId(), new HashSet<>()).removeAll(e.units());
        case Entry.UnitsStay e -> unheard.getOrDefault(e.eniId(), new HashSet<>()).removeAll(e.units());
        default -> {
          // The rest is of no matter here.
        }
      }
    }
  }

  private void releases(Node node, Ledger written, CloudCall.Unassign c) {
    for (Cidr unit : c.units()) {
      // It was the node's, and the node has asked for its release. That this was done, and that somebody put the same address on the same
      // interface again before EC2 was described once, looks to it exactly as if nothing had been done: nobody could tell.
      boolean unknowable = unheard.getOrDefault(c.eniId(), Set.of()).contains(unit);
      if (world.ec2.isByHand(c.eniId(), unit) && !unknowable) {
        throw broken(Way.RELEASED_ON_EVIDENCE, node, unit + " of " + c.eniId() + " is released, and somebody put it there by hand");
      }
      if (!written.leaving(c.eniId()).contains(unit)) {
        throw broken(Way.WRITTEN_FIRST, node, unit + " of " + c.eniId() + " is released, and that is not on the disk");
      }
      unused(node, c.eniId(), unit);
    }
  }

  private void unused(Node node, String eniId, Cidr unit) {
    boolean there = world.ec2.eni(eniId).map(e -> e.units(unit.family()).contains(unit)).orElse(false);
    if (!there || unit.size() > 1 << 16) {
      return;
    }
    for (long n = 0; n < unit.size(); n++) {
      IpAddress address = unit.at(n);
      Owner owner = owners.get(address);
      if (owner != null) {
        throw broken(Way.RELEASED_ON_EVIDENCE, node, unit + " of " + eniId + " is released, and " + owner.sandbox().key + " on " + owner.node()
            + " uses " + address);
      }
      Optional<String> route = node.kernel.route(address);
      if (route.isPresent()) {
        throw broken(Way.RELEASED_ON_EVIDENCE, node, unit + " of " + eniId + " is released, and the kernel delivers " + address + " to "
            + route.get());
      }
    }
  }

  /** A sandbox is promised its network. */
  void entitle(Node node, Sandbox sandbox, AttachmentRecord attachment) {
    promised(node, sandbox, attachment);
    sandbox.entitled = true;
    sandbox.addresses = addresses(attachment);
  }
}
