package dev.patchbay.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AccessFlag;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.junit.jupiter.api.Test;

/**
 * The rules by which the SPI can grow, read from its class files: reflection does not see the marks of who implements what.
 */
class ShapeTest {
  private static final ClassDesc API_MARK = ClassDesc.of(API.class.getName());
  private static final ClassDesc BY_MODE = ClassDesc.of(ImplementedByMode.class.getName());
  private static final ClassDesc BY_RUNTIME = ClassDesc.of(ImplementedByRuntime.class.getName());
  /** Closed by nature: nobody will find a third address family. */
  private static final Set<String> CLOSED = Set.of("dev.patchbay.spi.net.AddressFamily");

  private final Map<String, ClassModel> types = types();

  private static Path classes() {
    try {
      URI location = Answer.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      return Path.of(location);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, ClassModel> types() {
    Map<String, ClassModel> types = new TreeMap<>();
    try (Stream<Path> files = Files.walk(classes())) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        ClassModel model = ClassFile.of().parse(file);
        if (!model.isModuleInfo() && !file.endsWith("package-info.class")) {
          types.put(name(model.thisClass().asInternalName()), model);
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return types;
  }

  private static String name(String internal) {
    return internal.replace('/', '.');
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

  private static boolean isInterface(ClassModel type) {
    return type.flags().has(AccessFlag.INTERFACE) && !type.flags().has(AccessFlag.ANNOTATION);
  }

  private List<ClassModel> exported() {
    List<ClassModel> exported = types.values().stream().filter(ShapeTest::isPublic).toList();
    assertThat(exported).as("types read").hasSizeGreaterThan(70);
    return exported;
  }

  private static List<String> names(Stream<ClassModel> models) {
    return models.map(m -> name(m.thisClass().asInternalName())).toList();
  }

  @Test
  void everyPublicTypeSaysHowStableItIs() {
    assertThat(names(exported().stream().filter(t -> !marks(t).contains(API_MARK)))).as("types without @API").isEmpty();
  }

  @Test
  void everyInterfaceSaysWhoImplementsIt() {
    assertThat(names(exported().stream().filter(ShapeTest::isInterface).filter(t -> !isSealed(t))
        .filter(t -> marks(t).contains(BY_MODE) == marks(t).contains(BY_RUNTIME))))
        .as("open interfaces that are not marked with exactly one of @ImplementedByMode and @ImplementedByRuntime").isEmpty();
    assertThat(names(exported().stream().filter(t -> !isInterface(t) || isSealed(t))
        .filter(t -> marks(t).contains(BY_MODE) || marks(t).contains(BY_RUNTIME))))
        .as("marked types that nobody can implement").isEmpty();
  }

  @Test
  void classesAreFinalOrSealed() {
    assertThat(names(exported().stream().filter(t -> !isInterface(t) && !t.flags().has(AccessFlag.ANNOTATION))
        .filter(t -> !t.flags().has(AccessFlag.FINAL) && !isSealed(t)))).as("classes that anybody could extend").isEmpty();
  }

  @Test
  void whatTheRuntimeGivesIsNothingThatAModeCouldSwitchOver() {
    List<String> breaches = new ArrayList<>();
    for (ClassModel type : exported()) {
      if (!marks(type).contains(BY_RUNTIME)) {
        continue;
      }
      for (MethodModel method : type.methods()) {
        for (ClassModel given : mentioned(method)) {
          String name = name(given.thisClass().asInternalName());
          if ((given.flags().has(AccessFlag.ENUM) || isSealed(given)) && !CLOSED.contains(name)) {
            breaches.add(name(type.thisClass().asInternalName()) + "." + method.methodName() + " gives " + name);
          }
        }
      }
    }
    assertThat(breaches).as("enums and sealed types in views: a new constant would kill modes that switch over them").isEmpty();
  }

  /** The SPI's own types in what a method returns, type arguments included. */
  private List<ClassModel> mentioned(MethodModel method) {
    String type = method.findAttribute(Attributes.signature()).map(s -> s.signature().stringValue())
        .orElse(method.methodType().stringValue());
    String returned = type.substring(type.lastIndexOf(')') + 1);
    return Stream.of(returned.split("[<>;]")).filter(t -> t.startsWith("Ldev/patchbay/"))
        .map(t -> name(t.substring(1))).filter(types::containsKey).map(types::get).toList();
  }

  @Test
  void packagesStartWithTheModulesNameAndAllAreExported() throws IOException {
    ModuleDescriptor module;
    try (InputStream in = Files.newInputStream(classes().resolve("module-info.class"))) {
      module = ModuleDescriptor.read(in);
    }
    Set<String> packages = types.keySet().stream().map(n -> n.substring(0, n.lastIndexOf('.'))).collect(Collectors.toSet());
    assertThat(packages).allMatch(p -> p.equals(module.name()) || p.startsWith(module.name() + "."));
    assertThat(module.exports()).extracting(ModuleDescriptor.Exports::source)
        .containsExactlyInAnyOrderElementsOf(packages);
    assertThat(module.exports()).noneMatch(ModuleDescriptor.Exports::isQualified);
    assertThat(module.requires().stream().filter(r -> !r.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
        .map(ModuleDescriptor.Requires::name)).containsExactly("java.base");
  }
}
