package dev.patchbay.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What entries add up to. */
class LedgerTest {
  private static final IpAddress FIVE = IpAddress.of("10.0.0.5");
  private static final IpAddress SIX = IpAddress.of("10.0.0.6");
  private static final Cidr PREFIX = Cidr.of("10.0.0.16/28");

  private final Ledger ledger = new Ledger();

  private void apply(Entry... entries) {
    for (Entry entry : entries) {
      ledger.apply(entry);
    }
  }

  @Test
  void anAttachmentHoldsItsAddressesUntilItEndsAndThenTheyCoolDown() {
    AttachmentRecord open = Records.open("c1", "10.0.0.5", "10.0.0.6");
    apply(new Entry.Cools(FIVE, 99), new Entry.Attached(open));
    assertThat(ledger.attachment(open.key())).contains(open);
    assertThat(ledger.attachments()).containsExactly(open);
    assertThat(ledger.holder(FIVE)).contains(open.key());
    assertThat(ledger.coolUntil(FIVE)).as("who is held does not cool down").isEmpty();

    apply(new Entry.Marked(open.key(), AttachmentRecord.State.LIVE), new Entry.Marked(Records.key("c2"), AttachmentRecord.State.LIVE));
    assertThat(ledger.attachment(open.key())).contains(open.in(AttachmentRecord.State.LIVE));
    assertThat(ledger.attachment(Records.key("c2"))).isEmpty();

    apply(new Entry.Ended(open.key(), 1_000), new Entry.Ended(Records.key("c2"), 5));
    assertThat(ledger.attachments()).isEmpty();
    assertThat(ledger.holder(FIVE)).isEmpty();
    assertThat(ledger.coolUntil(FIVE)).contains(1_000L);
    assertThat(ledger.cooling()).containsOnlyKeys(FIVE, SIX);
  }

  @Test
  void anAddressHasOneHolder() {
    apply(new Entry.Attached(Records.open("c1", "10.0.0.5")));
    assertThatExceptionOfType(LedgerFormatException.class)
        .isThrownBy(() -> apply(new Entry.Attached(Records.open("c2", "10.0.0.6", "10.0.0.5"))))
        .withMessage("10.0.0.5 would be held by c1/eth0 and by c2/eth0");
    assertThat(ledger.attachments()).hasSize(1);
    assertThat(ledger.holder(SIX)).as("half of it is not applied").isEmpty();
  }

  @Test
  void anAttachmentThatIsWrittenAgainHoldsWhatItSaysNow() {
    apply(new Entry.Attached(Records.open("c1", "10.0.0.5")), new Entry.Attached(Records.open("c1", "10.0.0.6")));
    assertThat(ledger.holder(FIVE)).isEmpty();
    assertThat(ledger.holder(SIX)).contains(Records.key("c1"));
  }

  @Test
  void whoWasToldIsKnownUntilTheAttachmentEndsOrIsOpenedAgain() {
    AttachmentRecord open = Records.open("c1", "10.0.0.5");
    apply(new Entry.Told(open.key()));
    assertThat(ledger.told(open.key())).as("there is nothing to tell of").isFalse();
    apply(new Entry.Attached(open), new Entry.Told(open.key()));
    assertThat(ledger.told(open.key())).isTrue();
    apply(new Entry.Attached(open.in(AttachmentRecord.State.LIVE)));
    assertThat(ledger.told(open.key())).as("another plan changes nothing").isTrue();
    apply(new Entry.Attached(open));
    assertThat(ledger.told(open.key())).isFalse();
    apply(new Entry.Told(open.key()), new Entry.Ended(open.key(), 1), new Entry.Attached(open.in(AttachmentRecord.State.LIVE)));
    assertThat(ledger.told(open.key())).isFalse();
  }

