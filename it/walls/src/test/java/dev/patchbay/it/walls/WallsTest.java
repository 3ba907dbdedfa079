package dev.patchbay.it.walls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every wall stands. */
class WallsTest {
  private static final Checkout CHECKOUT = Checkout.here();

  static List<Wall> walls() {
    return new Walls(CHECKOUT).all();
  }

  @ParameterizedTest
  @MethodSource("walls")
  void stands(Wall wall) {
    assertThat(wall.breaches(CHECKOUT.classes())).as(wall.name()).isEmpty();
    assertThat(wall.seen(CHECKOUT.classes())).as("classes seen by the rule: %s", wall.name()).isGreaterThanOrEqualTo(wall.atLeast());
    assertThat(wall.stale(CHECKOUT.classes())).as("exemptions that nothing needs any more; take them away").isEmpty();
  }

  static List<BuiltModule> modules() {
    return CHECKOUT.modules();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void packagesOfAModuleKnowEachOtherInNoCircle(BuiltModule module) {
    assertThat(Cycles.between(module, CHECKOUT.classes(), Cycles.EXEMPT.keySet())).isEmpty();
  }

  @Test
  void everyExemptionFromCirclesIsNeeded() {
    for (String exempt : Cycles.EXEMPT.keySet()) {
      Set<String> others = new TreeSet<>(Cycles.EXEMPT.keySet());
      others.remove(exempt);
      assertThat(CHECKOUT.modules().stream().flatMap(m -> Cycles.between(m, CHECKOUT.classes(), others).stream()))
          .as("circles by way of %s", exempt).isNotEmpty();
    }
  }

  @Test
  void allModulesAreSeen() {
    assertThat(CHECKOUT.modules()).extracting(BuiltModule::folder).contains(
        "api/spi", "api/tck", "mode-secondary-ip", "runtime/core", "runtime/netlink", "runtime/node", "it/lab/fabric").hasSizeGreaterThan(18);
    for (BuiltModule module : CHECKOUT.modules()) {
      assertThat(CHECKOUT.classes().stream().filter(type -> CHECKOUT.moduleOf(type).filter(module::equals).isPresent()))
          .as("classes of %s", module).isNotEmpty();
    }
  }
}
