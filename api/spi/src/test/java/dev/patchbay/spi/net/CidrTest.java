package dev.patchbay.spi.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0/0", "10.0.0.0/8", "10.0.1.128/25", "10.0.1.2/32", "::/0", "2001:db8::/56", "2001:db8:0:0:8000::/65",
      "2001:db8::/64", "2001:db8::1/128"})
  void isWrittenAsItIsRead(String text) {
    assertThat(Cidr.of(text)).hasToString(text);
  }

  @Test
  void anAddressAloneIsItsOwnNetwork() {
    assertThat(Cidr.of("10.0.1.2")).hasToString("10.0.1.2/32");
    assertThat(Cidr.of("::1")).hasToString("::1/128");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "/8", "::/129", "10.0.0.0/08x", "10.0.0.1/8",
      "2001:db8::1/64", ""})
  void whatIsNoNetworkIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Cidr.of(text));
  }

  @Test
  void hostBitsAreNamedWithTheNetworkThatIsMeant() {
    assertThatIllegalArgumentException().isThrownBy(() -> Cidr.of("10.0.1.7/24")).withMessageContaining("10.0.1.0/24");
  }

  @ParameterizedTest
  @CsvSource({"10.0.1.255, 24, 10.0.1.0/24", "10.0.1.255, 0, 0.0.0.0/0", "10.0.1.255, 28, 10.0.1.240/28",
      "2001:db8:0:1:2::, 80, 2001:db8:0:1:2::/80", "2001:db8:ffff::1, 33, 2001:db8:8000::/33", "ffff::1, 0, ::/0",
      "::1:0:0:1, 64, ::/64", "::1, 128, ::1/128"})
  void containingCutsOffTheHost(String address, int length, String network) {
    assertThat(Cidr.containing(IpAddress.of(address), length)).isEqualTo(Cidr.of(network));
    assertThat(Cidr.of(network).contains(IpAddress.of(address))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.0/16, 10.0.1.0/24, true", "10.0.1.0/24, 10.0.0.0/16, false", "10.0.0.0/16, 10.1.0.0/16, false",
      "0.0.0.0/0, ::/0, false", "::/0, 0.0.0.0/0, false", "2001:db8::/56, 2001:db8:0:1::/64, true"})
  void containsANetwork(String outer, String inner, boolean contains) {
    assertThat(Cidr.of(outer).contains(Cidr.of(inner))).isEqualTo(contains);
    if (contains) {
      assertThat(Cidr.of(inner).overlaps(Cidr.of(outer))).isTrue();
    }
  }

  @Test
  void sizeAndPlaces() {
    assertThat(Cidr.of("10.0.1.16/28").size()).isEqualTo(16);
    assertThat(Cidr.of("10.0.1.16/28").at(15)).hasToString("10.0.1.31");
    assertThat(Cidr.of("0.0.0.0/0").size()).isEqualTo(1L << 32);
    assertThat(Cidr.of("2001:db8::/80").at((1L << 48) - 1)).hasToString("2001:db8::ffff:ffff:ffff");
    assertThat(Cidr.of("2001:db8::/64").size()).isEqualTo(Long.MAX_VALUE);
    assertThat(Cidr.of("::/0").size()).isEqualTo(Long.MAX_VALUE);
    assertThat(Cidr.of("::1/128").size()).isEqualTo(1);
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> Cidr.of("10.0.1.16/28").at(16));
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> Cidr.of("10.0.1.16/28").at(-1));
  }

  @Test
  void isOrderedByAddressThenLength() {
    assertThat(Cidr.of("10.0.0.0/8")).isLessThan(Cidr.of("10.0.0.0/16")).isLessThan(Cidr.of("10.0.1.0/24"));
  }
}
