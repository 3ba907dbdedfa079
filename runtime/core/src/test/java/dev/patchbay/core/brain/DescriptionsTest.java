package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When EC2 is asked to describe the node, and as of when it has. */
class DescriptionsTest {
  private static final EniRecord PRIMARY = Parts.record(0, 0, "subnet-a", Map.of());

  private final Context context = Parts.context();
  private final Descriptions descriptions = new Descriptions(context);
  private final List<String> told = new ArrayList<>();

  private void at(long millis) {
    context.now = new Moment(Parts.NOW + millis, 0);
  }

  private long next() {
    return descriptions.next() - Parts.NOW;
  }

  private Effect.Call ask() {
    context.taken();
    descriptions.ask("i-1", "eni-0", (found, asked) -> told.add("heard " + found.size() + " of " + (asked - Parts.NOW)), () -> told.add("then"));
    Effect.Call call = (Effect.Call) context.taken().getFirst();
    assertThat(call.call()).isEqualTo(new CloudCall.DescribeAttached("i-1"));
    return call;
  }

  private void answer(Effect.Call call, CloudAnswer answer) {
    context.answer(call.token(), new Event.Answered(call.token(), answer));
  }

  private void described() {
    answer(ask(), new CloudAnswer.Interfaces(List.of(PRIMARY)));
  }

  @Test
  void oneCountsAsOfWhenItWasAskedFor() {
    assertThat(descriptions.known()).isFalse();
    assertThat(descriptions.due()).as("at the start").isTrue();
    Effect.Call call = ask();
    assertThat(descriptions.due()).as("it is on its way").isFalse();
    at(3_000);
    answer(call, new CloudAnswer.Interfaces(List.of(PRIMARY)));
    assertThat(told).containsExactly("heard 1 of 0", "then");
    assertThat(descriptions.known()).isTrue();
    assertThat(descriptions.describedSince(Parts.NOW - Descriptions.LAG_MILLIS)).isTrue();
    assertThat(descriptions.describedSince(Parts.NOW - Descriptions.LAG_MILLIS + 1)).isFalse();
    assertThat(next()).isEqualTo(603_000);
    at(602_999);
    assertThat(descriptions.due()).isFalse();
    at(603_000);
    assertThat(descriptions.due()).isTrue();
  }

  @Test
  void whoWishesToLookEarlierIsHeardOnce() {
    described();
    descriptions.lookAgain(Parts.NOW + 20_000);
    assertThat(context.taken()).contains(new Effect.WakeAt(Parts.NOW + 20_000));
    descriptions.lookAgain(Parts.NOW + 15_000);
    descriptions.lookAgain(Parts.NOW + 30_000);
    assertThat(next()).isEqualTo(15_000);
    at(15_000);
    described();
    assertThat(next()).isEqualTo(615_000);
    descriptions.expire();
    assertThat(next()).isEqualTo(15_000);
  }

  @Test
  void aWishWhileOneIsOnItsWayIsForTheNext() {
    Effect.Call call = ask();
    descriptions.lookAgain(Parts.NOW + 5_000);
    assertThat(context.taken()).as("nobody wakes up for it").isEmpty();
    answer(call, new CloudAnswer.Interfaces(List.of(PRIMARY)));
    assertThat(next()).isEqualTo(5_000);
  }

  @Test
  void oneWithoutThePrimaryIsAsGoodAsNone() {
    answer(ask(), new CloudAnswer.Interfaces(List.of(Parts.record(1, 0, "subnet-a", Map.of()))));
    assertThat(told).containsExactly("then");
    assertThat(descriptions.known()).isFalse();
    assertThat(context.findings.get("describe")).satisfies(f -> assertThat(f.cause()).contains("lacks the primary interface eni-0"));
    assertThat(next()).isBetween(2_000L, 3_000L);
    at(3_000);
    described();
    assertThat(context.findings).isEmpty();
  }

  @Test
  void whileEc2RefusesItIsAskedLessAndLessOften() {
    long pause = 2_000;
    long now = 0;
    for (int n = 0; n < 12; n++) {
      at(now);
      answer(ask(), new CloudAnswer.Failed(CloudAnswer.Kind.THROTTLED, "RequestLimitExceeded", "slow down"));
      descriptions.lookAgain(Parts.NOW + now);
      descriptions.expire();
      assertThat(next() - now).as("whatever anybody wishes").isBetween(pause, pause + pause / 2);
      now = next();
      pause = Math.min(60_000, 2 * pause);
    }
    at(now);
    described();
    assertThat(next()).isEqualTo(now + 600_000);
    at(now + 1);
    answer(ask(), new CloudAnswer.Failed(CloudAnswer.Kind.THROTTLED, "RequestLimitExceeded", "slow down"));
    assertThat(next() - now - 1).as("the first time again").isBetween(2_000L, 3_000L);
  }

  @Test
  void whatAnEarlierProcessAskedForWasAskedBefore() {
    at(77);
    descriptions.start();
    assertThat(descriptions.startedAt()).isEqualTo(Parts.NOW + 77);
  }
}
