package dev.patchbay.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Finding;

/**
 * What is said to people: in sentences, with the cause and the remedy.
 */
final class Words {
  private Words() {}

  static void check(Answer<?> answer) {
    switch (answer) {
      case Answer.Planned<?> planned -> planned.findings().forEach(Words::checkFinding);
      case Answer.Wait<?> wait -> checkFinding(wait.reason());
      case Answer.Refuse<?> refuse -> checkFinding(refuse.reason());
      case Answer.Pass<?> ignored -> { }
    }
  }

  private static void checkFinding(Finding finding) {
    sentence("cause", finding, finding.cause());
    sentence("remedy", finding, finding.remedy());
  }

  private static void sentence(String what, Finding finding, String text) {
    assertThat(text).as("%s of %s: a sentence that stands alone", what, finding.code()).matches("(?s)[\\p{Lu}\\p{N}].{10,}[.?!]");
  }
}
