package dev.patchbay.cluster.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.brain.Moment;
import dev.patchbay.core.needs.RuntimeNeeds;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.ObjectRef;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The rules by which one replica acts, on clocks that have nothing to do with one another. */
class ElectionTest {
  private static final ObjectRef LEASE = new ObjectRef(RuntimeNeeds.LEASE, "kube-system", "some");

  /** What the API server has. */
  private Optional<ObjectRecord> stored = Optional.empty();
  private long version;

  private static Election replica(String name) {
    return new Election(new ElectionSettings(name, 30_000, 15_000, 5_000), new SplittableRandom(1));
  }

  private static Moment at(long millis) {
    return new Moment(millis, 1_750_000_000_000L + millis);
  }

  private Optional<ObjectRecord> write(Election.Request.Write write) {
    if (!stored.map(ObjectRecord::resourceVersion).orElse("").equals(write.version())) {
      return Optional.empty();
    }
    version++;
    stored = Optional.of(new ObjectRecord(LEASE, "uid", String.valueOf(version), Map.of(), Map.of(), write.lease().content()));
    return stored;
  }

  /** Asks and answers until it wants nothing more at that time. */
  private void run(Election election, long now) {
    Optional<Election.Request> request = election.next(at(now));
    while (request.isPresent()) {
      request = switch (request.get()) {
        case Election.Request.Read _ -> election.read(stored, at(now));
        case Election.Request.Write w -> {
          election.written(write(w), at(now));
          yield Optional.empty();
        }
      };
    }
  }

  @Test
  void firstTakesTheLeaseAndTheOtherWaits() {
    Election a = replica("a");
    Election b = replica("b");
    run(a, 0);
    run(b, 0);
    assertThat(a.leads(0)).isTrue();
    assertThat(b.leads(0)).isFalse();
    assertThat(b.holder()).isEqualTo("a");
    assertThat(Lease.of(stored.orElseThrow().content())).extracting(Lease::holder, Lease::durationSeconds).containsExactly("a", 30L);
  }

  @Test
  void holderRenewsAndKeepsIt() {
    Election a = replica("a");
    Election b = replica("b");
    for (long now = 0; now < 300_000; now += 1_000) {
      run(a, now);
      run(b, now);
      assertThat(a.leads(now)).isTrue();
      assertThat(b.leads(now)).isFalse();
    }
    assertThat(a.terms()).isEqualTo(1);
  }

  @Test
  void holderThatIsNotHeardStopsBeforeAnotherBegins() {
    Election a = replica("a");
    Election b = replica("b");
    run(a, 0);
    run(b, 0);
    long stopped = -1;
    for (long now = 1_000; now < 60_000; now += 500) {
      // The API server does not answer a; b's clock may have begun anywhere, so it is run with another origin.
      Optional<Election.Request> asked = a.next(at(now));
      if (asked.isPresent()) {
        a.failed(at(now));
      }
      stopped = stopped < 0 && !a.leads(now) ? now : stopped;
      run(b, now);
      if (b.leads(now)) {
        assertThat(stopped).as("when a stopped").isEqualTo(15_000);
        assertThat(now).as("when b began").isBetween(30_000L, 40_000L);
        assertThat(Lease.of(stored.orElseThrow().content()).transitions()).isEqualTo(1);
        return;
      }
    }
    throw new AssertionError("nobody took over");
  }

  @Test
  void clocksOfOthersDoNotMatter() {
    Election a = replica("a");
    run(a, 0);
    Election b = replica("b");
    // By b's clock the renewal may be years old or in the future: it counts from when b saw it.
    run(b, 1_000_000_000);
    assertThat(b.leads(1_000_000_000)).isFalse();
    run(b, 1_000_029_999);
    assertThat(b.leads(1_000_029_999)).isFalse();
    run(b, 1_000_036_000);
    assertThat(b.leads(1_000_036_000)).isTrue();
  }

