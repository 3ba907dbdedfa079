package dev.patchbay.spi.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacAddressTest {
  @Test
  void isWrittenInLowerCase() {
    MacAddress mac = MacAddress.of("02:AB:00:ff:10:09");
    assertThat(mac).hasToString("02:ab:00:ff:10:09").isEqualTo(MacAddress.of("02:ab:00:FF:10:09"));
    assertThat(mac.bytes()).containsExactly(0x02, 0xab, 0x00, 0xff, 0x10, 0x09);
    assertThat(new MacAddress(0)).hasToString("00:00:00:00:00:00").isLessThan(mac);
    assertThat(MacAddress.of("ff:ff:ff:ff:ff:ff").value()).isEqualTo((1L << 48) - 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "02:ab:00:ff:10", "02:ab:00:ff:10:09:00", "02-ab-00-ff-10-09", "2:ab:0:ff:10:9", "02:ab:00:ff:10:0g"})
  void whatIsNoAddressIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> MacAddress.of(text)).withMessageContaining("\"" + text + "\"");
  }

  @Test
  void has48Bits() {
    assertThatIllegalArgumentException().isThrownBy(() -> new MacAddress(1L << 48));
    assertThatIllegalArgumentException().isThrownBy(() -> new MacAddress(-1));
  }
}
