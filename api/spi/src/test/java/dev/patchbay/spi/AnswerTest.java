package dev.patchbay.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static final Finding FINDING = Finding.of(Codes.SUBNET_FULL, "The subnet is full.", "Add another.");
  private static final ObjectRef REF = new ObjectRef(ObjectKind.POD, "default", "web");

  @Test
  void onlyAPlanIsAPlan() {
    assertThat(Answer.of("x").plan()).contains("x");
    assertThat(Answer.pass().plan()).isEmpty();
    assertThat(Answer.refuse(Codes.POD_INVALID, "No.", "Change it.").plan()).isEmpty();
    assertThat(Answer.waitFor(REF, Codes.WAIT_EXPIRED, "Not yet.", "Wait.").plan()).isEmpty();
  }

  @Test
  void isEqualByWhatItSays() {
    assertThat(Answer.of("x")).isEqualTo(Answer.of("x", List.of())).isNotEqualTo(Answer.of("y"))
        .isNotEqualTo(Answer.of("x", List.of(FINDING)));
    assertThat(Answer.pass()).isEqualTo(Answer.pass()).isNotEqualTo(Answer.of("x"));
    assertThat(Answer.refuse(Codes.POD_INVALID, "No.", "Change it."))
        .isEqualTo(Answer.refuse(Codes.POD_INVALID, "No.", "Change it."))
        .isNotEqualTo(Answer.refuse(Codes.POD_INVALID, "No!", "Change it."))
        .isNotEqualTo(Answer.refuse(Codes.OBJECT_INVALID, "No.", "Change it."));
    assertThat(Answer.waitFor(REF, Codes.WAIT_EXPIRED, "Not yet.", "Wait."))
        .isEqualTo(Answer.waitFor(REF, Codes.WAIT_EXPIRED, "Not yet.", "Wait."))
        .isNotEqualTo(Answer.waitFor(new ObjectRef(ObjectKind.POD, "default", "db"), Codes.WAIT_EXPIRED, "Not yet.", "Wait."))
        .hasToString("wait for Pod default/web: WaitExpired (304): Not yet. Wait.");
  }

  @Test
  void findingsAreAddedToPlansAlone() {
    Answer<String> planned = Answer.of("x").with(FINDING).with(FINDING.about("subnet-1").withValue(3));
    assertThat(((Answer.Planned<String>) planned).findings()).hasSize(2);
    assertThat(Answer.pass().with(FINDING)).isEqualTo(Answer.pass());
    assertThat(FINDING.about("a")).isNotEqualTo(FINDING).isNotEqualTo(FINDING.about("b"));
  }

  @Test
  void codesHaveNumbersInRangeAndNamesInCamelCase() {
    assertThat(Code.of(207, "Some")).hasToString("Some (207)").isLessThan(Code.of(300, "Other"));
    assertThatIllegalArgumentException().isThrownBy(() -> Code.of(0, "Some"));
    assertThatIllegalArgumentException().isThrownBy(() -> Code.of(20_000, "Some"));
    assertThatIllegalArgumentException().isThrownBy(() -> Code.of(1, "some-code"));
  }

  @Test
  void noTwoCodesShareANumber() throws IllegalAccessException {
    List<Integer> numbers = new java.util.ArrayList<>();
    for (java.lang.reflect.Field field : Codes.class.getFields()) {
      numbers.add(((Code) field.get(null)).number());
    }
    assertThat(numbers).hasSizeGreaterThan(10).doesNotHaveDuplicates().allMatch(n -> n >= 100 && n < 600);
  }
}
