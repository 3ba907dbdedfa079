package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is known of the node after each thing that is done to it, before EC2 describes it. */
class KnownFactsTest {
  private static final Cidr FIVE = Cidr.of("10.0.0.5/32");
  private static final Cidr SIX = Cidr.of("10.0.0.6/32");
  private static final Cidr BLOCK = Cidr.of("10.0.1.0/28");

  private final Context context = Parts.context(World.type(4, 5), List.of(Parts.lane(Lane.named("default").withPrimary(true))),
      Parts.eni(0, "default", "10.0.0.5"), Parts.eni(1, "default", "10.0.0.6", "10.0.1.0/28"));
  private final Descriptions descriptions = new Descriptions(context);
  private final KnownFacts facts = new KnownFacts(context, descriptions, new Belonging(context, descriptions),
      new NodeWork(context, () -> {}, () -> {}, () -> {}, () -> {}));

  private List<String> units(String eni) {
    EniRecord record = context.facts().orElseThrow().eni(eni).orElseThrow().record();
    return java.util.stream.Stream.concat(record.addresses().stream().map(IpAddress::toString), record.prefixes().stream().map(Cidr::toString))
        .toList();
  }

  private void at(long millis) {
    context.now = new Moment(Parts.NOW + millis, 0);
  }

  @Test
  void whatIsAssignedIsThereOnceAndOnNoOther() {
    facts.unitsAdded("eni-0", List.of(FIVE, SIX, BLOCK));
    facts.unitsAdded("eni-0", List.of(SIX, BLOCK));
    assertThat(units("eni-0")).containsExactly("10.0.0.5", "10.0.0.6", "10.0.1.0/28");
    assertThat(units("eni-1")).isEmpty();
    assertThat(facts.addedAt(SIX)).isEqualTo(Parts.NOW);
    assertThat(facts.addedAt(Cidr.of("10.0.0.9/32"))).isLessThan(-Descriptions.LAG_MILLIS);
    facts.unitsRemoved("eni-0", List.of(FIVE, BLOCK));
    assertThat(units("eni-0")).containsExactly("10.0.0.6");
  }

  @Test
  void aBlockAloneMovesToo() {
    facts.unitsAdded("eni-0", List.of(BLOCK));
    assertThat(units("eni-1")).containsExactly("10.0.0.6");
  }

  @Test
  void anInterfaceThatIsAddedHasItsOwnNumberAndTakesWhatItHas() {
    facts.interfaceAdded(Parts.record(2, 0, "subnet-a", Map.of(), "10.0.0.6", "10.0.1.0/28"), "default");
    assertThat(units("eni-1")).isEmpty();
    assertThat(units("eni-2")).containsExactly("10.0.0.6", "10.0.1.0/28");
    assertThat(context.facts().orElseThrow().enis()).extracting(NodeFacts.Eni::number).doesNotHaveDuplicates().allMatch(n -> n > 0);
    assertThat(facts.since("eni-2")).isEqualTo(Parts.NOW);
    assertThat(facts.since("eni-1")).isZero();
    facts.interfaceRemoved("eni-2");
    assertThat(context.facts().orElseThrow().eni("eni-2")).isEmpty();
    assertThat(context.facts().orElseThrow().enis()).hasSize(2);
  }

  @Test
  void aDescriptionFromBeforeARemovalIsNotBelievedForAsLongAsEc2Lags() {
    facts.interfaceRemoved("eni-1");
    assertThat(facts.justRemoved("eni-1", Parts.NOW - 1)).isTrue();
    assertThat(facts.justRemoved("eni-1", Parts.NOW + Descriptions.LAG_MILLIS - 1)).isTrue();
    assertThat(facts.justRemoved("eni-1", Parts.NOW + Descriptions.LAG_MILLIS)).isFalse();
    assertThat(facts.justRemoved("eni-9", Parts.NOW)).isFalse();
    facts.unitsRemoved("eni-0", List.of(FIVE));
    assertThat(facts.justRemoved(SIX, Parts.NOW)).isFalse();
    context.taken();
    assertThat(facts.justRemoved(FIVE, Parts.NOW + Descriptions.LAG_MILLIS - 1)).isTrue();
    assertThat(descriptions.next()).as("it is looked at then").isLessThanOrEqualTo(Parts.NOW + Descriptions.LAG_MILLIS);
    assertThat(facts.justRemoved(FIVE, Parts.NOW + Descriptions.LAG_MILLIS)).isFalse();
    assertThat(facts.justRemoved(FIVE, Parts.NOW)).as("it is over").isFalse();
  }

