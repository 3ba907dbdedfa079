package dev.patchbay.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;

/** Runs the contract's tests over any mode, without a class for each. */
final class Contracts {
  private Contracts() {}

  static DynamicContainer of(ModeUnderTest mode) {
    return dynamicContainer(mode.toString(), ContractRule.all().stream().map(rule -> DynamicTest.dynamicTest(test(rule), () -> {
      Optional<Throwable> breach = rule.breach(mode);
      if (breach.isPresent()) {
        throw breach.get();
      }
    })));
  }

  /** The name of the test, which is what a planted fault is expected to break. */
  private static String test(ContractRule rule) {
    return rule.name().substring(rule.name().indexOf('.') + 1);
  }

  /** The tests that fail, with what they say. */
  static Map<String, String> failures(ModeUnderTest mode) {
    Map<String, String> failures = new TreeMap<>();
    ContractRule.all().forEach(rule -> rule.breach(mode).ifPresent(breach -> failures.put(test(rule), String.valueOf(breach))));
    return failures;
  }

  static void assertFound(Stocked mode, String test, String said) {
    assertFound(ModeUnderTest.of(mode), test, said);
  }

  static void assertFound(ModeUnderTest mode, String test, String said) {
    assertThat(failures(mode)).containsKey(test).extractingByKey(test).asString().contains(said);
  }
}
