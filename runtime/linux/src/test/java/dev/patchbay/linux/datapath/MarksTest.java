package dev.patchbay.linux.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.spi.net.MacAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The bits of packet and connection marks, which all of a node's software shares. */
class MarksTest {
  private static EniPath eni(int number, boolean primary) {
    return new EniPath("eni-" + number, MacAddress.of("02:00:00:00:00:01"), primary, number, 10_000 + number, 9001, List.of(), List.of());
  }

  @Test
  void everyInterfaceHasAMarkOfItsOwnWithinTheMask() {
    Set<Integer> marks = new HashSet<>();
    for (int number = 1; number <= Numbers.MOST_INTERFACES; number++) {
      int mark = Numbers.mark(eni(number, false));
      assertThat(mark).isPositive();
      assertThat(mark & ~Numbers.MARK_MASK).isZero();
      assertThat(marks.add(mark)).isTrue();
    }
    assertThat(Numbers.mark(eni(1, true))).isZero();
    assertThatThrownBy(() -> Numbers.mark(eni(Numbers.MOST_INTERFACES + 1, false))).isInstanceOf(DatapathException.class)
        .hasMessageContaining("127");
  }

  @Test
  void noBitIsSomebodyElses() {
    int kubeProxy = 0x4000 | 0x8000;
    int portmap = 0x2000;
    int cilium = 0xf00;
    int calico = 0xffff0000;
    int awsVpcCni = 0x80;
    assertThat(Numbers.MARK_MASK & (kubeProxy | portmap | cilium | calico | awsVpcCni)).isZero();
    // In connection marks the last one says the same as ours.
    assertThat(Numbers.RETURN_MARK).isEqualTo(awsVpcCni);
    assertThat(Numbers.MARK_MASK & Numbers.RETURN_MARK).isZero();
  }
}
