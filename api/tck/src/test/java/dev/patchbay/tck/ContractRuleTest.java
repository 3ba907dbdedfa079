package dev.patchbay.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.view.NodeView;
import org.junit.jupiter.api.Test;

/** The rules of the contract one by one, for who has no test engine. */
class ContractRuleTest {
  @Test
  void everyTestOfTheContractIsARule() {
    assertThat(ContractRule.all()).hasSizeGreaterThan(20).extracting(ContractRule::name).doesNotHaveDuplicates().isSorted()
        .contains("PurityContract.equalViewsGetEqualAnswers", "DescriptorContract.itsNeedsAreWellFormed");
    assertThat(ContractRule.all()).extracting(ContractRule::words).contains("equal views get equal answers");
    assertThat(ContractRule.all().stream().filter(ContractRule::isAboutTheTrial)).hasSize(1);
  }

  @Test
  void aRuleSaysWhatIsThrown() {
    assertThat(ContractRule.all()).allSatisfy(rule -> assertThat(rule.breach(ModeUnderTest.of(new Stocked()))).isEmpty());
    ModeUnderTest throwing = ModeUnderTest.of(new Stocked() {
      @Override
      public Answer<EniPlan> plan(NodeView node) {
        throw new UnsupportedOperationException("not today");
      }
    });
    assertThat(ContractRule.all().stream().flatMap(rule -> rule.breach(throwing).stream()))
        .isNotEmpty().anySatisfy(breach -> assertThat(breach).hasStackTraceContaining("not today"));
  }
}
