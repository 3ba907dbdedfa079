package dev.patchbay.core.brain;

import static dev.patchbay.core.brain.Parts.V4;
import static dev.patchbay.core.brain.Parts.V6;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.brain.Draws.Outcome;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.compose.AttachmentPlanning;
import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which addresses an interface draws from which source: all or none, and why none. */
class DrawsTest {
  private static final ModeInstance MODE = SingleAddresses.with(Targets.none());
  private static final IpAddress FIVE = IpAddress.of("10.0.0.5");
  private static final IpAddress SIX = IpAddress.of("10.0.0.6");
  private static final IpAddress OUTSIDE = IpAddress.of("192.0.2.1");
  private static final Finding NEVER = Finding.of(Codes.INSTANCE_FULL, "The instance is full.", "Run fewer pods.");

  private final Context context = Parts.context(World.type(3, 4), List.of(lane(Parts.STOCK, V4)), Parts.eni(0, ""),
      Parts.eni(1, "default", "10.0.0.5", "10.0.0.6"));
  private Optional<Finding> hopeless = Optional.empty();
  private final NodeWork work = new NodeWork(context, () -> {}, () -> {}, () -> {}, () -> {});
  private final Witness witness = new Witness(context, name -> Optional.empty(), work, () -> {});
  private final Draws draws = new Draws(context, want -> hopeless, new Particular(context, witness), work);

  private static LanePlan lane(AddressSource source, AddressFamily family) {
    return Parts.lane(Lane.named("default"), family, source);
  }

  private void source(AddressSource source, AddressFamily family) {
    Parts.lanes(context, lane(source, family));
  }

  private static AddressRequest any(AddressFamily family) {
    return AddressRequest.from("default", family);
  }

  private static AddressRequest this4(IpAddress ip) {
    return any(V4).particular(ip);
  }

  private Part part(AddressRequest... requests) {
    AttachmentRequest of = new AttachmentRequest(new AttachmentKey("c1", "eth0"), "patchbay", "default", "c1", "uid", "/run/netns/c1",
        Fields.empty(), Map.of());
    Part part = new Part(new Job(1, of, context.now, Parts.NOW + 1_000), of.key(), "eni1", Optional.empty());
    // The node has been planned since it asked.
    part.planOfNode = -1;
    part.draft = new AttachmentPlanning.Draft(List.of(new AttachmentPlanning.Share(MODE, List.of(requests))));
    return part;
  }

  private Outcome draw(AddressRequest... requests) {
    return draws.draw(part(requests));
  }

  private List<String> drawn(AddressRequest... requests) {
    return ((Outcome.Drawn) draw(requests)).held().stream().map(h -> h.address() + " of " + h.eniId().orElse("nothing")).toList();
  }

  private String dry(AddressRequest... requests) {
    Outcome.Dry dry = (Outcome.Dry) draw(requests);
    assertThat(dry.reason().code()).isEqualTo(Codes.ADDRESS_WAIT_EXPIRED);
    return dry.want() + ": " + dry.reason().cause();
  }

  private String impossible(AddressRequest... requests) {
    Outcome.Impossible impossible = (Outcome.Impossible) draw(requests);
    assertThat(impossible.later()).isFalse();
    assertThat(impossible.reason().code()).isEqualTo(BrainCodes.REQUEST_IMPOSSIBLE);
    return impossible.reason().cause();
  }

  private void ready() {
    context.book.ready("eni-1", true);
  }

  /** EC2 describes the node as it is known. */
  private void described() {
    witness.descriptions().ask("i-1", "eni-0", (found, asked) -> {}, () -> {});
    answer(new CloudAnswer.Interfaces(List.of(Parts.record(0, 0, "subnet-a", Map.of()))));
  }

  private Effect.Call answer(CloudAnswer answer) {
    Effect.Call call = context.taken().stream().filter(Effect.Call.class::isInstance).map(Effect.Call.class::cast).findFirst().orElseThrow();
    context.answer(call.token(), new Event.Answered(call.token(), answer));
    return call;
  }

  @Test
  void ofStockOneIsDrawnAndAllOrNone() {
    assertThat(dry(any(V4))).startsWith("default IPV4: lane default has no free IPV4 address now: 0 are held, 0 cool down");
    ready();
    assertThat(drawn(any(V4))).containsExactly("10.0.0.5 of eni-1");
    assertThat(context.drawn).containsOnlyKeys(FIVE);
    assertThat(dry(any(V4), any(V4))).contains("2 are held");
    assertThat(context.drawn).as("the second is put back").containsOnlyKeys(FIVE);
    assertThat(drawn(any(V4))).containsExactly("10.0.0.6 of eni-1");
    hopeless = Optional.of(NEVER);
    assertThat(draw(any(V4))).isEqualTo(new Outcome.Impossible(NEVER, true));
    draws.putBack(List.of(new HeldAddress(SIX, "default", Optional.of("eni-1"), "single", any(V4))));
    assertThat(context.drawn).containsOnlyKeys(FIVE);
    draws.settle(List.of(new HeldAddress(FIVE, "default", Optional.of("eni-1"), "single", any(V4))));
    assertThat(context.drawn).isEmpty();
    assertThat(drawn(any(V4))).containsExactly("10.0.0.6 of eni-1");
  }