  @Test
  void theAttachmentsOfASandboxComeInTheirOrder() {
    AttachmentRecord first = Records.open("c1");
    AttachmentRecord second = Records.extra("c1", "net9", 1);
    AttachmentRecord third = Records.extra("c1", "net1", 2);
    AttachmentRecord sameSandbox = Records.record(new AttachmentKey("c1", "aaa"), Optional.empty(), 2, List.of(), AttachmentRecord.State.LIVE);
    apply(new Entry.Attached(third), new Entry.Attached(Records.open("c0")), new Entry.Attached(Records.open("c10")),
        new Entry.Attached(second), new Entry.Attached(first), new Entry.Attached(sameSandbox));
    assertThat(ledger.ofSandbox("c1")).containsExactly(first, second, sameSandbox, third);
    assertThat(ledger.extrasOf(first.key())).containsExactly(second, third);
    assertThat(ledger.ofSandbox("c")).isEmpty();
  }

  @Test
  void whatHasCooledDownIsForgotten() {
    apply(new Entry.Cools(FIVE, 10), new Entry.Cools(SIX, 20));
    assertThat(ledger.nextCooled(9)).isEqualTo(OptionalLong.of(10));
    assertThat(ledger.nextCooled(10)).isEqualTo(OptionalLong.of(20));
    assertThat(ledger.nextCooled(20)).isEmpty();
    ledger.forgetCooled(9);
    assertThat(ledger.cooling()).hasSize(2);
    ledger.forgetCooled(10);
    assertThat(ledger.cooling()).containsOnlyKeys(SIX);
  }

  @Test
  void anInterfaceIsIntendedThenMadeThenGoneWithAllThatIsOnIt() {
    apply(new Entry.EniIntended("t1", "default"), new Entry.EniIntended("t2", "other"));
    assertThat(ledger.intended()).containsEntry("t1", "default").containsEntry("t2", "other");
    apply(new Entry.EniMade("t1", "eni-1", "default"), new Entry.EniMade("t3", "eni-3", "default"));
    assertThat(ledger.intended()).containsOnlyKeys("t2");
    assertThat(ledger.made("eni-1")).contains(new Ledger.Made("t1", "eni-1", "default"));
    apply(new Entry.UnitsIntended("eni-1"), new Entry.UnitsMade("eni-1", List.of(PREFIX)), new Entry.ParticularMade("eni-1", FIVE),
        new Entry.UnitsLeaving("eni-1", List.of(PREFIX)), new Entry.EniLeaving("eni-1"), new Entry.UnitsIntended("eni-1"),
        new Entry.UnitsMade("eni-3", List.of(SIX.asCidr())));
    assertThat(ledger.enisLeaving()).containsExactly("eni-1");
    assertThat(ledger.isUnsettled("eni-1")).isTrue();

    apply(new Entry.EniGone("t1"), new Entry.EniGone("t2"));
    assertThat(ledger.intended()).isEmpty();
    assertThat(ledger.made()).containsExactly(new Ledger.Made("t3", "eni-3", "default"));
    assertThat(ledger.units()).containsOnlyKeys("eni-3");
    assertThat(ledger.isParticular("eni-1", FIVE)).isFalse();
    assertThat(ledger.leaving("eni-1")).isEmpty();
    assertThat(ledger.enisLeaving()).isEmpty();
    assertThat(ledger.isUnsettled("eni-1")).isFalse();
  }

  @Test
  void whatWasLeavingHasLeftWhenItsInterfaceIsGivenABlockAroundIt() {
    Cidr within = Cidr.of("10.0.64.32/32");
    Cidr beside = Cidr.of("10.0.64.5/32");
    apply(new Entry.UnitsMade("eni-1", List.of(beside, within)), new Entry.UnitsLeaving("eni-1", List.of(beside, within)),
        new Entry.UnitsLeaving("eni-2", List.of(within)), new Entry.UnitsMade("eni-1", List.of(Cidr.of("10.0.64.32/28"))));
    assertThat(ledger.leaving("eni-1")).containsExactly(beside);
    assertThat(ledger.leaving("eni-2")).as("descriptions may have it there for a while yet").containsExactly(within);
  }

