package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.NodeIdentity;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which address is free, held or cooling, whatever comes and goes. */
class AddressBookTest {
  private static final AddressFamily V4 = AddressFamily.IPV4;
  private static final AddressFamily V6 = AddressFamily.IPV6;
  private static final IpAddress FIVE = IpAddress.of("10.0.0.5");
  private static final IpAddress SIX = IpAddress.of("10.0.0.6");

  private final Ledger ledger = new Ledger();
  private final AddressBook book = new AddressBook();

  /** An interface of a lane, with addresses and prefixes. */
  private static NodeFacts.Eni eni(int number, String lane, String... units) {
    List<Cidr> all = Arrays.stream(units).map(u -> u.contains("/") ? Cidr.of(u) : IpAddress.of(u).asCidr()).toList();
    EniRecord record = new EniRecord("eni-" + number, new MacAddress(number), "interface", "subnet-1", List.of(), Optional.empty(),
        all.stream().filter(c -> c.size() == 1).map(Cidr::address).toList(), all.stream().filter(c -> c.size() != 1).toList(),
        Optional.of(new EniRecord.Attachment("a" + number, "i-1", number, 0, true)), Map.of(), "", "in-use");
    return new NodeFacts.Eni(record, number, lane.isEmpty() ? Optional.empty() : Optional.of(lane));
  }

  private static NodeFacts facts(NodeFacts.Eni... enis) {
    return new NodeFacts(new NodeIdentity("i-1", "x", "r", "z", "vpc-1", new MacAddress(0)), World.type(3, 10), List.of(enis), List.of(),
        List.of());
  }

  private void sync(long now, NodeFacts.Eni... enis) {
    book.sync(facts(enis), ledger, Set.of(), eni -> true, now);
  }

  private void ready(NodeFacts.Eni... enis) {
    sync(0, enis);
    Stream.of(enis).forEach(eni -> book.ready(eni.id(), true));
  }

  private Optional<IpAddress> draw(AddressFamily family) {
    return book.draw("default", family, unit -> true).map(AddressBook.Drawn::address);
  }

  private String counts() {
    AddressBook.Counts c = book.counts("default", V4);
    assertThat(c.total()).isEqualTo(c.held() + c.free() + c.cooling());
    return c.held() + " held, " + c.free() + " free, " + c.cooling() + " cooling";
  }

  private List<Cidr> releasable() {
    return book.releasable("default", V4, (eni, cidr) -> true).stream().map(AddressBook.Unit::cidr).toList();
  }

  @Test
  void addressesAreDrawnOfReadyInterfacesOfTheLaneAndFamily() {
    sync(0, eni(1, "default", "10.0.0.5", "2001:db8::5"), eni(2, "other", "10.0.0.9"), eni(3, "", "10.0.0.8"));
    assertThat(draw(V4)).as("not ready yet").isEmpty();
    assertThat(book.pending("default", V4)).isEqualTo(1);
    assertThat(book.pending("other", V4)).isEqualTo(1);
    book.ready("eni-1", true);
    book.ready("eni-9", true);
    assertThat(book.isReady("eni-1")).isTrue();
    assertThat(book.isReady("eni-2")).isFalse();
    assertThat(book.isReady("eni-9")).isFalse();
    assertThat(book.pending("default", V4)).isZero();
    assertThat(draw(V4)).contains(FIVE);
    assertThat(draw(V4)).isEmpty();
    assertThat(draw(V6)).contains(IpAddress.of("2001:db8::5"));
    assertThat(counts()).isEqualTo("1 held, 0 free, 0 cooling");
    assertThat(book.has(IpAddress.of("10.0.0.8"))).as("left alone").isFalse();
    assertThat(book.enis("default")).extracting(AddressBook.Eni::id).containsExactly("eni-1");
    assertThat(book.eni("eni-3")).isEmpty();
  }