  @Test
  void whereNothingSuppliesALaneNothingIsWaitedForOnceTheLanesAreKnown() {
    assertThat(impossible(any(V6))).contains("lane default and family IPV6");
    assertThat(impossible(AddressRequest.from("other", V4))).contains("lane other");
    Parts.lanes(context);
    assertThat(dry(any(V4))).contains("lanes are being planned");
  }

  @Test
  void aParticularOneOfTheStockIsDrawnIfItIsFree() {
    ready();
    assertThat(drawn(this4(SIX))).containsExactly("10.0.0.6 of eni-1");
    assertThat(dry(this4(SIX))).startsWith("10.0.0.6: 10.0.0.6 is still held by c1/eth0");
    assertThat(impossible(this4(OUTSIDE))).contains("192.0.2.1 is asked for, and it is not among the free addresses");
    context.ledger.apply(new Entry.Cools(FIVE, Parts.NOW + 5_000));
    assertThat(dry(this4(FIVE))).startsWith("10.0.0.5: 10.0.0.5 cools down for 5 s yet");
    assertThat(context.taken()).contains(new Effect.WakeAt(Parts.NOW + 5_000));
    context.now = new Moment(Parts.NOW + 5_000, 0);
    assertThat(drawn(this4(FIVE))).containsExactly("10.0.0.5 of eni-1");
  }

  @Test
  void ofWhatIsGivenTheModeSaysWhich() {
    source(AddressSource.given(), V4);
    assertThat(drawn(this4(OUTSIDE).on("eni-7"))).containsExactly("192.0.2.1 of eni-7");
    assertThat(drawn(this4(IpAddress.of("192.0.2.2")))).containsExactly("192.0.2.2 of nothing");
    assertThat(impossible(any(V4))).contains("addresses that are told apart, and single did not say which");
    source(AddressSource.onDemand(), V4);
    assertThat(impossible(any(V4))).contains("single did not say which");
  }

  @Test
  void whatIsWaitedForIsTheSlotTheAddressOrTheLane() {
    assertThat(draws.wants(part(any(V4), this4(FIVE)))).containsExactly("default IPV4", "10.0.0.5");
    source(AddressSource.onDemand(), V4);
    assertThat(draws.wants(part(this4(FIVE)))).containsExactly("room on default IPV4");
    Parts.lanes(context);
    assertThat(draws.wants(part(any(V6)))).containsExactly("default IPV6");
  }

  @Test
  void aBlockOfTheNodesOwnGivesEachAddressButTheFirstAndTheLast() {
    source(AddressSource.local(Cidr.of("169.254.0.0/30")), V4);
    assertThat(drawn(any(V4))).containsExactly("169.254.0.1 of nothing");
    assertThat(drawn(any(V4), this4(IpAddress.of("169.254.0.3"))))
        .containsExactly("169.254.0.2 of nothing", "169.254.0.3 of nothing");
    assertThat(dry(any(V4))).contains("all addresses of 169.254.0.0/30 are held or cool down");
    assertThat(impossible(this4(OUTSIDE))).contains("not in 169.254.0.0/30");
    context.drawn.clear();
    context.ledger.apply(new Entry.Cools(IpAddress.of("169.254.0.1"), Parts.NOW + 9_000));
    context.ledger.apply(new Entry.Cools(IpAddress.of("169.254.0.2"), Parts.NOW + 8_000));
    context.taken();
    assertThat(dry(any(V4))).contains("cool down");
    assertThat(context.taken()).contains(new Effect.WakeAt(Parts.NOW + 8_000));
  }

  @Test
  void aDelegatedBlockIsTheFirstOfTheLanesReadyInterfacesThatHasOne() {
    source(AddressSource.delegated(80), V6);
    assertThat(dry(any(V6))).startsWith("default IPV6: lane default has no /80 prefix on its interface yet");
    Parts.facts(context, World.type(3, 4), Parts.eni(0, "", "2001:db8:0:1:9::/80"), Parts.eni(1, "default", "2001:db8:0:1:7::/96", "10.0.0.16/28"),
        Parts.eni(2, "default", "2001:db8:0:1:5::/80"));
    ready();
    assertThat(dry(any(V6))).as("the one that has a block is not ready").contains("no /80 prefix");
    hopeless = Optional.of(NEVER);
    assertThat(draw(any(V6))).isEqualTo(new Outcome.Impossible(NEVER, true));
    context.book.ready("eni-2", true);
    assertThat(((Outcome.Drawn) draw(any(V6))).held()).singleElement().satisfies(h -> {
      assertThat(Cidr.of("2001:db8:0:1:5::/80").contains(h.address())).isTrue();
      assertThat(h.eniId()).contains("eni-2");
    });
    assertThat(drawn(any(V6).particular(IpAddress.of("2001:db8:0:1:5::77")))).containsExactly("2001:db8:0:1:5::77 of eni-2");
    assertThat(impossible(any(V6).particular(IpAddress.of("2001:db8:0:1:7::77")))).contains("not in 2001:db8:0:1:5::/80");
  }

