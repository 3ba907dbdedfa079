package dev.patchbay.it.walls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A module of the checkout that has been built.
 *
 * @param folder its folder, below the checkout's and as a text
 * @param kind on which side of the walls it stands
 * @param descriptor what its module-info became
 * @param classes the folder of its class files
 */
record BuiltModule(String folder, Kind kind, ModuleDescriptor descriptor, Path classes) {
  /** Which folder of the checkout a module is in says what it may know. */
  enum Kind {
    /** {@code api/}: what everybody may know. */
    API,
    /** {@code mode-*}: knows the API. */
    MODE,
    /** {@code runtime/}: knows the API and itself. */
    RUNTIME,
    /** {@code it/}: knows everybody, and nobody knows it. */
    IT;

    static Kind of(String folder) {
      if (folder.startsWith("mode-")) {
        return MODE;
      }
      return switch (folder.split("/", -1)[0]) {
        case "api" -> API;
        case "runtime" -> RUNTIME;
        case "it" -> IT;
        default -> throw new IllegalArgumentException(
            "modules are in api, runtime, it and mode-*; on which side of the walls is " + folder + "?");
      };
    }
  }

  static BuiltModule of(Path checkout, String folder) {
    Path classes = checkout.resolve(folder).resolve("target/classes");
    try (InputStream in = Files.newInputStream(classes.resolve("module-info.class"))) {
      return new BuiltModule(folder, Kind.of(folder), ModuleDescriptor.read(in), classes);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " has not been built: build everything, 'mvn package', before its walls are looked at", e);
    }
  }

  /** The module's name, which is its root package's too. */
  String name() {
    return descriptor.name();
  }

  /** Whether a package is this module's, by its name. */
  boolean owns(String packageName) {
    return packageName.equals(name()) || packageName.startsWith(name() + ".");
  }

  @Override
  public String toString() {
    return folder;
  }
}
