package dev.patchbay.lab.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Faults strike what they are for, as often and as long as was asked. */
class FaultsTest {
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Faults faults = new Faults(() -> now);
  private final List<String> acts = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch undone = new CountDownLatch(1);

  FaultsTest() {
    faults.serve(
        new Breakable() {
          @Override
          public String service() {
            return "ec2";
          }

          @Override
          public Set<String> words() {
            return Set.of("throttle", "delay");
          }

          @Override
          public void check(Fault fault) {
            if (fault.target().action().equals("Nonsense")) {
              throw new IllegalArgumentException("no action Nonsense");
            }
          }

          @Override
          public Map<String, String> acts() {
            return Map.of("pull", "an interface: it is gone");
          }

          @Override
          public Runnable act(String word, String argument) {
            if (argument.isEmpty()) {
              throw new IllegalArgumentException("pull what?");
            }
            acts.add(word + " " + argument);
            return () -> {
              acts.add("undo " + argument);
              undone.countDown();
            };
          }
        });
  }

  @AfterEach
  void close() {
    faults.close();
  }

  private String struck(int calls) {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < calls; i++) {
      pattern.append(faults.strike("ec2", "DescribeVpcs", "node").isPresent() ? 'x' : '.');
    }
    return pattern.toString();
  }

  @Test
  void forSomeCallsAfterOthers() {
    faults.add("ec2:DescribeVpcs throttle after=1 calls=2");
    assertThat(faults.strike("ec2", "DescribeSubnets", "node")).isEmpty();
    assertThat(struck(1)).isEqualTo(".");
    assertThat(faults.strike("ec2", "DescribeVpcs", "node"))
        .contains(new Faults.Strike(new Effect.Throttle(), "ec2:DescribeVpcs throttle after=1 calls=2"));
    assertThat(faults.standing()).singleElement().satisfies(each -> assertThat(each.struck()).isEqualTo(1));
    assertThat(struck(3)).isEqualTo("x..");
    assertThat(faults.standing()).isEmpty();
  }

  @Test
  void forSomeTime() {
    faults.add("ec2 throttle for=10s");
    assertThat(struck(2)).isEqualTo("xx");
    now = now.plusSeconds(10);
    assertThat(struck(1)).isEqualTo(".");
    assertThat(faults.standing()).isEmpty();
  }

  @Test
  void byChanceAsTheSeedSays() {
    faults.add("ec2 throttle chance=0.5 seed=42");
    SplittableRandom expected = new SplittableRandom(42);
    String pattern = struck(20);
    assertThat(pattern.chars().mapToObj(c -> c == 'x').toList())
        .isEqualTo(Stream.generate(() -> expected.nextDouble() < 0.5).limit(20).toList());
    assertThat(pattern).contains("x", ".");
  }

  @Test
  void theFirstThatFitsDecides() {
    faults.add("ec2@other delay=1s");
    int first = faults.add("ec2 delay=2s").id();
    faults.add("ec2 throttle");
    assertThat(faults.strike("ec2", "DescribeVpcs", "node").orElseThrow().effect()).isEqualTo(new Effect.Delay(Duration.ofSeconds(2)));
    assertThat(faults.remove(first)).isTrue();
    assertThat(faults.remove(first)).isFalse();
    assertThat(faults.strike("ec2", "DescribeVpcs", "node").orElseThrow().effect()).isEqualTo(new Effect.Throttle());
    faults.clear();
    assertThat(struck(1)).isEqualTo(".");
  }

  @Test
  void whatHappensOnceIsUndoneWhenTakenBack() {
    Faults.Standing pulled = faults.add("ec2 pull=eni-1");
    assertThat(acts).containsExactly("pull eni-1");
    assertThat(struck(1)).isEqualTo(".");
    faults.remove(pulled.id());
    assertThat(acts).containsExactly("pull eni-1", "undo eni-1");
  }

  @Test
  void whatHappensOnceIsUndoneWhenItsTimeIsOver() throws InterruptedException {
    faults.add("ec2 pull=eni-1 for=50ms");
    now = now.plusMillis(50);
    assertThat(undone.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(faults.standing()).isEmpty();
  }

  @Test
  void whatNobodyCanShowIsRefused() {
    for (Map.Entry<String, String> each :
        Map.of(
                "kube throttle", "there is no service kube here; there are [ec2]",
                "ec2 lag=1s", "ec2 knows no fault 'lag'; it knows [delay, pull, throttle]",
                "ec2 refues=X", "ec2 knows no fault 'refues'",
                "ec2:Nonsense throttle", "no action Nonsense",
                "ec2 pull", "pull what?")
            .entrySet()) {
      assertThatIllegalArgumentException().isThrownBy(() -> faults.add(each.getKey())).withMessageContaining(each.getValue());
    }
    assertThat(faults.standing()).isEmpty();
    assertThat(acts).isEmpty();
  }
}
