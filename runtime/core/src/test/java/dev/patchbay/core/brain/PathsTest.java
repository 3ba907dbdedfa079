package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.view.NodeFactsFields;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the kernel should have, with numbers for symbols. */
class PathsTest {
  private static final Cidr ALL = Cidr.of("0.0.0.0/0");
  private static final Cidr SOME = Cidr.of("10.7.0.0/16");

  private final Context context = Parts.context(World.type(4, 5), List.of(Parts.lane(Lane.named("default").withPrimary(true)),
      Parts.lane(Lane.named("trunk").withPods(false))), Parts.eni(0, "default", "10.0.0.5"), Parts.eni(1, "default"), Parts.eni(2, "trunk"),
      Parts.eni(3, ""), Parts.eni(4, 1, "subnet-x", "default"));

  private AttachmentRecord attachment(String device, PlanElement... elements) {
    AttachmentKey first = new AttachmentKey("c1", "eth0");
    AttachmentKey key = new AttachmentKey("c1", device);
    HeldAddress held = new HeldAddress(IpAddress.of("10.0.0.5"), "default", Optional.of("eni-0"), "single",
        AddressRequest.from("default", Parts.V4));
    AttachmentRecord record = new AttachmentRecord(key, key.equals(first) ? Optional.empty() : Optional.of(first), key.equals(first) ? 0 : 1,
        "patchbay", "shop", "cart", "uid", "/run/netns/c1", "eni1", "single@1", key.equals(first) ? List.of(held) : List.of(),
        DatapathPlan.of(elements), Map.of(), Fields.empty(), Fields.empty(), AttachmentRecord.State.LIVE, 0, 0);
    context.ledger.apply(new Entry.Attached(record));
    return record;
  }

  private List<PlanElement> elements(AttachmentRecord of) {
    return Paths.of(context, of).plan().elements();
  }

  private static Route route(Space space, Cidr to) {
    return Route.unreachable(space, Table.MAIN, to);
  }

  @Test
  void aRouteInWhosePlaceAnotherInterfaceHasOneIsNoneOfThePods() {
    Route def = route(Space.POD, ALL);
    Route some = route(Space.POD, SOME);
    Route host = route(Space.HOST, ALL);
    AttachmentRecord first = attachment("eth0", def, some, host);
    assertThat(elements(first)).containsExactly(def, some, host);
    AttachmentRecord second = attachment("net1", route(Space.POD, ALL).alone());
    assertThat(elements(first)).containsExactly(some, host);
    assertThat(elements(second)).as("its own stays").hasSize(1);
    Route elsewhere = Route.unreachable(Space.POD, Table.ofEni("eni-1"), ALL);
    AttachmentRecord third = attachment("eth0", elsewhere);
    assertThat(elements(third)).as("of another table").containsExactly(elsewhere);
  }

  @Test
  void anInterfaceIsNamedByAnyFieldOfAnElement() {
    PlanElement newer = PlanElement.of("tunnel", Fields.empty().with("over", "eni:eni-1").with("weight", 7)
        .with("also", List.of(Fields.empty().with("by", "eni-2"), "eni-9")));
    AttachmentPath path = Paths.of(context, attachment("eth0", newer));
    assertThat(path.enis()).extracting(EniPath::id).containsExactly("eni-0", "eni-1", "eni-2");
    assertThat(Paths.of(context, attachment("eth0", PlanElement.of("tunnel", Fields.empty().with("over", "eni-4")))).enis())
        .as("nobody knows its subnet").extracting(EniPath::id).containsExactly("eni-0");
  }

  @Test
  void actsAreNotTheKernels() {
    Act act = Act.plugin("plugin", "{}", "net1");
    Route def = route(Space.POD, ALL);
    assertThat(elements(attachment("eth0", act, def))).containsExactly(def);
  }

  @Test
  void theNodeHasItsPrimaryWhatCarriesPodsAndWhatPodsHold() {
    assertThat(Paths.node(context).enis()).extracting(EniPath::id).containsExactly("eni-0", "eni-1");
    assertThat(Paths.node(context).enis()).extracting(EniPath::table).containsExactly(10_000, 10_001);
    context.book.drain("eni-1", true);
    assertThat(Paths.node(context).enis()).extracting(EniPath::id).containsExactly("eni-0");
  }

  @Test
  void whoeverLooksWithoutADaemonTakesTheLedgersWord() {
    AttachmentRecord record = attachment("eth0", route(Space.POD, ALL));
    Ledger ledger = new Ledger();
    ledger.apply(new Entry.Attached(record));
    assertThat(AttachmentPaths.of(ledger, 1_500)).singleElement().satisfies(p -> assertThat(p.enis()).isEmpty());
    ledger.apply(new Entry.Seen(NodeFactsFields.of(context.facts().orElseThrow())));
    assertThat(AttachmentPaths.of(ledger, 1_500)).singleElement().satisfies(p -> {
      assertThat(p.key()).isEqualTo("c1/eth0");
      assertThat(p.enis()).singleElement().satisfies(e -> assertThat(e.mtu()).isEqualTo(1_500));
    });
  }
}
