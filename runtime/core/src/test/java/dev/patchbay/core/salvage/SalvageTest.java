package dev.patchbay.core.salvage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.NodeIdentity;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.core.view.NodeFactsFields;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever entry is lost, nobody loses an address, and none is given to another. */
class SalvageTest {
  private static final Set<Entry.Part> RUN = EnumSet.of(Entry.Part.RUN);
  private static final Set<Entry.Part> LIB = EnumSet.of(Entry.Part.LIB);
  private static final Salvage.Circumstances NOW = new Salvage.Circumstances("patchbay", 100_000, 30_000);
  private static final AttachmentKey A = new AttachmentKey("a", "eth0");
  private static final AttachmentKey B = new AttachmentKey("b", "eth0");
  private static final AttachmentKey GONE = new AttachmentKey("g", "eth0");

  private static IpAddress ip(int n) {
    return IpAddress.of("10.0.0.0").plus(n);
  }

  private static AttachmentRecord record(AttachmentKey key, int n, AttachmentRecord.State state) {
    HeldAddress held = new HeldAddress(ip(n), "default", Optional.of("eni-1"), "s", AddressRequest.fromChosenLane(AddressFamily.IPV4));
    return new AttachmentRecord(key, Optional.empty(), 0, "n", "ns", key.containerId(), "", "", "eni" + key.containerId(), "", List.of(held),
        DatapathPlan.empty(), Map.of(), Fields.empty(), Fields.empty(), state, 0, 0);
  }

  private static KernelWitness witness(AttachmentKey key, Integer... addresses) {
    return new KernelWitness(key, "eni" + key.containerId(), 1500, List.of(addresses).stream().map(SalvageTest::ip).toList());
  }

  private static Entry seen() {
    EniRecord eni = new EniRecord("eni-1", MacAddress.of("02:00:00:00:00:01"), "interface", "subnet-1", List.of(), Optional.of(ip(1)),
        IntStream.range(5, 10).mapToObj(SalvageTest::ip).toList(), List.of(), Optional.empty(), Map.of(), "", "in-use");
    return new Entry.Seen(NodeFactsFields.of(new NodeFacts(new NodeIdentity("i-1", "t", "r", "z", "vpc", eni.mac()),
        new InstanceTypeRecord("t", List.of(3), 10, 10, true, false, 0, 2), List.of(new NodeFacts.Eni(eni, 1, Optional.of("default"))),
        List.of(), List.of())));
  }

  /** A node's life: one pod came and went, another got its address, a third is there since long. */
  private static List<Entry> life() {
    return List.of(seen(), new Entry.Attached(record(A, 5, AttachmentRecord.State.OPEN)), new Entry.Marked(A, AttachmentRecord.State.LIVE),
        new Entry.Attached(record(GONE, 6, AttachmentRecord.State.OPEN)), new Entry.Marked(GONE, AttachmentRecord.State.LIVE),
        new Entry.Marked(GONE, AttachmentRecord.State.CLOSING), new Entry.Ended(GONE, 90_000),
        new Entry.Attached(record(B, 6, AttachmentRecord.State.OPEN)), new Entry.Marked(B, AttachmentRecord.State.LIVE),
        new Entry.Cools(ip(7), 150_000));
  }

  @Test
  void whateverSpanIsLostThePodsKeepWhatTheyHave() {
    List<KernelWitness> kernel = List.of(witness(A, 5), witness(B, 6));
    List<Entry> life = life();
    for (int from = 0; from < life.size(); from++) {
      for (int to = from + 1; to <= life.size(); to++) {
        String what = "entries " + from + " to " + to + " are lost";
        List<Entry> left = new ArrayList<>(life.subList(0, from));
        left.addAll(life.subList(to, life.size()));
        Salvage.Outcome outcome = Salvage.of(left, RUN, kernel, NOW);
        assertThat(outcome.hopeless()).as(what).isEmpty();
        Ledger ledger = outcome.ledger();
        assertThat(ledger.holder(ip(5))).as(what).contains(A);
        assertThat(ledger.holder(ip(6))).as(what).contains(B);
        assertThat(ledger.attachment(A).orElseThrow().state()).as(what).isEqualTo(AttachmentRecord.State.LIVE);
        assertThat(ledger.attachment(B).orElseThrow().state()).as(what).isEqualTo(AttachmentRecord.State.LIVE);
        if (from > 0) {
          for (int n : new int[] {7, 8, 9}) {
            assertThat(ledger.coolUntil(ip(n)).orElseThrow()).as(what + ": nobody knows who had %s", ip(n)).isGreaterThanOrEqualTo(130_000);
          }
        }
      }
    }
  }