  @Test
  void thePreferredUnitGoesFirstThenTheOneWithMostPods() {
    ready(eni(1, "default", "10.0.0.16/28", "10.0.0.32/28"));
    assertThat(draw(V4)).contains(IpAddress.of("10.0.0.16"));
    assertThat(book.draw("default", V4, unit -> unit.cidr().equals(Cidr.of("10.0.0.32/28"))).orElseThrow().address())
        .isEqualTo(IpAddress.of("10.0.0.32"));
    assertThat(book.draw("default", V4, unit -> unit.cidr().equals(Cidr.of("10.0.0.32/28"))).orElseThrow().address())
        .isEqualTo(IpAddress.of("10.0.0.33"));
    assertThat(draw(V4)).as("packed").contains(IpAddress.of("10.0.0.34"));
    assertThat(book.draw("default", V4, unit -> false).orElseThrow().address()).as("or another").isEqualTo(IpAddress.of("10.0.0.35"));
  }

  @Test
  void whatIsPutBackIsFreeAndWhatIsReleasedCoolsDownFirst() {
    ready(eni(1, "default", "10.0.0.5", "10.0.0.6"));
    assertThat(draw(V4)).contains(FIVE);
    book.putBack(FIVE);
    book.putBack(FIVE);
    book.putBack(IpAddress.of("10.9.9.9"));
    assertThat(counts()).isEqualTo("0 held, 2 free, 0 cooling");
    assertThat(draw(V4)).contains(FIVE);
    book.release(FIVE, 100);
    book.release(FIVE, 200);
    book.release(SIX, 100);
    assertThat(counts()).isEqualTo("0 held, 1 free, 1 cooling");
    assertThat(book.nextThaw()).contains(100L);
    assertThat(book.thaw(99)).isFalse();
    assertThat(book.thaw(100)).isTrue();
    assertThat(book.thaw(100)).isFalse();
    assertThat(book.nextThaw()).isEmpty();
    assertThat(counts()).isEqualTo("0 held, 2 free, 0 cooling");
    assertThat(draw(V4)).as("nobody had it").contains(SIX);
    assertThat(draw(V4)).contains(FIVE);
  }

  @Test
  void ofAPrefixTheAddressThatRestedLongestIsNext() {
    ready(eni(1, "default", "10.0.0.16/28"));
    for (int n = 0; n < 16; n++) {
      assertThat(draw(V4)).contains(IpAddress.of("10.0.0.16").plus(n));
    }
    book.release(IpAddress.of("10.0.0.20"), 10);
    book.release(IpAddress.of("10.0.0.18"), 20);
    book.thaw(20);
    assertThat(draw(V4)).contains(IpAddress.of("10.0.0.20"));
    assertThat(draw(V4)).contains(IpAddress.of("10.0.0.18"));
  }

  @Test
  void ofSingleAddressesTheOneThatRestedLongestIsNext() {
    ready(eni(1, "default", "10.0.0.5", "10.0.0.6", "10.0.0.7"));
    assertThat(draw(V4)).hasValue(FIVE);
    assertThat(draw(V4)).hasValue(SIX);
    book.release(SIX, 100);
    book.release(FIVE, 200);
    book.thaw(300);
    assertThat(draw(V4)).as("nobody had it").hasValue(IpAddress.of("10.0.0.7"));
    assertThat(draw(V4)).as("it has rested longer").hasValue(SIX);
    assertThat(draw(V4)).hasValue(FIVE);
  }

  @Test
  void anAddressThatCoolsASecondTimeDoesNotThawWithTheFirst() {
    ready(eni(1, "default", "10.0.0.5"));
    assertThat(draw(V4)).isPresent();
    book.release(FIVE, 100);
    book.thaw(100);
    assertThat(draw(V4)).isPresent();
    book.release(FIVE, 300);
    sync(100, eni(1, "default", "10.0.0.5"));
    assertThat(book.thaw(299)).isFalse();
    assertThat(book.thaw(300)).isTrue();
  }

