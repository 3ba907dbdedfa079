package dev.patchbay.spi.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
  @ParameterizedTest
  @CsvSource({
      // RFC 5952, section 4: no leading zeroes, lower case, the longest run of zeroes shortened, the first of two equal ones.
      "2001:0db8:0000:0000:0000:0000:0000:0001, 2001:db8::1",
      "2001:DB8::A, 2001:db8::a",
      "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
      "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
      "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
      "0:0:0:0:0:0:0:0, ::",
      "0:0:0:0:0:0:0:1, ::1",
      "1:0:0:0:0:0:0:0, 1::",
      "0:1:0:0:0:0:0:0, 0:1::",
      "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
      "0:0:3:4:5:6:7:8, ::3:4:5:6:7:8",
      "fe80:ec2::1, fe80:ec2::1",
      "::ffff:10.0.0.1, ::ffff:a00:1",
      "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
      "10.0.1.2, 10.0.1.2",
      "0.0.0.0, 0.0.0.0",
      "255.255.255.255, 255.255.255.255",
  })
  void isWrittenInTheCanonicalForm(String written, String canonical) {
    assertThat(IpAddress.of(written)).hasToString(canonical);
    assertThat(IpAddress.of(canonical)).isEqualTo(IpAddress.of(written));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "10.1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "1.2.3.-4", "0x7f.0.0.1", "10.0.0.1/24", "10.0.0.1 ",
      "localhost", "::1%lo", "[::1]", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", ":", ":::", "::ffff:1.2.3",
      "\u0661.2.3.4"})
  void whatIsNoAddressIsRefusedInWords(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.of(text))
        .withMessageContaining("\"" + text + "\"").withMessageContaining("10.0.1.2");
  }

  @Test
  void aMappedAddressStaysIpv6() {
    IpAddress mapped = IpAddress.of("::ffff:10.0.0.1");
    assertThat(mapped.family()).isEqualTo(AddressFamily.IPV6);
    assertThat(mapped.bytes()).hasSize(16).endsWith(0xff, 0xff, 10, 0, 0, 1);
    assertThat(IpAddress.of(mapped.bytes())).isEqualTo(mapped);
  }

  @Test
  void agreesWithTheJdkOnAnyAddress() throws UnknownHostException {
    Random random = new Random(42);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[i % 2 == 0 ? 4 : 16];
      random.nextBytes(bytes);
      // Zeroes in runs, as addresses have them.
      for (int j = 0; j + 1 < bytes.length; j += 2) {
        if (random.nextInt(3) > 0) {
          bytes[j] = 0;
          bytes[j + 1] = 0;
        }
      }
      IpAddress address = IpAddress.of(bytes);
      assertThat(address.bytes()).isEqualTo(bytes);
      assertThat(IpAddress.of(address.toString())).isEqualTo(address);
      if (bytes.length == 4) {
        assertThat(address).hasToString(InetAddress.getByAddress(bytes).getHostAddress());
      } else {
        assertThat(IpAddress.of(java.net.Inet6Address.getByAddress(null, bytes, -1).getHostAddress())).isEqualTo(address);
      }
    }
  }

  @Test
  void bytesAreFourOrSixteen() {
    assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.of(new byte[5])).withMessageContaining("5");
    assertThatIllegalArgumentException().isThrownBy(() -> new IpAddress(AddressFamily.IPV4, 0, 1L << 32));
    assertThatIllegalArgumentException().isThrownBy(() -> new IpAddress(AddressFamily.IPV4, 1, 0));
  }

  @ParameterizedTest
  @CsvSource({
      "10.0.0.255, 1, 10.0.1.0",
      "10.0.1.0, -1, 10.0.0.255",
      "0.0.0.0, 4294967295, 255.255.255.255",
      "2001:db8::ffff:ffff:ffff:ffff, 1, 2001:db8:0:1::",
      "2001:db8:0:1::, -1, 2001:db8::ffff:ffff:ffff:ffff",
      "::, 9223372036854775807, ::7fff:ffff:ffff:ffff",
      "0:0:0:1::, -9223372036854775808, ::8000:0:0:0",
      "2001:db8::1, 0, 2001:db8::1",
  })
  void plusCarries(String from, long n, String to) {
    assertThat(IpAddress.of(from).plus(n)).isEqualTo(IpAddress.of(to));
  }

  @ParameterizedTest
  @CsvSource({
      "255.255.255.255, 1",
      "0.0.0.0, -1",
      "10.0.0.0, 9223372036854775807",
      "10.0.0.0, -9223372036854775808",
      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 1",
      "::, -1",
      "::5, -9223372036854775808",
  })
  void plusNeverLeavesTheFamily(String from, long n) {
    assertThatThrownBy(() -> IpAddress.of(from).plus(n)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void isOrderedByFamilyThenUnsigned() {
    List<IpAddress> ordered = Stream.of("0.0.0.0", "9.255.255.255", "10.0.0.0", "200.0.0.1", "255.255.255.255", "::", "::1",
        "::8000:0:0:0", "7fff::", "8000::", "ffff::").map(IpAddress::of).toList();
    assertThat(ordered.stream().sorted(java.util.Collections.reverseOrder()).toList()).isEqualTo(ordered.reversed());
  }

  @ParameterizedTest
  @CsvSource({"169.254.0.0, true", "169.254.255.255, true", "169.253.1.1, false", "169.255.0.0, false", "fe80::1, true",
      "febf:ffff::, true", "fec0::, false", "fe80:ec2::1, true", "fd00::1, false"})
  void knowsLinkLocalAddresses(String address, boolean linkLocal) {
    assertThat(IpAddress.of(address).isLinkLocal()).isEqualTo(linkLocal);
  }
}