  @Test
  void deadlineCountsFromWhenTheRenewalWasSent() {
    Election a = replica("a");
    Election.Request read = a.next(at(0)).orElseThrow();
    assertThat(read).isInstanceOf(Election.Request.Read.class);
    Election.Request write = a.read(Optional.empty(), at(1_000)).orElseThrow();
    // The answer comes late: by then the lease is as good as over.
    a.written(write((Election.Request.Write) write), at(15_900));
    assertThat(a.leads(15_900)).isTrue();
    assertThat(a.leads(16_000)).isFalse();
    assertThat(a.until()).isEqualTo(16_000);
  }

  @Test
  void answerAfterTheDeadlineMakesNobodyLead() {
    Election a = replica("a");
    a.next(at(0));
    Election.Request write = a.read(Optional.empty(), at(0)).orElseThrow();
    a.written(write((Election.Request.Write) write), at(20_000));
    assertThat(a.leads(20_000)).isFalse();
    assertThat(a.terms()).isZero();
    // It is its own all the same, and it takes it anew.
    run(a, 27_000);
    assertThat(a.leads(27_000)).isTrue();
    assertThat(Lease.of(stored.orElseThrow().content()).transitions()).isZero();
  }

  @Test
  void lostAnswerToARenewalIsReadBeforeTheNext() {
    Election a = replica("a");
    run(a, 0);
    Election.Request renewal = a.next(at(6_000)).orElseThrow();
    write((Election.Request.Write) renewal);
    a.failed(at(6_100));
    assertThat(a.leads(6_100)).isTrue();
    assertThat(a.next(at(12_200)).orElseThrow()).isInstanceOf(Election.Request.Read.class);
    Election.Request again = a.read(stored, at(12_300)).orElseThrow();
    a.written(write((Election.Request.Write) again), at(12_400));
    assertThat(a.leads(20_000)).isTrue();
    assertThat(a.terms()).isEqualTo(1);
  }

  @Test
  void ofTwoThatTryAtOnceOneFails() {
    Election a = replica("a");
    Election b = replica("b");
    a.next(at(0));
    b.next(at(0));
    Election.Request.Write ofA = (Election.Request.Write) a.read(Optional.empty(), at(0)).orElseThrow();
    Election.Request.Write ofB = (Election.Request.Write) b.read(Optional.empty(), at(0)).orElseThrow();
    b.written(write(ofB), at(10));
    a.written(write(ofA), at(10));
    assertThat(b.leads(10)).isTrue();
    assertThat(a.leads(10)).isFalse();
  }

  @Test
  void whoSeesAnotherHolderStopsAtOnce() {
    Election a = replica("a");
    Election b = replica("b");
    run(a, 0);
    // Somebody edits the Lease by hand.
    Lease now = Lease.of(stored.orElseThrow().content());
    write(new Election.Request.Write("1", new Lease("b", 30, now.acquired(), "other", 1)));
    run(a, 6_500);
    run(a, 6_500);
    assertThat(a.leads(6_500)).as("its renewal fails; it reads the Lease").isFalse();
    run(b, 6_600);
    assertThat(b.leads(6_600)).isTrue();
  }

  @Test
  void whoLeavesGivesItUpAndTheNextTakesItAtOnce() {
    Election a = replica("a");
    Election b = replica("b");
    run(a, 0);
    run(b, 0);
    a.leave(at(2_000));
    run(a, 2_000);
    assertThat(a.over()).isTrue();
    assertThat(a.leads(2_000)).isFalse();
    assertThat(Lease.of(stored.orElseThrow().content()).holder()).isEmpty();
    run(b, 7_000);
    assertThat(b.leads(7_000)).isTrue();
    assertThat(a.next(at(60_000))).isEmpty();
  }

  @Test
  void whoLeavesWithoutAnAnswerIsOverWhenItsTimeIs() {
    Election a = replica("a");
    run(a, 0);
    a.leave(at(1_000));
    a.next(at(1_000));
    a.failed(at(2_000));
    assertThat(a.over()).isFalse();
    assertThat(a.next(at(15_000))).isEmpty();
    assertThat(a.over()).isTrue();
  }

  @Test
  void leaseSaysTimesAsTheApiWantsThem() {
    run(replica("a"), 1_007);
    assertThat(Lease.of(stored.orElseThrow().content()).renewed()).isEqualTo("2025-06-15T15:06:41.007000Z");
  }
}