  @Test
  void unitsAreOursFromWhenTheyAreMadeUntilTheyAreGone() {
    apply(new Entry.UnitsIntended("eni-1"));
    assertThat(ledger.isUnsettled("eni-1")).isTrue();
    apply(new Entry.UnitsSettled("eni-1"));
    assertThat(ledger.isUnsettled("eni-1")).isFalse();
    apply(new Entry.UnitsIntended("eni-1"), new Entry.UnitsMade("eni-1", List.of(PREFIX, FIVE.asCidr())));
    assertThat(ledger.isUnsettled("eni-1")).isFalse();
    assertThat(ledger.ours("eni-1", PREFIX)).isTrue();
    assertThat(ledger.ours("eni-2", PREFIX)).isFalse();
    assertThat(ledger.ours("eni-1", SIX.asCidr())).isFalse();

    apply(new Entry.UnitsGone("eni-1", List.of(PREFIX)), new Entry.UnitsGone("eni-9", List.of(PREFIX)));
    assertThat(ledger.units()).containsOnlyKeys("eni-1");
    assertThat(ledger.units().get("eni-1")).containsExactly(FIVE.asCidr());
    apply(new Entry.UnitsGone("eni-1", List.of(FIVE.asCidr())));
    assertThat(ledger.units()).isEmpty();
  }

  @Test
  void aParticularAddressIsOursAndKeptApart() {
    apply(new Entry.ParticularMade("eni-1", FIVE), new Entry.ParticularMade("eni-1", SIX));
    assertThat(ledger.ours("eni-1", FIVE.asCidr())).isTrue();
    assertThat(ledger.isParticular("eni-1", FIVE)).isTrue();
    assertThat(ledger.isParticular("eni-2", FIVE)).isFalse();
    apply(new Entry.UnitsGone("eni-1", List.of(FIVE.asCidr())));
    assertThat(ledger.isParticular("eni-1", FIVE)).isFalse();
    assertThat(ledger.isParticular("eni-1", SIX)).isTrue();
    apply(new Entry.UnitsGone("eni-1", List.of(SIX.asCidr())));
    assertThat(ledger.snapshot(Entry.Part.LIB, 0)).isEmpty();
  }

  @Test
  void whatLeavesComesBackWhenItStaysIsMadeAgainOrIsGone() {
    List<Cidr> both = List.of(PREFIX, FIVE.asCidr());
    apply(new Entry.UnitsLeaving("eni-1", both), new Entry.UnitsLeaving("eni-2", both));
    assertThat(ledger.leaving("eni-1")).containsExactlyInAnyOrderElementsOf(both);
    apply(new Entry.UnitsStay("eni-1", List.of(PREFIX)));
    assertThat(ledger.leaving("eni-1")).containsExactly(FIVE.asCidr());
    assertThat(ledger.leaving("eni-2")).hasSize(2);
    apply(new Entry.ParticularMade("eni-1", FIVE), new Entry.UnitsMade("eni-2", List.of(PREFIX)));
    assertThat(ledger.leaving("eni-1")).isEmpty();
    assertThat(ledger.leaving("eni-2")).containsExactly(FIVE.asCidr());
    apply(new Entry.UnitsGone("eni-2", List.of(FIVE.asCidr())));
    assertThat(ledger.leaving("eni-2")).isEmpty();
    apply(new Entry.EniLeaving("eni-1"), new Entry.EniLeaving("eni-2"), new Entry.EniStays("eni-1"));
    assertThat(ledger.enisLeaving()).containsExactly("eni-2");
  }

