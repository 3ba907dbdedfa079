package dev.patchbay.lab.vpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text forms and arithmetic of addresses and blocks, and the table of types. */
class AddressTextTest {
  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "10.1.2.3", "255.255.255.255", "::", "::1", "2001:db8::1:0:0:1", "2001:0:0:1::", "fe80::1"})
  void textIsCanonical(String text) {
    assertThat(Ip.parse(text)).hasToString(text);
  }

  @Test
  void blocks() {
    assertThat(Cidr.parse("10.0.0.0/8").contains(Ip.parse("10.255.1.1"))).isTrue();
    assertThat(Cidr.parse("10.0.0.0/8").contains(Ip.parse("11.0.0.0"))).isFalse();
    assertThat(Cidr.parse("0.0.0.0/0").contains(Ip.parse("::1"))).isFalse();
    assertThat(Cidr.parse("2001:db8::/56").contains(Cidr.parse("2001:db8:0:ff::/64"))).isTrue();
    assertThat(Cidr.parse("2001:db8::/56").contains(Cidr.parse("2001:db8:0:100::/64"))).isFalse();
    assertThat(Cidr.around(Ip.parse("10.0.0.77"), 28)).isEqualTo(Cidr.parse("10.0.0.64/28"));
    assertThat(Ip.parse("2001:db8::ffff:ffff:ffff:ffff").plus(1)).isEqualTo(Ip.parse("2001:db8:0:1::"));
    assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse("10.0.0.1/8"));
    assertThatIllegalArgumentException().isThrownBy(() -> Ip.parse("localhost"));
  }

  @Test
  void types() {
    InstanceType m5 = InstanceTypes.published().find("m5.large").orElseThrow();
    assertThat(m5.interfaces()).isEqualTo(3);
    assertThat(m5.ipv4PerInterface()).isEqualTo(10);
    assertThat(m5.branchInterfaces()).hasValue(9);
    assertThat(m5.prefixes()).isTrue();
    assertThat(InstanceTypes.published().find("t2.micro").orElseThrow().prefixes()).isFalse();
    assertThat(InstanceTypes.published().all()).hasSizeGreaterThan(1300);
  }
}
