package dev.patchbay.linux.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Small C programs of the tests. */
final class CompiledC {
  private CompiledC() {}

  /** Compiles src/test/c/NAME.c into a folder. */
  static Path compile(String name, Path folder) {
    Path program = folder.resolve(name);
    try {
      int exit = new ProcessBuilder("gcc", "-O1", "-Wall", "-o", program.toString(), "src/test/c/" + name + ".c")
          .inheritIO().start().onExit().join().exitValue();
      if (exit != 0) {
        throw new IllegalStateException("gcc could not compile " + name + ".c");
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("gcc is needed to run this test", failed);
    }
    return program;
  }
}