  @Test
  void whatHasLeftIsKnownUntilItLeavesNoMoreOrIsReleasedOnceMore() {
    List<Cidr> both = List.of(PREFIX, FIVE.asCidr());
    apply(new Entry.UnitsLeft("eni-1", both));
    assertThat(ledger.left("eni-1")).as("nothing was leaving").isEmpty();
    apply(new Entry.UnitsLeaving("eni-1", both), new Entry.UnitsLeaving("eni-2", both), new Entry.UnitsLeft("eni-1", both),
        new Entry.UnitsLeft("eni-1", List.of(SIX.asCidr())));
    assertThat(ledger.left("eni-1")).containsExactlyInAnyOrderElementsOf(both);
    assertThat(ledger.leaving("eni-1")).as("descriptions may have them yet").containsExactlyInAnyOrderElementsOf(both);
    assertThat(ledger.left("eni-2")).isEmpty();
    assertThat(ledger.copy(0).left("eni-1")).isEqualTo(ledger.left("eni-1"));
    apply(new Entry.UnitsLeaving("eni-1", List.of(PREFIX)));
    assertThat(ledger.left("eni-1")).containsExactly(FIVE.asCidr());
    apply(new Entry.UnitsGone("eni-1", List.of(FIVE.asCidr())), new Entry.UnitsLeft("eni-1", List.of(PREFIX)));
    assertThat(ledger.left("eni-1")).containsExactly(PREFIX);
    apply(new Entry.UnitsMade("eni-1", List.of(PREFIX)));
    assertThat(ledger.left("eni-1")).isEmpty();
    apply(new Entry.EniMade("t", "eni-2", "default"), new Entry.UnitsLeft("eni-2", both), new Entry.UnitsStay("eni-2", List.of(PREFIX)));
    assertThat(ledger.left("eni-2")).containsExactly(FIVE.asCidr());
    apply(new Entry.EniGone("t"));
    assertThat(ledger.left("eni-2")).isEmpty();
    assertThat(ledger.left("eni-9")).isEmpty();
  }

  @Test
  void typesAreLearnedAndEntriesOfTheFutureKept() {
    InstanceTypeRecord type = new InstanceTypeRecord("x9.large", List.of(3), 10, 10, true, false, 0, 2);
    Entry.Unknown unknown = new Entry.Unknown(Fields.empty().with("entry", "new").with("part", "LIB"));
    apply(new Entry.TypeLearned(type), unknown);
    assertThat(ledger.type("x9.large")).contains(type);
    assertThat(ledger.type("x9.small")).isEmpty();
    assertThat(ledger.unknown()).containsExactly(unknown);
  }

  /** Everything that can be in a ledger. */
  private void fill() {
    apply(new Entry.Seen(Fields.empty().with("node", "i-1")), new Entry.Planned(Fields.empty().with("lanes", "x")),
        new Entry.Cools(SIX, 50), new Entry.Cools(IpAddress.of("10.0.0.7"), 10), new Entry.Attached(Records.open("c1", "10.0.0.5")),
        new Entry.Told(Records.key("c1")), new Entry.Attached(Records.extra("c1", "net1", 1)), new Entry.EniIntended("t2", "other"),
        new Entry.EniMade("t1", "eni-1", "default"), new Entry.UnitsMade("eni-1", List.of(PREFIX, FIVE.asCidr())),
        new Entry.ParticularMade("eni-1", SIX), new Entry.UnitsLeaving("eni-1", List.of(PREFIX)), new Entry.UnitsLeft("eni-1", List.of(PREFIX)),
        new Entry.UnitsIntended("eni-1"), new Entry.EniLeaving("eni-1"), new Entry.TypeLearned(new InstanceTypeRecord("x9.large", List.of(3), 10, 10, true, false, 0, 2)),
        new Entry.Unknown(Fields.empty().with("entry", "new").with("part", "LIB")),
        new Entry.Unknown(Fields.empty().with("entry", "newer").with("part", "RUN")));
  }

