package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.invariants.Breach;
import dev.patchbay.core.invariants.CloudLook;
import dev.patchbay.core.invariants.Invariant;
import dev.patchbay.core.invariants.Invariants;
import dev.patchbay.core.invariants.KernelLook;
import dev.patchbay.core.invariants.Look;
import dev.patchbay.core.invariants.NodeLook;
import dev.patchbay.core.kernel.Deviation;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each invariant finds the breach that is planted for it, and nothing where nothing is wrong. */
class InvariantsTest {
  private static final AttachmentKey C1 = new AttachmentKey("c1", "eth0");
  private static final AttachmentKey GONE = new AttachmentKey("gone", "eth0");

  private final World world = new World(World.settings(), World.type(3, 4), SingleAddresses.with(Targets.none().withWarmInterfaces(1)));
  private IpAddress first = IpAddress.of("0.0.0.0");
  private IpAddress cooling = IpAddress.of("0.0.0.0");

  @BeforeEach
  void aNodeWithPods() {
    world.start();
    first = world.addressOf(world.add("c1"));
    world.add("c2");
    cooling = world.addressOf(world.add("gone"));
    world.add("c4");
    world.del("gone");
    world.pass(1_000);
  }

  private Look look() {
    Look look = world.look();
    Map<AttachmentKey, List<IpAddress>> promised = new TreeMap<>();
    promised.put(C1, List.of(first));
    return look.withEarlier(look.ledger().copy(look.monotonic())).withPromised(promised)
        .withCalls(List.of(new Look.Calls("AssignPrivateIpAddresses", 2, 100)));
  }

  @Test
  void nothingIsFoundWhereNothingIsWrong() {
    Look look = look();
    assertThat(look.ledger().attachments()).hasSize(3);
    assertThat(look.ledger().cooling()).containsKey(cooling);
    assertThat(look.ledger().made()).as("an interface of ours").isNotEmpty();
    assertThat(look.node().orElseThrow().busy()).isFalse();
    assertThat(Invariants.breaches(Invariants.all(), look)).isEmpty();
  }

  @Test
  void nothingIsFoundAfterARestart() {
    Look before = look();
    world.restart();
    assertThat(Invariants.breaches(Invariants.all(), look().withEarlier(before.ledger()))).isEmpty();
  }

  @Test
  void afterABootEveryAddressThatIsFoundCoolsDown() {
    world.disk.removeIf(e -> e.part() == Entry.Part.RUN);
    world.kernel.clear();
    world.metadataLacks = List.of(world.look().ledger().made().iterator().next().eniId());
    world.restart();
    Look after = world.look();
    assertThat(after.ledger().attachments()).isEmpty();
    assertThat(after.node().orElseThrow().places().values()).as("metadata's, and what only EC2 tells").hasSizeGreaterThan(3)
        .allMatch(p -> p.state() == NodeLook.State.COOLING);
    world.restart();
    assertThat(world.look().node().orElseThrow().places().values()).as("cooldown survives a restart")
        .allMatch(p -> p.state() == NodeLook.State.COOLING);
    world.pass(31_000);
    assertThat(world.look().node().orElseThrow().places().values()).allMatch(p -> p.state() == NodeLook.State.FREE);
  }

  @Test
  void eachFindsWhatIsPlanted() {
    Map<String, UnaryOperator<Look>> planted = planted();
    assertThat(planted.keySet()).containsExactlyElementsOf(Invariants.all().stream().map(Invariant::name).toList());
    planted.forEach((name, plant) -> assertThat(Invariants.of(name).orElseThrow().breaches(plant.apply(look()))).as(name)
        .isNotEmpty().allSatisfy(b -> assertThat(b.invariant()).isEqualTo(name)));
  }