  @Test
  void aParticularAddressIsDrawnByItsName() {
    ready(eni(1, "default", "10.0.0.5", "10.0.0.6"), eni(2, "other", "10.0.0.9"));
    assertThat(book.drawThis("default", SIX)).contains(new AddressBook.Drawn(SIX, "eni-1"));
    assertThat(book.drawThis("default", SIX)).as("held").isEmpty();
    assertThat(book.drawThis("default", IpAddress.of("10.0.0.9"))).as("another lane's").isEmpty();
    assertThat(book.drawThis("default", IpAddress.of("10.0.0.99"))).isEmpty();
    assertThat(draw(V4)).contains(FIVE);
    assertThat(draw(V4)).as("and not twice").isEmpty();
    book.ready("eni-2", false);
    assertThat(book.drawThis("other", IpAddress.of("10.0.0.9"))).isEmpty();
    book.ready("eni-2", true);
    book.drain("eni-2", true);
    assertThat(book.drawThis("other", IpAddress.of("10.0.0.9"))).isEmpty();
    book.drain("eni-2", false);
    book.releasing("eni-2", List.of(Cidr.of("10.0.0.9/32")), true);
    assertThat(book.drawThis("other", IpAddress.of("10.0.0.9"))).isEmpty();
    book.releasing("eni-2", List.of(Cidr.of("10.0.0.9/32"), Cidr.of("10.7.7.7/32")), false);
    assertThat(book.drawThis("other", IpAddress.of("10.0.0.9"))).isPresent();
  }

  @Test
  void whatIsKeptApartIsNoStock() {
    ready(eni(1, "default", "10.0.0.5", "10.0.0.6", "10.0.0.16/28"));
    book.keepApart(FIVE);
    book.keepApart(IpAddress.of("10.0.0.16"));
    book.keepApart(IpAddress.of("10.0.0.99"));
    assertThat(counts()).isEqualTo("0 held, 17 free, 0 cooling");
    assertThat(book.spent("default", V4)).extracting(AddressBook.Unit::cidr).containsExactly(FIVE.asCidr());
    assertThat(book.spent("default", V6)).isEmpty();
    assertThat(book.spent("other", V4)).isEmpty();
    assertThat(releasable()).containsExactlyInAnyOrder(SIX.asCidr(), Cidr.of("10.0.0.16/28"));
    assertThat(book.idle("default", V4, unit -> true)).isEqualTo(17);
    assertThat(book.drawThis("default", FIVE)).isPresent();
    assertThat(book.spent("default", V4)).as("somebody has it").isEmpty();
    book.release(FIVE, 10);
    assertThat(book.spent("default", V4)).as("it cools down").isEmpty();
    book.thaw(10);
    assertThat(book.spent("default", V4)).hasSize(1);
    book.releasing("eni-1", List.of(FIVE.asCidr()), true);
    assertThat(book.spent("default", V4)).as("it is being released").isEmpty();
  }

  @Test
  void theLedgerSaysWhoIsHeldWhoCoolsWhatLeavesAndWhatIsApart() {
    ledger.apply(new Entry.Cools(FIVE, 50));
    ledger.apply(new Entry.Cools(SIX, 20));
    ledger.apply(new Entry.ParticularMade("eni-1", IpAddress.of("10.0.0.7")));
    ledger.apply(new Entry.UnitsLeaving("eni-1", List.of(Cidr.of("10.0.0.8/32"))));
    ledger.apply(new Entry.EniLeaving("eni-2"));
    NodeFacts.Eni one = eni(1, "default", "10.0.0.5", "10.0.0.6", "10.0.0.7", "10.0.0.8", "10.0.0.9");
    NodeFacts.Eni two = eni(2, "default", "10.0.0.11");
    book.sync(facts(one, two), ledger, Set.of(IpAddress.of("10.0.0.9")), eni -> true, 20);
    book.ready("eni-1", true);
    book.ready("eni-2", true);
    assertThat(counts()).isEqualTo("1 held, 1 free, 1 cooling");
    assertThat(book.eni("eni-2").orElseThrow().draining()).isTrue();
    assertThat(book.eni("eni-1").orElseThrow().draining()).isFalse();
    assertThat(draw(V4)).contains(SIX);
    assertThat(draw(V4)).isEmpty();
    assertThat(book.nextThaw()).contains(50L);
  }

