package dev.patchbay.launch;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeSet;

/** The table of programs and their layers. */
final class Programs {
  private final Properties table;

  private Programs(Properties table) {
    this.table = table;
  }

  static Programs read(Path file) throws IOException {
    Properties table = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      table.load(reader);
    }
    return new Programs(table);
  }

  SortedSet<String> names() {
    return new TreeSet<>(table.stringPropertyNames());
  }

  /** The layers of a program; empty if there is no such program. */
  Optional<List<String>> layers(String program) {
    return Optional.ofNullable(table.getProperty(program))
        .map(text -> Arrays.stream(text.split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList());
  }
}
