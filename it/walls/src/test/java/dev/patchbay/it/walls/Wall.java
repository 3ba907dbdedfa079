package dev.patchbay.it.walls;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A rule for classes.
 *
 * @param name what it says, as a sentence
 * @param of to which classes it applies
 * @param atLeast how many there are at least: a rule that sees nothing says nothing
 * @param must what they must do
 * @param exempt classes of which it is not asked, and why not; those nested in them go with them
 */
record Wall(
    String name, Predicate<JavaClass> of, int atLeast, ArchCondition<JavaClass> must, Map<String, String> exempt) {

  static Wall of(String name, Predicate<JavaClass> of, int atLeast, ArchCondition<JavaClass> must) {
    return new Wall(name, of, atLeast, must, Map.of());
  }

  /** The same with an exemption. */
  Wall exempt(String type, String reason) {
    Map<String, String> more = new LinkedHashMap<>(exempt);
    more.put(type, reason);
    return new Wall(name, of, atLeast, must, more);
  }

  /** How many of these classes it applies to. */
  long seen(JavaClasses classes) {
    return classes.stream().filter(of).count();
  }

  /** What is wrong, each with class and line. */
  List<String> breaches(JavaClasses classes) {
    return evaluated(classes, type -> of.test(type) && exempt.keySet().stream().noneMatch(name -> isIn(type, name)));
  }

  /** Exemptions that nothing needs any more. */
  List<String> stale(JavaClasses classes) {
    List<String> stale = new ArrayList<>();
    for (String name : exempt.keySet()) {
      if (evaluated(classes, type -> of.test(type) && isIn(type, name)).isEmpty()) {
        stale.add(name);
      }
    }
    return stale;
  }

  private List<String> evaluated(JavaClasses classes, Predicate<JavaClass> which) {
    return ArchRuleDefinition.classes().that(DescribedPredicate.describe("are concerned", which)).should(must)
        .allowEmptyShould(true).evaluate(classes).getFailureReport().getDetails();
  }

  private static boolean isIn(JavaClass type, String name) {
    return type.getName().equals(name) || type.getName().startsWith(name + "$");
  }

  @Override
  public String toString() {
    return name;
  }
}