  /** What every invariant must find. */
  private Map<String, UnaryOperator<Look>> planted() {
    Map<String, UnaryOperator<Look>> planted = new LinkedHashMap<>();
    planted.put("one-owner", look -> look.withPromised(Map.of(C1, List.of(first), GONE, List.of(first))));
    planted.put("promised-is-written", look -> look.withPromised(Map.of(GONE, List.of(cooling))));
    planted.put("memory-is-written", look -> look.withWritten(with(look.ledger(), new Entry.Ended(C1, 0))));
    planted.put("cooldown-kept", look -> withLedger(look, new Entry.Cools(cooling, look.monotonic() + 1)));
    planted.put("held-not-cooling", look -> withLedger(look, new Entry.Cools(first, look.monotonic() + 1_000)));
    planted.put("held-not-leaving", look -> withLedger(look, new Entry.EniLeaving(eni(look, C1))));
    planted.put("extra-has-first", look -> withLedger(look, new Entry.Attached(extra(look.ledger().attachment(C1).orElseThrow()))));
    planted.put("free-is-free", look -> place(look, first, NodeLook.State.FREE));
    planted.put("accounted", look -> place(look, cooling, NodeLook.State.HELD));
    planted.put("stock-at-target", look -> look.withNode(new NodeLook(node(look).facts(), node(look).places(), Map.of(),
        List.of(new NodeLook.Stock("default", AddressFamily.IPV4, 1, 9, 8, Optional.empty())), false)));
    planted.put("live-in-kernel", look -> look.withKernel(new KernelLook(kernel(look).keys(),
        Map.of(C1, List.of(new Deviation(world.madeFor("c1/eth0").plan().elements().getFirst(), "missing"))), List.of())));
    planted.put("kernel-is-known", look -> look.withKernel(new KernelLook(Set.of("gone/eth0"), Map.of(), List.of())));
    planted.put("one-path", look -> look.withKernel(new KernelLook(kernel(look).keys(), Map.of(),
        List.of(new KernelLook.Delivery(first, "eni-of-another")))));
    planted.put("held-is-assigned", look -> look.withCloud(new CloudLook(cloud(look).attached().stream()
        .map(e -> new EniRecord(e.id(), e.mac(), e.type(), e.subnetId(), e.groups(), e.primary(), List.of(), List.of(), e.attachment(),
            e.tags(), e.description(), e.status())).toList(), List.of())));
    planted.put("made-is-there", look -> look.withCloud(new CloudLook(List.of(), List.of())));
    planted.put("units-are-there", look -> look.withCloud(new CloudLook(List.of(), List.of())));
    planted.put("facts-agree", look -> look.withCloud(new CloudLook(cloud(look).attached().subList(0, 1), List.of())));
    planted.put("calls-in-budget", look -> look.withCalls(List.of(new Look.Calls("AttachNetworkInterface", 101, 100))));
    return planted;
  }

  @Test
  void otherBreachesOfTheSameInvariantsAreFoundToo() {
    Look look = look();
    assertThat(named("promised-is-written", look.withPromised(Map.of(C1, List.of(first, cooling))))).isNotEmpty();
    assertThat(named("promised-is-written", look.withWritten(
        with(look.ledger(), new Entry.Marked(C1, AttachmentRecord.State.OPEN))))).isNotEmpty();
    assertThat(named("cooldown-kept", look.withEarlier(
        with(look.ledger(), new Entry.Cools(first, look.monotonic() + 1_000))))).isNotEmpty();
    assertThat(named("memory-is-written", look.withWritten(with(look.ledger(), new Entry.UnitsMade("eni-9", List.of(first.asCidr())))))).isNotEmpty();
    assertThat(named("one-path", look.withKernel(new KernelLook(Set.of(), Map.of(),
        List.of(new KernelLook.Delivery(cooling, "a"), new KernelLook.Delivery(cooling, "b")))))).isNotEmpty();
    assertThat(named("accounted", place(look, first.plus(200), NodeLook.State.COOLING))).isNotEmpty();
    assertThat(named("free-is-free", place(look, cooling, NodeLook.State.FREE))).isNotEmpty();
    assertThat(named("accounted", look.withNode(new NodeLook(node(look).facts(), Map.of(), Map.of(), List.of(), false)))).isNotEmpty();
    assertThat(named("made-is-there", look.withCloud(new CloudLook(cloud(look).attached(), List.of(loose(cloud(look).attached().getLast())))))).isNotEmpty();
    String leaving = look.ledger().made().iterator().next().eniId();
    assertThat(named("held-not-leaving", withLedger(look, new Entry.UnitsLeaving(eni(look, C1), List.of(first.asCidr()))))).isNotEmpty();
    assertThat(named("units-are-there", withLedger(look, new Entry.EniLeaving(leaving)))).isEmpty();
  }