  @Test
  void anInterfaceThatDoesNotFitGivesNothingMoreAndKeepsWhatIsHeld() {
    NodeFacts.Eni one = eni(1, "default", "10.0.0.5", "10.0.0.6");
    ready(one);
    assertThat(draw(V4)).isPresent();
    book.sync(facts(one), ledger, Set.of(), eni -> false, 0);
    assertThat(book.eni("eni-1").orElseThrow().stale()).isTrue();
    assertThat(counts()).isEqualTo("1 held, 0 free, 0 cooling");
    assertThat(draw(V4)).isEmpty();
    assertThat(book.idle("default", V4, unit -> true)).isZero();
    sync(0, one);
    assertThat(draw(V4)).contains(SIX);
  }

  @Test
  void unitsThatAreGoneAreForgottenUnlessSomebodyHoldsThem() {
    ready(eni(1, "default", "10.0.0.5", "10.0.0.6", "10.0.0.7"));
    assertThat(draw(V4)).contains(FIVE);
    sync(0, eni(1, "default", "10.0.0.7"));
    assertThat(book.has(SIX)).isFalse();
    assertThat(book.has(FIVE)).as("held").isTrue();
    assertThat(counts()).isEqualTo("1 held, 1 free, 0 cooling");
    assertThat(book.eni("eni-1").orElseThrow().idle()).isFalse();
    assertThat(book.eni("eni-1").orElseThrow().bare()).isFalse();
    sync(0);
    assertThat(book.has(FIVE)).isFalse();
    sync(0, eni(1, "default"));
    assertThat(book.eni("eni-1").orElseThrow().bare()).isTrue();
    assertThat(book.eni("eni-1").orElseThrow().idle()).isTrue();
  }

  @Test
  void anAddressThatMovedIsWhereEc2HasItNow() {
    ready(eni(1, "default", "10.0.0.5", "10.0.0.6"), eni(2, "default", "10.0.0.9"));
    sync(0, eni(1, "default", "10.0.0.6"), eni(2, "default", "10.0.0.9", "10.0.0.5"));
    assertThat(book.drawThis("default", FIVE)).contains(new AddressBook.Drawn(FIVE, "eni-2"));
    assertThat(counts()).isEqualTo("1 held, 2 free, 0 cooling");
    // And also if the interface that loses it comes after the one that has it.
    sync(0, eni(1, "default", "10.0.0.6", "10.0.0.9"), eni(2, "default", "10.0.0.5"));
    assertThat(book.drawThis("default", IpAddress.of("10.0.0.9"))).contains(new AddressBook.Drawn(IpAddress.of("10.0.0.9"), "eni-1"));
    assertThat(counts()).isEqualTo("2 held, 1 free, 0 cooling");
  }

  @Test
  void anInterfaceThatChangesItsLaneKeepsItsReadiness() {
    ready(eni(1, "default", "10.0.0.5"));
    sync(0, eni(1, "other", "10.0.0.5"));
    assertThat(book.isReady("eni-1")).isTrue();
    assertThat(draw(V4)).isEmpty();
    assertThat(book.drawThis("other", FIVE)).isPresent();
    assertThat(book.enis("default")).isEmpty();
  }

  @Test
  void whatEc2NoLongerListsIsNotGivenOut() {
    ready(eni(1, "default", "10.0.0.5"));
    book.vanished("eni-1", FIVE.asCidr(), true);
    book.vanished("eni-1", SIX.asCidr(), true);
    book.vanished("eni-9", FIVE.asCidr(), true);
    assertThat(draw(V4)).isEmpty();
    assertThat(counts()).isEqualTo("0 held, 0 free, 0 cooling");
    assertThat(releasable()).isEmpty();
    book.ready("eni-1", false);
    assertThat(book.pending("default", V4)).isZero();
    book.vanished("eni-1", FIVE.asCidr(), false);
    assertThat(book.pending("default", V4)).isEqualTo(1);
  }