  @Test
  void onDemandAnAddressIsFetchedOnceEc2HasBeenDescribed() {
    source(AddressSource.onDemand(), V4);
    ready();
    assertThat(dry(this4(OUTSIDE))).startsWith("192.0.2.1: EC2 has not described");
    described();
    Outcome.Asked asked = (Outcome.Asked) draw(this4(OUTSIDE));
    assertThat(asked.missing()).hasSize(1).isEqualTo(asked.held());
    assertThat(context.reserved).isEqualTo(Map.of("eni-1", 1));
    // One slot is left, and there is none for two.
    assertThat(dry(this4(IpAddress.of("192.0.2.2")))).startsWith("room on default IPV4: no interface of lane default has room for 192.0.2.2");
    hopeless = Optional.of(NEVER);
    assertThat(draw(this4(IpAddress.of("192.0.2.2")))).isEqualTo(new Outcome.Impossible(NEVER, true));
  }

  @Test
  void whatIsAskedForTogetherIsForgottenTogether() {
    source(AddressSource.onDemand(), V4);
    ready();
    described();
    assertThat(dry(this4(OUTSIDE), this4(IpAddress.of("192.0.2.2")))).startsWith("room on default IPV4");
    assertThat(context.reserved).isEmpty();
    assertThat(context.drawn).isEmpty();
  }

  @Test
  void anAddressThatIsThereAlreadyIsTakenOutOfTheStock() {
    source(AddressSource.onDemand(), V4);
    assertThat(dry(this4(FIVE))).contains("lies on an interface that lane default can't use");
    ready();
    assertThat(drawn(this4(FIVE))).as("somebody else put it there").containsExactly("10.0.0.5 of eni-1");
    context.ledger.apply(new Entry.UnitsMade("eni-1", List.of(SIX.asCidr())));
    assertThat(((Outcome.Asked) draw(this4(SIX))).missing()).as("ours: that it is apart is written first").hasSize(1);
    assertThat(context.reserved).isEmpty();
  }

  @Test
  void anInterfacesOwnAddressIsNobodysAndWhatLeavesIsWaitedFor() {
    source(AddressSource.onDemand(), V4);
    EniRecord e = Parts.record(1, 0, "subnet-a", Map.of(), "10.0.0.5", "10.0.0.6");
    Parts.facts(context, World.type(3, 4), Parts.eni(0, ""), Parts.of(new EniRecord(e.id(), e.mac(), e.type(), e.subnetId(), e.groups(),
        Optional.of(OUTSIDE), e.addresses(), e.prefixes(), e.attachment(), e.tags(), e.description(), e.status()), "default"));
    ready();
    described();
    assertThat(impossible(this4(OUTSIDE))).contains("the own address of the interface eni-1");
    context.book.releasing("eni-1", List.of(FIVE.asCidr()), true);
    assertThat(dry(this4(FIVE))).startsWith("10.0.0.5: 10.0.0.5 is being given back to EC2");
    context.ledger.apply(new Entry.UnitsLeaving("eni-1", List.of(Cidr.of("10.0.0.9/32"))));
    assertThat(dry(this4(IpAddress.of("10.0.0.9")))).contains("is being given back to EC2");
    context.ledger.apply(new Entry.ParticularMade("eni-1", IpAddress.of("10.0.0.8")));
    assertThat(dry(this4(IpAddress.of("10.0.0.8")))).contains("whether EC2 has assigned 10.0.0.8 is not known yet");
  }

  @Test
  void whatIsPutBackWhileItCoolsGoesOnCooling() {
    ready();
    HeldAddress held = ((Outcome.Drawn) draw(any(V4))).held().getFirst();
    context.ledger.apply(new Entry.Cools(held.address(), Parts.NOW + 700));
    draws.putBack(List.of(held));
    assertThat(context.book.counts("default", V4)).isEqualTo(new AddressBook.Counts(0, 1, 1));
    assertThat(context.book.cooling(Parts.NOW)).isEqualTo(Map.of(FIVE, 700L));
    assertThat(context.drawn).isEmpty();
  }
}
