package dev.patchbay.core.brain;

import static dev.patchbay.core.brain.Parts.V4;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudAnswer.Kind;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What follows from EC2's answers for the next time that something is asked for. */
class LessonsTest {
  private static final String STRICT = "strict IPV4";
  private static final String EASY = "easy IPV4";
  private static final String SUBNET = "subnet-a";

  private final Context context = Parts.context(World.type(4, 5), List.of(
      Parts.lane(Lane.named("strict"), V4, AddressSource.stock(List.of(Unit.PREFIX), Targets.none())),
      Parts.lane(Lane.named("easy"), V4, AddressSource.stock(List.of(Unit.PREFIX, Unit.SINGLE), Targets.none()))), Parts.eni(0, ""));
  private final Descriptions descriptions = new Descriptions(context);
  private int ended;
  private final Dealings dealings = new Dealings(context, descriptions, () -> ended++);
  private final Outlook outlook = new Outlook(context, dealings, new Needs(context, want -> 0));
  private final Lessons lessons = new Lessons(context, dealings, outlook, descriptions);

  private void fails(String want, Unit unit, int count, Kind kind) {
    dealings.begin("assign");
    int before = ended;
    lessons.failed(want, unit, count, new CloudAnswer.Failed(kind, "Test" + kind, "as the test wants it"), "assign", SUBNET);
    assertThat(ended).as("another may begin").isEqualTo(before + 1);
    assertThat(dealings.operation()).isEmpty();
  }

  private void at(long millis) {
    context.now = new Moment(Parts.NOW + millis, 0);
  }