  @Test
  void pendingAndIdleCountWhatCouldBeUsed() {
    sync(0, eni(1, "default", "10.0.0.5", "2001:db8::5"), eni(2, "default", "10.0.0.6", "10.0.0.7"));
    assertThat(book.pending("default", V4)).isEqualTo(3);
    assertThat(book.pending("default", V6)).isEqualTo(1);
    book.drain("eni-1", true);
    assertThat(book.pending("default", V4)).isEqualTo(2);
    book.keepApart(SIX);
    assertThat(book.pending("default", V4)).isEqualTo(1);
    book.drain("eni-1", false);
    book.ready("eni-1", true);
    assertThat(book.idle("default", V4, unit -> true)).isEqualTo(2);
    assertThat(book.idle("default", V4, unit -> !unit.cidr().address().equals(FIVE))).isEqualTo(1);
    assertThat(book.idle("default", V6, unit -> true)).isEqualTo(1);
    assertThat(book.idle("other", V4, unit -> true)).isZero();
    assertThat(draw(V4)).contains(FIVE);
    assertThat(book.idle("default", V4, unit -> true)).isEqualTo(1);
    book.releasing("eni-2", List.of(Cidr.of("10.0.0.7/32")), true);
    assertThat(book.idle("default", V4, unit -> true)).isZero();
    assertThat(book.counts("default", V4, unit -> false)).isEqualTo(new AddressBook.Counts(1, 0, 0));
  }

  @Test
  void theLastInterfacesEmptyFirst() {
    ready(eni(1, "default", "10.0.0.5"), eni(2, "default", "10.0.0.6", "10.0.0.7"), eni(3, "other", "10.0.0.8"));
    assertThat(releasable()).containsExactly(SIX.asCidr(), Cidr.of("10.0.0.7/32"), FIVE.asCidr());
    List<String> asked = new ArrayList<>();
    assertThat(book.releasable("default", V4, (eni, cidr) -> {
      asked.add(eni + " " + cidr);
      return false;
    })).isEmpty();
    assertThat(asked).containsExactly("eni-2 10.0.0.6/32", "eni-2 10.0.0.7/32", "eni-1 10.0.0.5/32");
    assertThat(book.releasable("default", V6, (eni, cidr) -> true)).isEmpty();
    assertThat(draw(V4)).contains(FIVE);
    assertThat(releasable()).hasSize(2);
    assertThat(book.eniOf(book.releasable("default", V4, (eni, cidr) -> true).getFirst())).isEqualTo("eni-2");
  }

  /** What was counted is counted anew after each change, whatever it is. */
  @Test
  void everyChangeIsCounted() {
    NodeFacts.Eni eni = eni(1, "default", "10.0.0.5", "10.0.0.6", "10.0.0.16/28");
    ready(eni);
    assertThat(counts()).isEqualTo("0 held, 18 free, 0 cooling");
    assertThat(book.drawThis("default", FIVE)).isPresent();
    assertThat(counts()).isEqualTo("1 held, 17 free, 0 cooling");
    book.putBack(FIVE);
    assertThat(counts()).isEqualTo("0 held, 18 free, 0 cooling");
    assertThat(draw(V4)).contains(FIVE);
    assertThat(counts()).isEqualTo("1 held, 17 free, 0 cooling");
    book.release(FIVE, 1_000);
    assertThat(counts()).isEqualTo("0 held, 17 free, 1 cooling");
    assertThat(book.thaw(999)).isFalse();
    assertThat(book.thaw(1_000)).isTrue();
    assertThat(counts()).isEqualTo("0 held, 18 free, 0 cooling");
    book.keepApart(FIVE);
    assertThat(counts()).isEqualTo("0 held, 17 free, 0 cooling");
    book.releasing("eni-1", List.of(SIX.asCidr()), true);
    assertThat(counts()).isEqualTo("0 held, 16 free, 0 cooling");
    book.releasing("eni-1", List.of(SIX.asCidr()), false);
    book.vanished("eni-1", SIX.asCidr(), true);
    assertThat(counts()).isEqualTo("0 held, 16 free, 0 cooling");
    book.vanished("eni-1", SIX.asCidr(), false);
    assertThat(counts()).isEqualTo("0 held, 17 free, 0 cooling");
    book.drain("eni-1", true);
    assertThat(counts()).isEqualTo("0 held, 0 free, 0 cooling");
    book.drain("eni-1", false);
    assertThat(counts()).isEqualTo("0 held, 17 free, 0 cooling");
    book.sync(facts(eni), ledger, Set.of(), e -> false, 2_000);
    assertThat(counts()).as("it lies where the lane has none any more").isEqualTo("0 held, 0 free, 0 cooling");
    sync(2_000, eni(1, "default", "10.0.0.6"));
    assertThat(counts()).isEqualTo("0 held, 1 free, 0 cooling");
    sync(2_000, eni(1, "default", "10.0.0.6", "10.0.0.7"));
    assertThat(counts()).isEqualTo("0 held, 2 free, 0 cooling");
  }

