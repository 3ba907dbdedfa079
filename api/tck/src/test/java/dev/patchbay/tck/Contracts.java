package dev.patchbay.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;

/** Runs the contract's tests over any mode, without a class for each. */
final class Contracts {
  private Contracts() {}

  /** The names of the tests, which is what a planted fault is expected to break. */
  static List<Method> tests() {
    return Arrays.stream(ModeContract.class.getMethods()).filter(m -> m.isAnnotationPresent(Test.class))
        .sorted(Comparator.comparing(Method::getName)).toList();
  }

  static void run(Method test, ModeUnderTest mode) throws Throwable {
    ModeContract contract = () -> mode;
    try {
      test.invoke(contract);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }

  static DynamicContainer of(ModeUnderTest mode) {
    return dynamicContainer(mode.toString(),
        tests().stream().map(test -> DynamicTest.dynamicTest(test.getName(), () -> run(test, mode))));
  }

  /** The tests that fail, with what they say. */
  static Map<String, String> failures(ModeUnderTest mode) {
    Map<String, String> failures = new TreeMap<>();
    for (Method test : tests()) {
      try {
        run(test, mode);
      } catch (Throwable failure) {
        failures.put(test.getName(), String.valueOf(failure));
      }
    }
    return failures;
  }

  static void assertFound(Stocked mode, String test, String said) {
    assertFound(ModeUnderTest.of(mode), test, said);
  }

  static void assertFound(ModeUnderTest mode, String test, String said) {
    assertThat(failures(mode)).containsKey(test).extractingByKey(test).asString().contains(said);
  }
}
