package dev.patchbay.core.brain;

import static dev.patchbay.core.brain.Parts.V4;
import static dev.patchbay.core.brain.Parts.V6;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whether addresses will come for who waits for them, and why not. */
class OutlookTest {
  private static final String STOCK = "default IPV4";
  private static final String SLOT = "room on default IPV4";
  private static final Finding REFUSED = Finding.of(Codes.SUBNET_FULL, "The subnet is full.", "Free some.");
  private static final LanePlan LANE = Parts.lane(Lane.named("default").withPrimary(true));

  private final Context context = Parts.context(World.type(1, 3), List.of(LANE), Parts.eni(0, "default", "10.0.0.5", "10.0.0.6"));
  private final Dealings dealings = new Dealings(context, new Descriptions(context), () -> {});
  private final Outlook outlook = new Outlook(context, dealings, new Needs(context, want -> 0));

  private void held(String... addresses) {
    context.book.sync(context.facts().orElseThrow(), context.ledger, Set.of(), e -> true, 0);
    context.book.ready("eni-0", true);
    List.of(addresses).forEach(ip -> assertThat(context.book.drawThis("default", IpAddress.of(ip))).isPresent());
  }

  @Test
  void whereAllIsHeldAndNoneCanComeTheInstanceIsFull() {
    held("10.0.0.5", "10.0.0.6");
    Finding full = outlook.hopeless(STOCK).orElseThrow();
    assertThat(full.code()).isEqualTo(Codes.INSTANCE_FULL);
    assertThat(full.cause()).isEqualTo("All 2 addresses that lane default can have on this test.large (1 interfaces with 2 addresses for pods "
        + "each) are held by pods.");
    assertThat(outlook.hindrance(LANE, V4)).contains("the instance has no room for more");
    context.book.release(IpAddress.of("10.0.0.5"), Parts.NOW + 1);
    assertThat(outlook.hopeless(STOCK)).as("one cools down").isEmpty();
    assertThat(outlook.hopeless("other IPV4")).as("nobody knows that lane").isEmpty();
    assertThat(outlook.hopeless("default IPV6")).as("nothing is refused").isEmpty();
  }

  @Test
  void ofPrefixesAndOfAnotherCardTheWordsAreOthers() {
    held("10.0.0.5", "10.0.0.6");
    AddressSource prefixes = AddressSource.stock(List.of(Unit.PREFIX, Unit.SINGLE), Targets.none());
    Parts.lanes(context, new LanePlan(Lane.named("default").withNetworkCard(1), "single", Map.of(V4, prefixes)));
    assertThat(outlook.hopeless(STOCK).orElseThrow().cause()).contains("(0 interfaces with 2 prefixes of 16 addresses for pods each)");
  }

  @Test
  void whileSomethingIsUnderWayOrComesNothingIsHopeless() {
    held("10.0.0.5", "10.0.0.6");
    dealings.begin("assign");
    assertThat(outlook.hopeless(STOCK)).isEmpty();
    dealings.end();
    assertThat(outlook.hopeless(STOCK)).isPresent();
    context.book.ready("eni-0", false);
    context.book.putBack(IpAddress.of("10.0.0.6"));
    assertThat(outlook.hopeless(STOCK)).as("its interface will be ready").isEmpty();
  }

  @Test
  void whatEc2RefusesIsToldWhetherOrNotThereIsRoom() {
    Parts.facts(context, World.type(2, 3), Parts.eni(0, "default", "10.0.0.5"));
    held("10.0.0.5");
    assertThat(outlook.hopeless(STOCK)).as("there is room").isEmpty();
    assertThat(outlook.hindrance(LANE, V4)).isEmpty();
    outlook.refuse(STOCK, REFUSED);
    assertThat(outlook.hopeless(STOCK)).contains(REFUSED);
    assertThat(outlook.hindrance(LANE, V4)).contains("The subnet is full.");
    Parts.facts(context, World.type(1, 2), Parts.eni(0, "default", "10.0.0.5"));
    assertThat(outlook.hopeless(STOCK)).as("that comes before there is no room").contains(REFUSED);
    outlook.reopen(STOCK);
    assertThat(outlook.hopeless(STOCK)).get().extracting(Finding::code).isEqualTo(Codes.INSTANCE_FULL);
    Parts.lanes(context, Parts.lane(Lane.named("default"), V6, AddressSource.delegated(80)));
    assertThat(outlook.hopeless("default IPV6")).isEmpty();
    outlook.refuse("default IPV6", REFUSED);
    assertThat(outlook.hopeless("default IPV6")).contains(REFUSED);
    dealings.begin("assign");
    assertThat(outlook.hopeless("default IPV6")).isEmpty();
  }

  @Test
  void aSlotComesWhereThereIsRoomOrSomethingCanGo() {
    held("10.0.0.5", "10.0.0.6");
    assertThat(outlook.hopeless(SLOT)).get().extracting(Finding::code).isEqualTo(Codes.INSTANCE_FULL);
    outlook.refuse(SLOT, REFUSED);
    assertThat(outlook.hopeless(SLOT)).contains(REFUSED);
    dealings.begin("assign");
    assertThat(outlook.hopeless(SLOT)).as("who knows what comes of it").isEmpty();
    dealings.end();
    outlook.reopen(SLOT);
    context.ledger.apply(new Entry.UnitsMade("eni-0", List.of(IpAddress.of("10.0.0.5").asCidr())));
    context.book.putBack(IpAddress.of("10.0.0.5"));
    assertThat(outlook.hopeless(SLOT)).as("an idle one can go").isEmpty();
    assertThat(context.book.drawThis("default", IpAddress.of("10.0.0.5"))).isPresent();
    assertThat(outlook.hopeless(SLOT)).isPresent();
    Parts.facts(context, World.type(2, 3), Parts.eni(0, "default", "10.0.0.5", "10.0.0.6"));
    assertThat(outlook.hopeless(SLOT)).as("an interface can come").isEmpty();
    Parts.facts(context, World.type(1, 4), Parts.eni(0, "default", "10.0.0.5", "10.0.0.6"));
    assertThat(outlook.hopeless(SLOT)).as("the interface has room").isEmpty();
    outlook.refuse(SLOT, REFUSED);
    assertThat(outlook.hopeless(SLOT)).isEqualTo(Optional.of(REFUSED));
  }
}