  @Test
  void whatIsAssignedAnewWasNotJustRemoved() {
    facts.unitsRemoved("eni-0", List.of(FIVE));
    facts.unitsAdded("eni-0", List.of(FIVE));
    assertThat(facts.justRemoved(FIVE, Parts.NOW)).isFalse();
    at(5_000);
    facts.doubtful(FIVE);
    assertThat(facts.addedAt(FIVE)).isEqualTo(Parts.NOW + 5_000);
    facts.known("eni-1");
    assertThat(facts.since("eni-1")).isEqualTo(Parts.NOW + 5_000);
  }

  @Test
  void whatIsChangedOfAnInterfaceIsChangedOfThatOneAlone() {
    facts.groupsSet("eni-1", List.of("sg-9"));
    assertThat(context.facts().orElseThrow().eni("eni-1").orElseThrow().record().groups()).containsExactly("sg-9");
    assertThat(context.facts().orElseThrow().primary().record().groups()).containsExactly("sg-1");
    EniRecord loose = Parts.record(2, 0, "subnet-a", Map.of()).withAttachment(new EniRecord.Attachment("attach-2", "i-1", 2, 0, false), "in-use");
    facts.interfaceAdded(loose, "default");
    facts.goesWithInstance("eni-2");
    assertThat(context.facts().orElseThrow().eni("eni-2").orElseThrow().record().attachment().orElseThrow().deleteOnTermination()).isTrue();
  }

  @Test
  void whatIsKnownIsWrittenWhenItIsOtherThanBefore() {
    context.taken();
    facts.take(context.facts().orElseThrow());
    assertThat(writes()).isEqualTo(1);
    facts.take(context.facts().orElseThrow());
    assertThat(writes()).isZero();
    facts.unitsRemoved("eni-0", List.of(FIVE));
    assertThat(writes()).isEqualTo(1);
    assertThat(context.ledger.seen().isTrue("described")).as("EC2 has not described it").isFalse();
  }

  @Test
  void thatEc2HasDescribedItStaysKnownWhateverIsSeenByProcessesThatItHasNotDescribedItTo() {
    context.ledger.apply(new Entry.Seen(Fields.empty().with("described", true)));
    facts.unitsRemoved("eni-0", List.of(FIVE));
    assertThat(context.ledger.seen().isTrue("described")).isTrue();
  }

  @Test
  void whatWasLeavingHasLeftWhenItIsSeenNoMoreAndEc2HasDescribedIt() {
    facts.unitsAdded("eni-0", List.of(FIVE, SIX));
    context.ledger.apply(new Entry.UnitsLeaving("eni-0", List.of(FIVE, SIX)));
    facts.unitsRemoved("eni-0", List.of(FIVE));
    assertThat(context.ledger.left("eni-0")).as("metadata may be late").isEmpty();
    context.ledger.apply(new Entry.Seen(Fields.empty().with("described", true)));
    facts.take(context.facts().orElseThrow());
    assertThat(context.ledger.left("eni-0")).containsExactly(FIVE);
    context.taken();
    facts.take(context.facts().orElseThrow());
    assertThat(writes()).as("that is written once").isZero();
    facts.unitsAdded("eni-0", List.of(FIVE));
    assertThat(context.ledger.left("eni-0")).as("somebody else's").containsExactly(FIVE);
  }

  private long writes() {
    return context.taken().stream().filter(Effect.Write.class::isInstance).count();
  }

  @Test
  void whereTheLanesChangeInterfacesBelongToOthers() {
    facts.take(context.facts().orElseThrow());
    Parts.lanes(context, Parts.lane(Lane.named("other").withPrimary(true)));
    facts.lanesChanged();
    assertThat(context.facts().orElseThrow().primary().lane()).contains("other");
    assertThat(context.book.enis("other")).extracting(AddressBook.Eni::id).containsExactly("eni-0");
    facts.lanesChanged();
    assertThat(context.book.enis("default")).isEmpty();
  }
}