  @Test
  void anAddressThatMovedIsCountedWhereItIs() {
    NodeFacts.Eni first = eni(1, "default", "10.0.0.5", "10.0.0.6");
    ready(first, eni(2, "other", "10.0.0.9"));
    assertThat(counts()).isEqualTo("0 held, 2 free, 0 cooling");
    // The description is of an instant between the two: the first still has it.
    sync(0, first, eni(2, "other", "10.0.0.9", "10.0.0.6"));
    assertThat(counts()).isEqualTo("0 held, 1 free, 0 cooling");
    assertThat(book.counts("other", V4).free()).isEqualTo(2);
    assertThat(book.drawThis("other", SIX)).isPresent();
    sync(0, eni(1, "default", "10.0.0.5"), eni(2, "other", "10.0.0.9", "10.0.0.6"));
    assertThat(book.counts("other", V4).held()).isEqualTo(1);
  }

  @Test
  void howLongAnAddressCoolsDownIsSaidOfItsLastTimeAlone() {
    ready(eni(1, "default", "10.0.0.5", "10.0.0.6"));
    assertThat(book.nextThaw()).isEmpty();
    assertThat(draw(V4)).contains(FIVE);
    book.release(FIVE, 1_000);
    assertThat(book.cooling(400)).isEqualTo(Map.of(FIVE, 600L));
    assertThat(book.cooling(5_000)).as("nobody has looked since").isEqualTo(Map.of(FIVE, 0L));
    assertThat(book.nextThaw()).contains(1_000L);
    assertThat(book.thaw(1_000)).isTrue();
    assertThat(book.cooling(1_000)).isEmpty();
    assertThat(draw(V4)).as("the other has rested longer").contains(SIX);
  }

  @Test
  void whatLeavesIsKnownByAddress() {
    ready(eni(1, "default", "10.0.0.5", "10.0.0.6"));
    assertThat(book.isLeaving(FIVE)).isFalse();
    assertThat(book.isLeaving(IpAddress.of("10.9.9.9"))).isFalse();
    book.releasing("eni-1", List.of(FIVE.asCidr()), true);
    assertThat(book.isLeaving(FIVE)).isTrue();
    assertThat(book.isLeaving(SIX)).isFalse();
    assertThat(book.drawThis("default", FIVE)).isEmpty();
    book.drain("eni-1", true);
    assertThat(book.isLeaving(SIX)).isTrue();
    assertThat(book.drawThis("default", SIX)).isEmpty();
  }

  @Test
  void oneOfABlockIsNeverKeptApart() {
    ready(eni(1, "default", "10.0.0.16/28"));
    IpAddress one = draw(V4).orElseThrow();
    book.keepApart(one);
    book.keepApart(IpAddress.of("10.9.9.9"));
    book.release(one, 10);
    book.thaw(10);
    assertThat(book.spent("default", V4)).isEmpty();
    assertThat(counts()).isEqualTo("0 held, 16 free, 0 cooling");
  }
}
