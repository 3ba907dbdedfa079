package dev.patchbay.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.brain.Effect;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.salvage.KernelWitness;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The simulation finds what is broken on purpose. */
class PlantedBreachTest {
  private static final int HISTORIES = 300;

  /** Entries that don't reach the disk, or come back from it otherwise. */
  private static Sabotage onTheWayDown(Function<Entry, List<Entry>> change) {
    return new Sabotage() {
      @Override
      public List<Entry> written(List<Entry> entries) {
        return entries.stream().flatMap(e -> change.apply(e).stream()).toList();
      }
    };
  }

  private static Sabotage onTheWayUp(Function<Entry, List<Entry>> change) {
    return new Sabotage() {
      @Override
      public List<Entry> recovered(List<Entry> entries) {
        return entries.stream().flatMap(e -> change.apply(e).stream()).toList();
      }
    };
  }

  private static Sabotage ofEffects(Function<Effect, List<Effect>> change) {
    return new Sabotage() {
      @Override
      public List<Effect> wanted(Effect effect) {
        return change.apply(effect);
      }
    };
  }

  /** Calls of EC2 that a pod's start brings about. */
  private static Sabotage atEachPod(Function<AttachmentPath, Stream<CloudCall>> calls) {
    return ofEffects(e -> e instanceof Effect.Apply a ? Stream.concat(Stream.of(e),
        calls.apply(a.path()).map(call -> new Effect.Call(-a.token(), call))).toList() : List.of(e));
  }

  private static void isFound(Sabotage sabotage, String... invariants) {
    Optional<Violation> found = LongStream.range(0, HISTORIES)
        .mapToObj(seed -> History.of(seed, Modes.stock()).with(sabotage).run(false).violation()).flatMap(Optional::stream).findFirst();

    assertThat(found).isPresent();
    assertThat(Set.of(invariants)).as(found.get().toString()).contains(found.get().invariant());
  }

  @Test
  void anAttachmentThatIsNotWritten() {
    isFound(onTheWayDown(e -> e instanceof Entry.Attached ? List.of() : List.of(e)), Way.WRITTEN_FIRST.id());
  }

  @Test
  void anInterfaceThatIsMadeBeforeItIsWritten() {
    isFound(onTheWayDown(e -> e instanceof Entry.EniIntended ? List.of() : List.of(e)), Way.WRITTEN_FIRST.id());
  }

  @Test
  void aReleaseThatIsNotWritten() {
    isFound(onTheWayDown(e -> e instanceof Entry.UnitsLeaving || e instanceof Entry.EniLeaving ? List.of() : List.of(e)),
        Way.WRITTEN_FIRST.id());
  }

  @Test
  void aCooldownThatARestartForgets() {
    isFound(onTheWayUp(e -> switch (e) {
      case Entry.Cools _ -> List.of();
      case Entry.Ended ended -> List.of(new Entry.Ended(ended.key(), 0));
      default -> List.of(e);
    }), Way.COOLDOWN_KEPT.id());
  }

  @Test
  void anAttachmentThatARestartForgets() {
    isFound(onTheWayUp(e -> e instanceof Entry.Attached ? List.of() : List.of(e)), Way.POD_KEPT.id(), Way.ONE_OWNER.id());
  }

  @Test
  void anAttachmentThatIsUndoneAlthoughNobodyAskedForIt() {
    isFound(ofEffects(e -> e instanceof Effect.Apply a ? List.of(e, new Effect.Undo(-a.token(), java.util.OptionalLong.empty(), a.path()))
        : List.of(e)), Way.POD_KEPT.id());
  }

  @Test
  void anInterfaceThatIsDeletedWhilePodsUseIt() {
    isFound(atEachPod(path -> path.enis().stream().map(eni -> new CloudCall.Delete(eni.id()))), Way.RELEASED_ON_EVIDENCE.id());
  }

  @Test
  void moreCallsThanTheBudgetAllows() {
    isFound(atEachPod(path -> path.enis().stream().flatMap(eni -> Stream.generate(() -> new CloudCall.DescribeInterface(eni.id()))
        .limit(200).map(CloudCall.class::cast))), Way.CALLS_IN_BUDGET.id());
  }

  @Test
  void aDiskThatForgetsWhatItAcknowledged() {
    isFound(new Sabotage() {
      @Override
      public List<Entry> kept(List<Entry> entries) {
        return entries.stream().filter(e -> !(e instanceof Entry.Marked)).toList();
      }
    }, Way.RECOVERED.id());
  }

  @Test
  void aStockThatStaysBelowItsTarget() {
    isFound(ofEffects(e -> e instanceof Effect.Call(long token, CloudCall.CreateInterface c) ? List.of(new Effect.Call(token,
        new CloudCall.CreateInterface(c.clientToken(), c.type(), "subnet-none", c.groups(), c.description(), c.tags(), c.family(),
            c.addresses(), c.prefixes()))) : List.of(e)), Way.STOCK_AT_TARGET.id());
  }

  @Test
  void anAnswerThatIsLost() {
    isFound(ofEffects(e -> e instanceof Effect.Answer a && a.request() % 3 == 0 ? List.of() : List.of(e)), Way.ANSWERED.id());
  }

  @Test
  void aKernelThatOthersAlteredAndNobodyMends() {
    isFound(ofEffects(e -> e instanceof Effect.Mend m ? List.of(new Effect.Mend(m.token(), Optional.empty(), List.of())) : List.of(e)),
        "live-in-kernel");
  }

  @Test
  void anEntryOfANewerVersionThatIsForgotten() {
    isFound(onTheWayUp(e -> e instanceof Entry.Unknown ? List.of() : List.of(e)), "memory-is-written");
  }

  @Test
  void aDamagedLedgerOfWhichNobodyAsksTheKernel() {
    isFound(new Sabotage() {
      @Override
      public List<KernelWitness> witnessed(List<KernelWitness> witnesses) {
        return List.of();
      }
    }, Way.RECOVERED.id(), Way.POD_KEPT.id());
  }

  @Test
  void aKernelThatNobodyAsked() {
    isFound(ofEffects(e -> e instanceof Effect.Undo u ? List.of(new Effect.Compare(u.token(), 0, u.path())) : List.of(e)),
        Way.STEADY.id(), Way.AGREEMENT.id());
  }
}
