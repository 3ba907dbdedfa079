package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.kernel.Mended;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.ipam.Targets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What others remove of ours in the kernel comes back, once the kernel has told, and is known for a while. */
class DriftTest {
  private final World world =
      new World(World.settings(), World.type(1, 10), SingleAddresses.with(Targets.none().withWarmAddresses(1))).start();

  private Optional<Finding> finding() {
    return world.report().findings().stream().filter(f -> f.code().equals(BrainCodes.DATAPATH_ALTERED)).findFirst();
  }

  private void alter(String hint, String... altered) {
    world.story.clear();
    world.altered.addAll(List.of(altered));
    world.give(new Event.KernelAltered(hint));
  }

  @Test
  void aHintIsLookedAtAndNothingIsSaidOfWhatIsThere() {
    world.add("a");
    world.published.clear();
    for (String hint : List.of("", Mended.NODE, "a/eth0", "unknown/eth0")) {
      alter(hint);
      world.pass(2_000);
    }
    assertThat(world.story).isEmpty();
    assertThat(finding()).isEmpty();
    assertThat(world.published).isEmpty();
  }

  @Test
  void theNodesPartComesBackAtOnceAndIsKnownForAWhile() {
    world.pass(2_000);
    alter(Mended.NODE, Mended.NODE);
    assertThat(world.story).containsExactly("mend node");
    assertThat(finding()).hasValueSatisfying(f -> {
      assertThat(f.cause()).contains("node's own datapath").contains("something of node is missing");
      assertThat(f.value()).hasValue(1L);
    });
    assertThat(world.told.getLast().values()).extracting(Finding::code).contains(BrainCodes.DATAPATH_ALTERED);
    assertThat(world.published.stream().flatMap(p -> p.events().stream())).singleElement().satisfies(e -> {
      assertThat(e.code()).isEqualTo(BrainCodes.DATAPATH_ALTERED);
      assertThat(e.object()).isEqualTo(new ObjectRef(ObjectKind.NODE, "", "node-1"));
    });
    world.pass(Drift.KNOWN_MILLIS - 10_000);
    assertThat(finding()).isPresent();
    world.pass(20_000);
    assertThat(finding()).isEmpty();
  }

  @Test
  void ofAttachmentsThoseThatAreMeantOrAllAreLookedAtBehindTheNode() {
    world.add("a");
    world.add("b");
    world.pass(2_000);
    alter("a/eth0", "a/eth0", "b/eth0");
    assertThat(world.story).containsExactly("mend a/eth0");
    world.pass(2_000);
    alter("", Mended.NODE);
    assertThat(world.story).containsExactly("mend node", "mend b/eth0");
    assertThat(finding()).hasValueSatisfying(f -> assertThat(f.cause()).contains("and of that of default/b"));
  }

  @Test
  void manyHintsAreLookedAtOnceAndThenTogether() {
    world.pass(2_000);
    alter(Mended.NODE, Mended.NODE);
    for (int i = 0; i < 50; i++) {
      world.altered.add(Mended.NODE);
      world.give(new Event.KernelAltered(Mended.NODE));
    }
    assertThat(world.story).containsExactly("mend node");
    world.pass(2_000);
    assertThat(world.story).containsExactly("mend node", "mend node");
  }

  @Test
  void whatCantBeBroughtBackIsSaidAndTriedAgain() {
    world.add("a");
    world.pass(2_000);
    world.mendable = false;
    alter("a/eth0", "a/eth0");
    assertThat(world.report().findings()).anySatisfy(f -> assertThat(f.cause()).contains("could not be brought back"));
    world.mendable = true;
    world.pass(10_000);
    assertThat(world.altered).isEmpty();
    assertThat(world.report().findings()).noneSatisfy(f -> assertThat(f.cause()).contains("could not be brought back"));
    world.story.clear();
    world.pass(60_000);
    assertThat(world.story).as("then it is left alone").isEmpty();
  }

  @Test
  void whatWasAlteredWhileNoDaemonWasThereComesBackAtTheStart() {
    world.add("a");
    world.story.clear();
    world.altered.add("a/eth0");
    world.restart();
    assertThat(world.story).containsExactly("mend a/eth0");
  }

  @Test
  void anAttachmentThatIsBeingRemovedIsLeftAlone() {
    world.add("a");
    world.pass(2_000);
    world.hold = Effect.Undo.class::isInstance;
    world.del("a");
    alter("", "a/eth0");
    assertThat(world.story).isEmpty();
    world.release();
    assertThat(world.report().attachments()).isEmpty();
  }
}