  @Test
  void aSnapshotHasAllButWhatHasCooledDown() {
    fill();
    List<Entry> run = ledger.snapshot(Entry.Part.RUN, 10);
    List<Entry> lib = ledger.snapshot(Entry.Part.LIB, 10);
    assertThat(run).allMatch(entry -> entry.part() == Entry.Part.RUN).hasSize(7);
    assertThat(lib).allMatch(entry -> entry.part() == Entry.Part.LIB).hasSize(10);
    List<Entry> bytes = new ArrayList<>();
    run.forEach(entry -> bytes.add(Entry.of(entry.bytes())));
    lib.forEach(entry -> bytes.add(Entry.of(entry.bytes())));
    Ledger other = new Ledger();
    bytes.forEach(other::apply);
    for (Ledger same : List.of(other, ledger.copy(10))) {
      assertThat(same.snapshot(Entry.Part.RUN, 0)).isEqualTo(run);
      assertThat(same.snapshot(Entry.Part.LIB, 0)).isEqualTo(lib);
      assertThat(same.seen()).isEqualTo(ledger.seen());
      assertThat(same.planned()).isEqualTo(ledger.planned());
      assertThat(same.told(Records.key("c1"))).isTrue();
      assertThat(same.holder(FIVE)).contains(Records.key("c1"));
      assertThat(same.cooling()).containsOnlyKeys(SIX);
      assertThat(same.isParticular("eni-1", SIX)).isTrue();
      assertThat(same.leaving("eni-1")).isEqualTo(Set.of(PREFIX));
      assertThat(same.isUnsettled("eni-1")).isTrue();
      assertThat(same.enisLeaving()).containsExactly("eni-1");
      assertThat(same.intended()).containsOnlyKeys("t2");
      assertThat(same.unknown()).hasSize(2);
    }
    assertThat(new Ledger().snapshot(Entry.Part.RUN, 0)).isEmpty();
    assertThat(new Ledger().snapshot(Entry.Part.LIB, 0)).isEmpty();
  }

  @Test
  void aNoteIsOfWhatWasMadeBeforeIt() {
    AttachmentRecord record = Records.open("c1");
    assertThat(MadeBefore.ANYTHING.includes(record)).isTrue();
    assertThat(new MadeBefore(OptionalLong.of(5_000), 0).includes(record)).isTrue();
    assertThat(new MadeBefore(OptionalLong.of(4_999), Long.MAX_VALUE).includes(record)).isFalse();
    assertThat(new MadeBefore(OptionalLong.empty(), 1_700_000_000_000L).includes(record)).isTrue();
    assertThat(new MadeBefore(OptionalLong.empty(), 1_699_999_999_999L).includes(record)).isFalse();
    assertThat(new MadeBefore(OptionalLong.of(4_999), 100).includes(0, 100)).as("its uptime is not known").isTrue();
    assertThat(new MadeBefore(OptionalLong.of(4_999), 99).includes(0, 100)).isFalse();
    assertThat(new MadeBefore(OptionalLong.of(1), 0).includes(1, 100)).isTrue();
  }

  @Test
  void anAttachmentSaysWhoseItIs() {
    AttachmentRecord record = Records.open("c1", "10.0.0.5");
    assertThat(record.pod()).isEqualTo("shop/cart");
    assertThat(record.modeIds()).containsExactly("secondary-ip");
    assertThat(record.arguments()).containsExactly(java.util.Map.entry("a", "b"));
    AttachmentRecord nameless = new AttachmentRecord(record.key(), Optional.empty(), 0, "n", "", "", "", "", "eni1", "a@1,b@2", List.of(),
        record.plan(), java.util.Map.of(), Fields.empty(), Fields.empty(), AttachmentRecord.State.LIVE, 0, 0);
    assertThat(nameless.pod()).isEqualTo("sandbox c1");
    assertThat(nameless.modeIds()).containsExactly("a", "b");
    assertThat(nameless.arguments()).isEmpty();
    assertThat(record.with(nameless.plan()).plan()).isEqualTo(nameless.plan());
  }
}
