package dev.patchbay.tck;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apiguardian.api.API;
import org.junit.jupiter.api.Test;

/**
 * One rule of the contract, for who holds a mode against it without a test engine: {@code patchbay modes verify} does. In the tests of
 * a mode, implement {@link ModeContract} instead.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ContractRule {
  private final Method method;

  private ContractRule(Method method) {
    this.method = method;
  }

  /**
   * {@return all rules of {@link ModeContract}, always in the same order}
   */
  public static List<ContractRule> all() {
    return Arrays.stream(ModeContract.class.getMethods()).filter(method -> method.isAnnotationPresent(Test.class)).map(ContractRule::new)
        .sorted(Comparator.comparing(ContractRule::name)).toList();
  }

  /**
   * {@return its name: that of the contract, and that of the test}
   */
  public String name() {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  /**
   * {@return what it asks, in words}
   */
  public String words() {
    return method.getName().replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }

  /**
   * {@return whether it asks only that the mode has been tried with something that it plans: who breaks it has shown too little, and may
   *     be sound}
   */
  public boolean isAboutTheTrial() {
    return method.getName().equals("itPlansOneOfThePodsItIsTriedWith");
  }

  /**
   * Holds a mode against it. Runs the mode's code on the calling thread, for as long as it likes.
   *
   * @param mode the mode
   * @return what was thrown if the mode breaks the rule: an {@link AssertionError}, or what the mode threw
   */
  public Optional<Throwable> breach(ModeUnderTest mode) {
    ModeContract contract = () -> mode;
    try {
      method.invoke(contract);
      return Optional.empty();
    } catch (InvocationTargetException e) {
      return Optional.ofNullable(e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a rule of the contract is a public method: " + name(), e);
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
