package dev.patchbay.config;

import java.nio.file.Path;

/**
 * Where a value comes from. Its text is what people read beside the value.
 */
public sealed interface Origin {
  /**
   * A place in the configuration file, outside its overrides.
   *
   * @param file the file
   * @param line the line, from 1
   * @param column the column, from 1
   */
  record InFile(Path file, int line, int column) implements Origin {
    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  /**
   * An override that applies to the node.
   *
   * @param number which one, from 1
   * @param file the file
   * @param line the line, from 1
   * @param column the column, from 1
   */
  record InOverride(int number, Path file, int line, int column) implements Origin {
    @Override
    public String toString() {
      return file + ":" + line + " (override " + number + ")";
    }
  }

  /**
   * An environment variable of the process.
   *
   * @param variable its name
   */
  record Environment(String variable) implements Origin {
    @Override
    public String toString() {
      return "environment " + variable;
    }
  }

  /** The built-in default. */
  record Default() implements Origin {
    @Override
    public String toString() {
      return "default";
    }
  }
}
