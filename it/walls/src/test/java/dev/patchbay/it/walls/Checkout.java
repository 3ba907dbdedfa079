package dev.patchbay.it.walls;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The checkout that these tests belong to, and its modules, found by what lies there: a new mode needs no word here. */
final class Checkout {
  static final Path ROOT = Path.of(System.getProperty("patchbay.checkout", "../..")).toAbsolutePath().normalize();

  private static final Checkout HERE = new Checkout();

  private final List<BuiltModule> modules;
  private final JavaClasses classes;

  private Checkout() {
    modules = folders(ROOT).stream().filter(f -> Files.exists(ROOT.resolve(f).resolve("src/main/java/module-info.java")))
        .map(f -> BuiltModule.of(ROOT, f)).toList();
    classes = new ClassFileImporter().importLocations(modules.stream().map(m -> Location.of(m.classes())).toList());
  }

  static Checkout here() {
    return HERE;
  }

  /** The folders of the build: api/spi, it/lab/vpc, mode-prefix and so on. */
  static List<String> folders(Path root) {
    try (Stream<Path> files = Files.find(root, 4, (path, attributes) -> path.endsWith("pom.xml"))) {
      return files.map(file -> root.relativize(file.getParent()).toString())
          // What is in it/vendor is a vendor's, and no part of the build.
          .filter(folder -> !folder.isEmpty() && !folder.contains("target") && !folder.startsWith("build") && !folder.startsWith("it/vendor"))
          .sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<BuiltModule> modules() {
    return modules;
  }

  List<BuiltModule> modules(BuiltModule.Kind kind) {
    return modules.stream().filter(m -> m.kind() == kind).toList();
  }

  /** All classes of all modules, without those of tests. */
  JavaClasses classes() {
    return classes;
  }

  /** All classes of tests that have been compiled. */
  static JavaClasses testClasses() {
    return new ClassFileImporter().importLocations(folders(ROOT).stream().map(folder -> ROOT.resolve(folder).resolve("target/test-classes"))
        .filter(Files::isDirectory).map(Location::of).toList());
  }

  /** Whose a class is, by its package's name. */
  Optional<BuiltModule> moduleOf(JavaClass type) {
    String name = type.getPackageName();
    return modules.stream().filter(m -> m.owns(name)).max(Comparator.comparing(m -> m.name().length()));
  }

  /** Whether a class belongs to a module of that kind. */
  boolean is(JavaClass type, BuiltModule.Kind kind) {
    return moduleOf(type).filter(m -> m.kind() == kind).isPresent();
  }
}
