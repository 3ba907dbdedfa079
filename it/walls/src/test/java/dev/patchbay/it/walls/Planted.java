package dev.patchbay.it.walls;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Classes that are compiled for a test, against all modules of the checkout. */
final class Planted {
  private final Path folder;

  /**
   * Compiles into a folder.
   *
   * @param sources the text of each file, beginning with "package X;", one type each
   */
  Planted(Path folder, List<String> sources) {
    this.folder = folder;
    List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", folder.toString(), "-cp", classPath()));
    try {
      for (int i = 0; i < sources.size(); i++) {
        String name = "Planted" + i;
        Path file = Files.createDirectories(folder.resolve("sources/" + i)).resolve(name + ".java");
        // The type's name is the file's, wherever the text says T.
        arguments.add(Files.writeString(file, sources.get(i).replaceAll("\\bT\\b", name)).toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int code = ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, arguments.toArray(String[]::new));
    assertThat(code).as("compiling %s", sources).isZero();
  }

  private static String classPath() {
    return Stream.concat(Checkout.here().modules().stream().map(m -> m.classes().toString()),
        Stream.of(System.getProperty("java.class.path"))).collect(Collectors.joining(":"));
  }

  Path folder() {
    return folder;
  }

  JavaClasses classes() {
    return new ClassFileImporter().importPath(folder);
  }
}
