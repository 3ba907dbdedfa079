package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.Entry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A disk that does not answer: whoever waits is told once, after a while. */
class UnansweredTest {
  private static final List<Entry> RUN = List.of(new Entry.Told(new AttachmentKey("c1", "eth0")));
  private static final List<Entry> LIB = List.of(new Entry.UnitsSettled("eni-1"));

  private final Context context = Parts.context();
  private final Unanswered unanswered = new Unanswered(context);
  private final List<String> late = new ArrayList<>();

  private void ask(long token, List<Entry> entries) {
    unanswered.asked(token, entries, () -> late.add("write " + token));
  }

  private void at(long millis) {
    context.now = new Moment(Parts.NOW + millis, 0);
    unanswered.tick();
  }

  private List<Long> wakes() {
    return context.taken().stream().filter(Effect.WakeAt.class::isInstance).map(e -> ((Effect.WakeAt) e).monotonic() - Parts.NOW).toList();
  }

  @Test
  void whoWaitsIsToldOnceAndNotBefore() {
    ask(1, RUN);
    assertThat(wakes()).containsExactly(Unanswered.PATIENCE_MILLIS);
    at(Unanswered.PATIENCE_MILLIS - 1);
    assertThat(late).isEmpty();
    assertThat(unanswered.standsStill()).isFalse();
    assertThat(wakes()).as("it is woken again").containsExactly(Unanswered.PATIENCE_MILLIS);
    at(Unanswered.PATIENCE_MILLIS);
    assertThat(late).containsExactly("write 1");
    assertThat(unanswered.standsStill()).isTrue();
    assertThat(unanswered.anyLate()).isTrue();
    assertThat(context.findings.get("ledger")).isNotNull();
    at(Unanswered.PATIENCE_MILLIS + 60_000);
    assertThat(late).hasSize(1);
    unanswered.answered(1);
    unanswered.answered(1);
    assertThat(unanswered.standsStill()).isFalse();
    assertThat(unanswered.anyLate()).isFalse();
  }

  @Test
  void whoComesWhileItStandsStillIsToldAtOnce() {
    ask(1, RUN);
    at(Unanswered.PATIENCE_MILLIS);
    wakes();
    ask(2, RUN);
    assertThat(wakes()).isNotEmpty();
    at(Unanswered.PATIENCE_MILLIS + 1);
    assertThat(late).containsExactly("write 1", "write 2");
    unanswered.answered(1);
    assertThat(unanswered.standsStill()).as("the second").isTrue();
    unanswered.answered(2);
    assertThat(unanswered.standsStill()).isFalse();
  }

  @Test
  void theDiskOfWhatOutlivesABootIsAnother() {
    ask(1, LIB);
    at(Unanswered.PATIENCE_MILLIS);
    assertThat(late).containsExactly("write 1");
    assertThat(unanswered.anyLate()).isTrue();
    assertThat(unanswered.standsStill()).as("attachments can be written").isFalse();
    ask(2, RUN);
    ask(3, LIB);
    at(Unanswered.PATIENCE_MILLIS + 1);
    assertThat(late).hasSize(1);
    unanswered.answered(1);
    assertThat(unanswered.anyLate()).isFalse();
  }

  @Test
  void whoWasAnsweredIsNotWaitedFor() {
    ask(1, RUN);
    context.now = new Moment(Parts.NOW + 4_000, 0);
    ask(2, RUN);
    wakes();
    unanswered.answered(1);
    at(Unanswered.PATIENCE_MILLIS);
    assertThat(late).isEmpty();
    assertThat(wakes()).containsExactly(Unanswered.PATIENCE_MILLIS + 4_000);
    unanswered.answered(2);
    at(Unanswered.PATIENCE_MILLIS + 4_000);
    assertThat(late).isEmpty();
    assertThat(wakes()).isEmpty();
  }
}