  @Test
  void whereThereAreNotSoManyHalfAsManyAreAskedFor() {
    assertThat(lessons.atOnce(SUBNET, Unit.PREFIX)).isEqualTo(Integer.MAX_VALUE);
    fails(EASY, Unit.PREFIX, 9, Kind.SUBNET_FRAGMENTED);
    assertThat(lessons.atOnce(SUBNET, Unit.PREFIX)).isEqualTo(4);
    assertThat(lessons.atOnce(SUBNET, Unit.SINGLE)).as("of another kind").isEqualTo(Integer.MAX_VALUE);
    assertThat(context.findings).as("nobody waits yet").isEmpty();
    assertThat(context.fragmentedSubnets).isEmpty();
    fails(EASY, Unit.SINGLE, 2, Kind.SUBNET_FULL);
    assertThat(lessons.atOnce(SUBNET, Unit.SINGLE)).isEqualTo(1);
    for (int expected : new int[] {8, 16, 32, 64, 128}) {
      lessons.succeeded(EASY, Unit.PREFIX, SUBNET);
      assertThat(lessons.atOnce(SUBNET, Unit.PREFIX)).isEqualTo(expected);
    }
    lessons.succeeded(EASY, Unit.PREFIX, SUBNET);
    assertThat(lessons.atOnce(SUBNET, Unit.PREFIX)).as("more than any interface has").isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void whoTakesSingleAddressesTooIsNotRefusedForWantOfABlock() {
    context.findings.put("supply " + EASY, Finding.of(Codes.CLOUD_THROTTLED, "Before.", "Wait."));
    fails(EASY, Unit.PREFIX, 1, Kind.SUBNET_FRAGMENTED);
    assertThat(context.fragmentedSubnets).containsOnlyKeys(SUBNET).containsValue(Parts.NOW + 120_000);
    assertThat(outlook.refused(EASY)).isEmpty();
    assertThat(context.fullSubnets).isEmpty();
    assertThat(context.findings.values()).singleElement().satisfies(f -> assertThat(f.code()).isEqualTo(Codes.SUBNET_FRAGMENTED));
    assertThat(context.taken()).contains(new Effect.WakeAt(Parts.NOW + 120_000));
    lessons.succeeded(EASY, Unit.SINGLE, SUBNET);
    assertThat(context.findings).as("it holds on").hasSize(1);
    lessons.succeeded(EASY, Unit.PREFIX, SUBNET);
    assertThat(context.findings).isEmpty();
    assertThat(context.fragmentedSubnets).isEmpty();
  }

  @Test
  void whoTakesBlocksAloneIsRefusedAndTheSubnetIsPassedOver() {
    fails(STRICT, Unit.PREFIX, 1, Kind.SUBNET_FULL);
    assertThat(outlook.refused(STRICT)).isPresent();
    assertThat(outlook.refused(EASY)).isEmpty();
    assertThat(context.fullSubnets).containsOnlyKeys(SUBNET).containsValue(Parts.NOW + 120_000);
    lessons.succeeded(STRICT, Unit.PREFIX, SUBNET);
    assertThat(outlook.refused(STRICT)).isEmpty();
  }

  @Test
  void aFullSubnetIsLeftAloneForAWhile() {
    fails(EASY, Unit.SINGLE, 4, Kind.SUBNET_FULL);
    fails(EASY, Unit.SINGLE, 1, Kind.SUBNET_FULL);
    assertThat(lessons.atOnce(SUBNET, Unit.SINGLE)).as("from the beginning next time").isEqualTo(Integer.MAX_VALUE);
    assertThat(context.fullSubnets).containsOnlyKeys(SUBNET).containsValue(Parts.NOW + 120_000);
    assertThat(outlook.refused(EASY)).get().extracting(Finding::code).isEqualTo(Codes.SUBNET_FULL);
    assertThat(context.findings).containsOnlyKeys("supply " + EASY);
    assertThat(context.taken()).contains(new Effect.WakeAt(Parts.NOW + 120_000));
  }

  @Test
  void aDenialRefusesWhatOtherFailuresLetWait() {
    fails(EASY, Unit.SINGLE, 1, Kind.THROTTLED);
    assertThat(outlook.refused(EASY)).isEmpty();
    assertThat(dealings.pauses(EASY)).isTrue();
    assertThat(dealings.pauses(STRICT)).isFalse();
    fails(STRICT, Unit.SINGLE, 1, Kind.DENIED);
    assertThat(outlook.refused(STRICT)).get().extracting(Finding::code).isEqualTo(Codes.CLOUD_DENIED);
    assertThat(dealings.pauses(STRICT)).isTrue();
    at(60_000);
    assertThat(dealings.pauses(EASY)).isFalse();
  }

  @Test
  void whatEc2HasIsLookedAtWhereItSaysThatItIsOtherwise() {
    at(0);
    descriptions.ask("i-1", "eni-0", (found, asked) -> {}, () -> {});
    Effect.Call call = (Effect.Call) context.taken().getFirst();
    context.answer(call.token(), new Event.Answered(call.token(), new CloudAnswer.Interfaces(List.of(Parts.eni(0, "").record()))));
    long regular = descriptions.next();
    fails(EASY, Unit.SINGLE, 1, Kind.REFUSED);
    assertThat(descriptions.next()).isEqualTo(regular);
    fails(EASY, Unit.SINGLE, 1, Kind.UNKNOWN);
    assertThat(descriptions.next()).isEqualTo(Parts.NOW + Descriptions.LAG_MILLIS);
    fails(EASY, Unit.SINGLE, 1, Kind.LIMIT);
    assertThat(descriptions.next()).isEqualTo(Parts.NOW);
    at(600_000);
    assertThat(dealings.pauses(EASY)).as("until EC2 has been described since").isTrue();
  }

  @Test
  void whatDefinesALaneIsBlamedWhereItNamesWhatIsNotThere() {
    Finding named = Finding.of(Codes.OBJECT_INVALID, "It names what is not there.", "Correct it.");
    outlook.refuse(EASY, named);
    fails(EASY, Unit.SINGLE, 1, Kind.NOT_FOUND);
    assertThat(context.findings.get("supply " + EASY)).isEqualTo(named);
    fails(EASY, Unit.SINGLE, 1, Kind.THROTTLED);
    assertThat(context.findings.values()).extracting(Finding::code).containsExactly(Codes.CLOUD_THROTTLED);
  }
}
