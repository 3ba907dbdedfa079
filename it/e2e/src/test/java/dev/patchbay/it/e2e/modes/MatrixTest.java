package dev.patchbay.it.e2e.modes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.it.e2e.Labs;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every mode and every combination of modes that makes sense, with real packets: for each a lab of two nodes of a small type, on
 * which the same things are tried, in both ways of rendering. Of a t3.micro an interface carries one prefix, so the 17th pod lies on the second one.
 */
@Order(Labs.EARLY)
class MatrixTest {
  private static final Matrix MATRIX = new Matrix();
  private static final List<Family> FOUR = List.of(Family.IPV4);
  private static final List<Family> SIX = List.of(Family.IPV6);
  private static final List<Family> BOTH = List.of(Family.IPV4, Family.IPV6);

  static List<Combination> combinations() {
    return List.of(
        Combination.of("t3.small", 4, FOUR, "secondary-ip"),
        Combination.of("t3.micro", 17, FOUR, "prefix").withIpv6Egress(),
        Combination.of("t3.micro", 2, SIX, "ipv6"),
        Combination.of("t3.small", 4, FOUR, "secondary-ip", "custom-net"),
        Combination.of("t3.micro", 2, FOUR, "prefix", "custom-net"),
        Combination.of("t3.small", 4, BOTH, "secondary-ip", "ipv6"),
        Combination.of("t3.micro", 17, BOTH, "prefix", "ipv6"),
        Combination.of("t3.micro", 2, BOTH, "prefix", "custom-net", "ipv6"),
        Combination.of("t3.small", 4, FOUR, "secondary-ip").withIpv6Egress().classic(),
        Combination.of("t3.micro", 2, SIX, "ipv6").classic(),
        Combination.of("t3.micro", 2, FOUR, "prefix", "custom-net").classic(),
        Combination.of("t3.small", 4, BOTH, "secondary-ip", "ipv6").classic());
  }

  /** What is tried in the other rendering as well, where it takes the time. */
  static List<Combination> others() {
    return List.of(
        Combination.of("t3.micro", 17, FOUR, "prefix").withIpv6Egress().classic(),
        Combination.of("t3.small", 4, FOUR, "secondary-ip", "custom-net").classic(),
        Combination.of("t3.micro", 17, BOTH, "prefix", "ipv6").classic(),
        Combination.of("t3.small", 4, BOTH, "secondary-ip", "custom-net", "ipv6"),
        Combination.of("t3.small", 4, BOTH, "secondary-ip", "custom-net", "ipv6").classic(),
        Combination.of("t3.micro", 2, BOTH, "prefix", "custom-net", "ipv6").classic());
  }

  @AfterAll
  static void print() {
    System.out.println(MATRIX);
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void everythingHolds(Combination combination) {
    tryAll(combination);
  }

  @ParameterizedTest
  @MethodSource("others")
  @Tag("soak")
  void everythingHoldsInTheOthersToo(Combination combination) {
    tryAll(combination);
  }

  private static void tryAll(Combination combination) {
    try (Stage stage = new Stage(combination)) {
      Cells.all().forEach(cell -> MATRIX.put(cell.name(), combination.toString(), cell.tryOn(stage)));
    }
    assertThat(MATRIX.wrong(combination.toString())).isEmpty();
  }
}
