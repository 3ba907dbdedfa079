package dev.patchbay.spi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * The rules by which the SPI can grow, over a folder of class files: reflection does not see the marks of who implements what.
 * Each rule gives the names of what breaks it.
 */
final class Shape {
  private static final ClassDesc API_MARK = ClassDesc.of(API.class.getName());
  private static final ClassDesc BY_MODE = ClassDesc.of(ImplementedByMode.class.getName());
  private static final ClassDesc BY_RUNTIME = ClassDesc.of(ImplementedByRuntime.class.getName());
  /** Closed by nature: nobody will find a third address family. */
  private static final Set<String> CLOSED = Set.of("dev.patchbay.spi.net.AddressFamily");

  private final Map<String, ClassModel> types = new TreeMap<>();

  Shape(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        ClassModel model = ClassFile.of().parse(file);
        if (!model.isModuleInfo() && !file.endsWith("package-info.class")) {
          types.put(name(model), model);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(ClassModel type) {
    return type.thisClass().asInternalName().replace('/', '.');
  }

  private static Set<ClassDesc> marks(ClassModel type) {
    return Stream.concat(
        type.findAttribute(Attributes.runtimeVisibleAnnotations()).stream().flatMap(a -> a.annotations().stream()),
        type.findAttribute(Attributes.runtimeInvisibleAnnotations()).stream().flatMap(a -> a.annotations().stream()))
        .map(a -> a.classSymbol()).collect(Collectors.toSet());
  }

  /** Whether anybody outside can name it: a nested type is as public as its declaration says, not its class file's flags. */
  private static boolean isPublic(ClassModel type) {
    return type.findAttribute(Attributes.innerClasses()).stream().flatMap(a -> a.classes().stream())
        .filter(i -> i.innerClass().equals(type.thisClass())).findFirst()
        .map(i -> i.has(AccessFlag.PUBLIC)).orElse(type.flags().has(AccessFlag.PUBLIC));
  }

  private static boolean isSealed(ClassModel type) {
    return type.findAttribute(Attributes.permittedSubclasses()).isPresent();
  }

  private static boolean isOpenInterface(ClassModel type) {
    return type.flags().has(AccessFlag.INTERFACE) && !type.flags().has(AccessFlag.ANNOTATION) && !isSealed(type);
  }

  private List<String> those(Predicate<ClassModel> breach) {
    return types.values().stream().filter(Shape::isPublic).filter(breach).map(Shape::name).toList();
  }

  List<String> publicTypes() {
    return those(type -> true);
  }

  Set<String> packages() {
    return types.keySet().stream().map(n -> n.substring(0, n.lastIndexOf('.'))).collect(Collectors.toSet());
  }

  /** Public types that don't say how stable they are. */
  List<String> withoutStability() {
    return those(type -> !marks(type).contains(API_MARK));
  }

  /** Interfaces that anybody can implement and that don't say who does, once; and marked types that nobody can implement. */
  List<String> withoutImplementer() {
    return those(type -> {
      boolean byMode = marks(type).contains(BY_MODE);
      boolean byRuntime = marks(type).contains(BY_RUNTIME);
      return isOpenInterface(type) ? byMode == byRuntime : byMode || byRuntime;
    });
  }

  /** Classes that anybody could extend. */
  List<String> extensible() {
    return those(type -> !type.flags().has(AccessFlag.INTERFACE) && !type.flags().has(AccessFlag.FINAL) && !isSealed(type));
  }

  /** What the runtime gives to modes and a mode could switch over: a new constant would kill modes that do. */
  List<String> switchable() {
    List<String> breaches = new ArrayList<>();
    for (ClassModel type : types.values()) {
      if (!isPublic(type) || !marks(type).contains(BY_RUNTIME)) {
        continue;
      }
      for (MethodModel method : type.methods()) {
        for (ClassModel given : given(method)) {
          if ((given.flags().has(AccessFlag.ENUM) || isSealed(given)) && !CLOSED.contains(name(given))) {
            breaches.add(name(type) + "." + method.methodName() + " gives " + name(given));
          }
        }
      }
    }
    return breaches;
  }

  /** The types of these rules' folder in what a method returns, type arguments included. */
  private List<ClassModel> given(MethodModel method) {
    String type = method.findAttribute(Attributes.signature()).map(s -> s.signature().stringValue())
        .orElse(method.methodType().stringValue());
    return Stream.of(type.substring(type.lastIndexOf(')') + 1).split("[<>;]")).filter(t -> t.startsWith("L"))
        .map(t -> t.substring(1).replace('/', '.')).filter(types::containsKey).map(types::get).toList();
  }
}