  @Test
  void whatTheNodeSawLastIsTakenForOldApartFromWhatPodsHave() {
    Ledger ledger = Salvage.of(life(), RUN, List.of(witness(A, 5), witness(B, 6)), NOW).ledger();
    assertThat(NodeFactsFields.read(ledger.seen()).enis()).singleElement().satisfies(eni -> {
      assertThat(eni.record().primary()).contains(ip(1));
      assertThat(eni.record().addresses()).as("the others may have been released since").containsExactly(ip(5), ip(6));
    });
    assertThat(NodeFactsFields.read(Salvage.of(life(), LIB, List.of(), NOW).ledger().seen()).enis().getFirst().record().addresses()).hasSize(5);
  }

  @Test
  void whatTheKernelDoesNotHaveStaysHeldUntilSomebodyTellsItsEnd() {
    Salvage.Outcome outcome = Salvage.of(List.of(seen(), new Entry.Attached(record(A, 5, AttachmentRecord.State.LIVE))), RUN, List.of(), NOW);
    assertThat(outcome.ledger().holder(ip(5))).contains(A);
    assertThat(outcome.ledger().attachment(A).orElseThrow().state()).isEqualTo(AttachmentRecord.State.LIVE);
  }

  @Test
  void whatWasToGoStillGoesAndAnAddThatWasCutOffIsUndone() {
    List<Entry> left = List.of(new Entry.Attached(record(A, 5, AttachmentRecord.State.CLOSING)),
        new Entry.Attached(record(B, 6, AttachmentRecord.State.OPEN)));
    Ledger ledger = Salvage.of(left, RUN, List.of(witness(A, 5)), NOW).ledger();
    assertThat(ledger.attachment(A).orElseThrow().state()).isEqualTo(AttachmentRecord.State.CLOSING);
    assertThat(ledger.attachment(B).orElseThrow().state()).as("the kernel has nothing of it").isEqualTo(AttachmentRecord.State.OPEN);
  }

  @Test
  void aFurtherInterfaceThatIsRebuiltGoesWithItsFirst() {
    AttachmentKey extra = new AttachmentKey("a", "net1");
    Ledger ledger = Salvage.of(List.of(seen()), RUN, List.of(witness(A, 5), new KernelWitness(extra, "enix", 1500, List.of(ip(8)))), NOW).ledger();
    assertThat(ledger.extrasOf(A)).extracting(AttachmentRecord::key).containsExactly(extra);
    assertThat(ledger.attachment(A).orElseThrow().addresses()).singleElement().satisfies(h -> {
      assertThat(h.eniId()).contains("eni-1");
      assertThat(h.lane()).isEqualTo("default");
    });
  }

  @Test
  void provenanceTellsTheInterfaceWhereNothingElseDoes() {
    List<Entry> left = List.of(new Entry.EniMade("t", "eni-7", "blue"), new Entry.UnitsMade("eni-7", List.of(ip(5).asCidr())));
    assertThat(Salvage.of(left, RUN, List.of(witness(A, 5), witness(B, 6)), NOW).ledger().attachments())
        .extracting(a -> a.addresses().getFirst().eniId().orElse("?") + " " + a.addresses().getFirst().lane())
        .containsExactly("eni-7 blue", "? default");
  }

  @Test
  void twoOfWhichEachMayHaveTheAddressAreForAPersonToTell() {
    List<Entry> left = List.of(new Entry.Attached(record(A, 5, AttachmentRecord.State.LIVE)));
    Salvage.Outcome outcome = Salvage.of(left, RUN, List.of(witness(B, 5), witness(A)), NOW);
    assertThat(outcome.hopeless()).singleElement().asString().contains("10.0.0.5", "b/eth0", "a/eth0");
    assertThat(Salvage.of(List.of(), RUN, List.of(new KernelWitness(A, "", 0, List.of())), NOW).hopeless()).hasSize(1);
  }

  @Test
  void afterALossOfProvenanceEc2IsLookedAtFirst() {
    List<Entry> left = List.of(new Entry.EniMade("t", "eni-2", "default"), seen());
    Ledger ledger = Salvage.of(left, LIB, List.of(), NOW).ledger();
    assertThat(ledger.isUnsettled("eni-1")).isTrue();
    assertThat(ledger.isUnsettled("eni-2")).isTrue();
    assertThat(ledger.ours("eni-1", ip(5).asCidr())).isFalse();
    assertThat(ledger.coolUntil(ip(9))).as("it may be on its way out").contains(130_000L);
  }

  /** The setting may have been another when the pod came, and its mode may have planned another. */
  @Test
  void whatIsRebuiltHasTheMtuThatTheKernelShows() {
    Ledger ledger = Salvage.of(List.of(seen()), RUN, List.of(witness(A, 5)), NOW).ledger();
    assertThat(ledger.attachment(A).orElseThrow().plan().elements(VethPair.class))
        .containsExactly(VethPair.of("eth0", "enia", 1500));
  }
}
