package dev.patchbay.simulation;

import dev.patchbay.core.brain.Report;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.invariants.Breach;
import dev.patchbay.core.invariants.Invariants;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.simulation.model.Chance;
import dev.patchbay.simulation.model.Ec2Model;
import dev.patchbay.simulation.model.Fault;
import dev.patchbay.spi.net.AddressFamily;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The end of a history: all faults are over, and within bounded time everything must agree again. */
final class Calm {
  /** The bound. A prefix that its subnet lacks is asked for again after two minutes, EC2 is described every ten. */
  private static final long BOUND_MILLIS = 30 * 60_000;
  /** A mode that failed again and again is set aside for up to an hour. */
  private static final long ASIDE_MILLIS = 60 * 60_000;
  private static final long FIRST_LOOK_MILLIS = 20_000;
  /** The step whose chance the calm has. */
  private static final long STEP = 1_000_000;

  private final World world;

  Calm(World world) {
    this.world = world;
  }

  /** Lets the world come to rest, and says what is not as it should be then. */
  void run() {
    world.chance = Chance.of(world.profile.seed(), STEP);
    world.calm = true;
    world.story.say(world.now, () -> "the faults are over");
    world.ec2.empty();
    if (world.objectsTime > 0) {
      // Whoever took away what a mode can't do without has put it back.
      world.objectsAt(0);
    }
    for (Node node : world.nodes) {
      node.apiCutUntil = Math.min(node.apiCutUntil, world.now);
      node.start();
    }
    long end = world.now + BOUND_MILLIS + (world.profile.has(Fault.PLANNER_FAILED) ? ASIDE_MILLIS : 0);
    long pause = FIRST_LOOK_MILLIS;
    while (true) {
      world.advance(Math.min(end, world.now + pause));
      world.nodes.forEach(Node::tidy);
      world.settle(5_000);
      Optional<Violation> wrong = first();
      if (wrong.isEmpty()) {
        return;
      }
      if (world.now >= end) {
        throw new BrokenException(wrong.get());
      }
      pause = Math.min(120_000, pause * 2);
    }
  }

  private Optional<Violation> first() {
    for (Node node : world.nodes) {
      Optional<Violation> found = look(node);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<Violation> wrong(Way way, Node node, String words) {
    return Optional.of(new Violation(way.id(), node.name, words));
  }

  private Optional<Violation> look(Node node) {
    Daemon daemon = node.daemon();
    if (!daemon.serving()) {
      return wrong(Way.STEADY, node, "it does not serve: " + daemon.report().findings());
    }
    List<Long> late = node.waitingLongerThan(world.profile.waitMillis() + Looks.LATE_MILLIS);
    if (!late.isEmpty()) {
      return wrong(Way.ANSWERED, node, "requests " + late + " are not answered");
    }
    Report report = daemon.report();
    if (report.operation().isPresent()) {
      return wrong(Way.AGREEMENT, node, "it is still about to " + report.operation().get());
    }
    Optional<Breach> breach = Invariants.breaches(Invariants.all(), Looks.whole(node)).stream().findFirst();
    if (breach.isPresent()) {
      return breach.map(b -> new Violation(b.invariant(), node.name, b.subject() + ": " + b.differs()));
    }
    return agreement(node, daemon, report).or(() -> stock(node, report));
  }

  /** The ledger has what the container runtime has, and nothing is under way. */
  private static Optional<Violation> agreement(Node node, Daemon daemon, Report report) {
    Set<AttachmentKey> there = new TreeSet<>();
    report.attachments().forEach(a -> there.add(a.first().orElse(a.key())));
    Set<AttachmentKey> live = node.live();
    for (AttachmentKey key : live) {
      if (!there.contains(key)) {
        return wrong(Way.POD_KEPT, node, key + " runs, and the daemon does not know of it");
      }
    }
    for (AttachmentKey key : there) {
      if (!live.contains(key)) {
        return wrong(Way.AGREEMENT, node, key + " is gone, and the daemon still has it");
      }
    }
    if (!node.durable().intended().isEmpty()) {
      return wrong(Way.AGREEMENT, node, "interfaces are still about to be made: " + node.durable().intended());
    }
    if (!node.durable().enisLeaving().isEmpty()) {
      return wrong(Way.AGREEMENT, node, "interfaces are still leaving: " + node.durable().enisLeaving());
    }
    for (Report.EniReport eni : report.enis()) {
      if (!node.durable().leaving(eni.id()).isEmpty()) {
        return wrong(Way.AGREEMENT, node, "of " + eni.id() + " there still leave " + node.durable().leaving(eni.id()));
      }
      if (node.durable().isUnsettled(eni.id())) {
        return wrong(Way.AGREEMENT, node, "it is not known what came of what was asked for on " + eni.id());
      }
    }
    return Optional.empty();
  }

  /** As much is free as should be, where instance and subnet have room. */
  private Optional<Violation> stock(Node node, Report report) {
    if (world.choices.get(node.choice).objects().size() > 1) {
      // The lane has become another: what is on the interfaces of the one before is for pods that are there.
      return Optional.empty();
    }
    for (Report.LaneReport lane : report.lanes()) {
      if (lane.free() + lane.cooling() >= lane.target() || lane.family() != AddressFamily.IPV4 || !lane.source().startsWith("stock")) {
        continue;
      }
      List<EniRecord> enis = world.ec2.attached(node.instance, world.now).stream().filter(e -> lane.enis().contains(e.id())).toList();
      // One with the primary interface lies where that lies: what it had elsewhere, with modes of before, is for pods that are there.
      Optional<String> subnet = enis.stream().filter(e -> e.attachment().filter(a -> a.deviceIndex() == 0).isPresent())
          .map(EniRecord::subnetId).findFirst();
      int units = enis.stream().filter(e -> subnet.isEmpty() || subnet.get().equals(e.subnetId()))
          .mapToInt(e -> world.profile.addresses() - 1 - e.units(AddressFamily.IPV4).size()).sum();
      // A lane may be such that it has no more interfaces than these.
      boolean slots = world.ec2.attached(node.instance, world.now).size() < world.profile.interfaces()
          && enis.size() < lane.most().orElse(Integer.MAX_VALUE);
      boolean subnets = world.ec2.hasBlock(Ec2Model.NODES) && world.ec2.hasBlock(Ec2Model.PODS);
      if ((units > 0 || slots) && subnets) {
        return wrong(Way.STOCK_AT_TARGET, node, "lane " + lane.lane() + " has " + lane.free() + " free, and should have " + lane.target()
            + "; findings: " + report.findings());
      }
    }
    return Optional.empty();
  }
}
