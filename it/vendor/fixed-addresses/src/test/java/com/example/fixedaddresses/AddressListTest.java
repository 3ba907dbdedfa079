package com.example.fixedaddresses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.tck.view.TestPod;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What annotations say. */
class AddressListTest {
  private static Optional<String> at(String text, long ordinal) {
    return AddressList.parse(text).at(ordinal).map(IpAddress::toString);
  }

  @Test
  void addressesAndBlocksAreCountedThrough() {
    String text = "[10.0.3.9, 10.0.3.16/30, 10.0.3.40]";
    assertEquals(6, AddressList.parse(text).size());
    assertEquals(Optional.of("10.0.3.9"), at(text, 0));
    assertEquals(Optional.of("10.0.3.16"), at(text, 1));
    assertEquals(Optional.of("10.0.3.19"), at(text, 4));
    assertEquals(Optional.of("10.0.3.40"), at(text, 5));
    assertEquals(Optional.empty(), at(text, 6));
    assertEquals(Optional.of("10.0.3.18"), at("10.0.3.16/28", 2));
    assertEquals(Optional.of("10.0.3.40"), at("- 10.0.3.16/32\n- 10.0.3.40\n", 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "[[10.0.3.9]]", "{a: 10.0.3.9}", "[10.0.3]", "fd00::1", "10.0.0.0/8", "[10.0.3.9", "&a [*a]", "- - - - x", "\u0000"})
  void whatIsNoListIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> AddressList.parse(text));
    assertThrows(IllegalArgumentException.class, () -> AddressList.parse("[".repeat(100_000)));
  }

  @Test
  void theOrdinalIsTheLabelsOrTheNames() {
    assertEquals(OptionalLong.of(3), Ordinal.of(TestPod.named("db-3")));
    assertEquals(OptionalLong.of(4), Ordinal.of(TestPod.named("db-3").withLabel(Ordinal.LABEL, "4")));
    assertEquals(OptionalLong.of(3), Ordinal.of(TestPod.named("db-3").withLabel(Ordinal.LABEL, "x")));
    assertEquals(OptionalLong.empty(), Ordinal.of(TestPod.named("db")));
    assertEquals(OptionalLong.empty(), Ordinal.of(TestPod.named("db-99999999999")));
  }
}
