package dev.patchbay.it.walls;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** What rules ask of classes. */
final class Conditions {
  private Conditions() {}

  /** Depends on nothing but what is allowed: by a call, a field, a supertype, a signature, an annotation. */
  static ArchCondition<JavaClass> dependOnlyOn(String what, BiPredicate<JavaClass, JavaClass> allowed) {
    return new ArchCondition<>("depend only on " + what) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          JavaClass target = dependency.getTargetClass().getBaseComponentType();
          if (!target.isPrimitive() && !allowed.test(type, target)) {
            events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
          }
        }
      }
    };
  }

  /** Depends on no such class. */
  static ArchCondition<JavaClass> dependOnNo(String what, Predicate<JavaClass> forbidden) {
    return dependOnlyOn("what is no " + what, (type, target) -> !forbidden.test(target));
  }

  /** Calls no such method, makes no such object, touches no such field. */
  static ArchCondition<JavaClass> accessNo(String what, Predicate<JavaAccess<?>> forbidden) {
    return new ArchCondition<>("access no " + what) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaAccess<?> access : type.getAccessesFromSelf()) {
          if (forbidden.test(access)) {
            events.add(SimpleConditionEvent.violated(type, access.getDescription()));
          }
        }
      }
    };
  }

  /** Has a property. */
  static ArchCondition<JavaClass> have(String what, Predicate<JavaClass> property) {
    return new ArchCondition<>("have " + what) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!property.test(type)) {
          events.add(SimpleConditionEvent.violated(type, type.getName() + " has no " + what + " in " + type.getSourceCodeLocation()));
        }
      }
    };
  }
}
