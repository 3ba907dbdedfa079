package dev.patchbay.spi;

import japicmp.cmp.JApiCmpArchive;
import japicmp.cmp.JarArchiveComparator;
import japicmp.cmp.JarArchiveComparatorOptions;
import japicmp.model.JApiBehavior;
import japicmp.model.JApiClass;
import japicmp.model.JApiCompatibility;
import japicmp.model.JApiCompatibilityChange;
import japicmp.model.JApiCompatibilityChangeType;
import japicmp.model.JApiConstructor;
import japicmp.model.JApiMethod;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import javassist.CtClass;

/**
 * Where one version of the SPI breaks with another: every incompatibility that japicmp sees, in binary or source, but for
 * methods added to what the runtime alone implements.
 */
final class Breaks {
  /** Changes that no mode notices in a type that no mode implements. */
  private static final Set<JApiCompatibilityChangeType> ADDED = EnumSet.of(
      JApiCompatibilityChangeType.METHOD_ADDED_TO_INTERFACE, JApiCompatibilityChangeType.METHOD_ABSTRACT_ADDED_TO_CLASS,
      JApiCompatibilityChangeType.METHOD_ABSTRACT_ADDED_IN_SUPERCLASS,
      JApiCompatibilityChangeType.METHOD_ABSTRACT_ADDED_IN_IMPLEMENTED_INTERFACE);

  private final SortedSet<String> found = new TreeSet<>();

  private Breaks() {}

  static SortedSet<String> between(byte[] before, byte[] now) {
    Breaks breaks = new Breaks();
    new JarArchiveComparator(new JarArchiveComparatorOptions())
        .compare(new JApiCmpArchive(before, "before", "before.jar"), new JApiCmpArchive(now, "now", "now.jar"))
        .forEach(breaks::collect);
    return breaks.found;
  }

  private void collect(JApiClass type) {
    String name = type.getFullyQualifiedName();
    boolean closed = type.getOldClass().filter(c -> !implementedByModes(c)).isPresent();
    collect(name, type, closed);
    type.getGenericTemplates().forEach(t -> collect(name + "<" + t.getName() + ">", t, closed));
    for (JApiMethod method : type.getMethods()) {
      String what = name + "#" + signature(method.getName(), method);
      collect(what, method, closed);
      // What a list holds is no part of the descriptor: nothing but these say that it has changed.
      collect(what, method.getReturnType(), closed);
      method.getParameters().forEach(p -> collect(what, p, closed));
      method.getGenericTemplates().forEach(t -> collect(what, t, closed));
    }
    for (JApiConstructor constructor : type.getConstructors()) {
      String what = name + "#" + signature("<init>", constructor);
      collect(what, constructor, closed);
      constructor.getParameters().forEach(p -> collect(what, p, closed));
    }
    type.getFields().forEach(f -> collect(name + "#" + f.getName(), f, closed));
    type.getInterfaces().forEach(i -> collect(name + " implements " + i.getFullyQualifiedName(), i, closed));
    collect(name + " extends", type.getSuperclass(), closed);
    Optional<String> before = type.getOldClass().map(Breaks::mark);
    Optional<String> now = type.getNewClass().map(Breaks::mark);
    if (before.isPresent() && now.isPresent() && !before.equals(now)) {
      found.add(name + " IMPLEMENTED_BY_OTHERS_NOW");
    }
  }

  private static String signature(String name, JApiBehavior behaviour) {
    return name + "(" + String.join(", ", behaviour.getParameters().stream().map(p -> p.getType()).toList()) + ")";
  }

  private void collect(String what, JApiCompatibility element, boolean closed) {
    for (JApiCompatibilityChange change : element.getCompatibilityChanges()) {
      boolean breaks = !change.isBinaryCompatible() || !change.isSourceCompatible();
      boolean unnoticed = change.getType() == JApiCompatibilityChangeType.METHOD_NEW_DEFAULT
          || (closed && ADDED.contains(change.getType()));
      if (breaks && !unnoticed) {
        found.add(what + " " + change.getType());
      }
    }
  }

  private static boolean implementedByModes(CtClass type) {
    return type.hasAnnotation(ImplementedByMode.class.getName());
  }

  private static String mark(CtClass type) {
    return implementedByModes(type) + " " + type.hasAnnotation(ImplementedByRuntime.class.getName());
  }
}