  @Test
  void aStepOfTheWorkIsNoBreachAndAnAlwaysIs() {
    Breach step = new Breach("kernel-is-known", "c9/eth0", "now");
    Breach stays = new Breach("kernel-is-known", "c8/eth0", "now");
    Breach never = new Breach("one-owner", "10.0.0.9", "now");
    Breach later = new Breach("one-owner", "10.0.0.8", "later");
    assertThat(Invariants.lasting(List.of(step, stays, never), List.of(new Breach("kernel-is-known", "c8/eth0", "later"), later)))
        .containsExactly(stays, never, later);
  }

  @Test
  void whatNobodyLookedAtIsNotChecked() {
    assertThat(Invariants.breaches(Invariants.all(), Look.of(look().monotonic(), look().ledger()))).isEmpty();
  }

  @Test
  void namesAreToldApartAndWordsAreSentences() {
    assertThat(Invariants.all().stream().map(Invariant::name)).doesNotHaveDuplicates();
    assertThat(Invariants.all()).allSatisfy(i -> assertThat(List.of(i.words(), i.remedy())).allMatch(w -> w.endsWith(".")));
    assertThat(Invariants.always()).isNotEmpty().allMatch(i -> i.holds() == Invariant.Holds.ALWAYS);
  }

  private static List<Breach> named(String name, Look look) {
    return Invariants.of(name).orElseThrow().breaches(look);
  }

  private static EniRecord loose(EniRecord e) {
    return new EniRecord("eni-loose", e.mac(), e.type(), e.subnetId(), e.groups(), e.primary(), List.of(), List.of(), Optional.empty(),
        Map.of("patchbay.dev/token", "unknown"), "", "available");
  }

  private static String eni(Look look, AttachmentKey key) {
    return look.ledger().attachment(key).orElseThrow().addresses().getFirst().eniId().orElseThrow();
  }

  private static AttachmentRecord extra(AttachmentRecord a) {
    return new AttachmentRecord(new AttachmentKey("c1", "net1"), Optional.of(GONE), 1, a.network(), a.podNamespace(), a.podName(),
        a.podUid(), a.netns(), a.hostInterface(), a.mode(), List.of(), a.plan(), a.outcomes(), a.asked(), a.request(), a.state(), a.since(), a.opened());
  }

  private static Ledger with(Ledger ledger, Entry more) {
    Ledger changed = ledger.copy(0);
    changed.apply(more);
    return changed;
  }

  private static Look withLedger(Look look, Entry more) {
    return new Look(look.monotonic(), with(look.ledger(), more), look.written(), look.earlier(), look.promised(), look.node(), look.kernel(),
        look.cloud(), look.calls());
  }

  private static NodeLook node(Look look) {
    return look.node().orElseThrow();
  }

  private static KernelLook kernel(Look look) {
    return look.kernel().orElseThrow();
  }

  private static CloudLook cloud(Look look) {
    return look.cloud().orElseThrow();
  }

  private static Look place(Look look, IpAddress ip, NodeLook.State state) {
    Map<IpAddress, NodeLook.Place> places = new TreeMap<>(node(look).places());
    places.put(ip, new NodeLook.Place("eni-0", "default", state, false));
    return look.withNode(new NodeLook(node(look).facts(), places, Map.of(), node(look).lanes(), false));
  }
}
