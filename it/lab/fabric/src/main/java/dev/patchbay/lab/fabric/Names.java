package dev.patchbay.lab.fabric;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How namespaces of a fabric are named: by its id, so that whoever knows the id can remove all, and two never meet. */
final class Names {
  private static final String PREFIX = "patchbay-";
  private static final Pattern ID = Pattern.compile("[a-z0-9]{1,20}");
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private Names() {}

  static String id(String id) {
    // No hyphen: it ends the id in a namespace's name, so that no id is the beginning of another.
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("'" + id + "' can't be a fabric's id: use 1 to 20 of a-z and 0-9");
    }
    return id;
  }

  static NetworkNamespace of(String id, String part) {
    if (!PART.matcher(part).matches()) {
      throw new IllegalArgumentException(
          "'" + part + "' can't be part of a namespace's name: use 1 to 100 letters, digits, dots, hyphens and underscores");
    }
    return new NetworkNamespace(PREFIX + id + "-" + part);
  }

  static List<NetworkNamespace> existing(String id) {
    String prefix = PREFIX + id + "-";
    return all().filter(name -> name.startsWith(prefix)).map(NetworkNamespace::new).toList();
  }

  static List<String> ids() {
    return all()
        .filter(name -> name.startsWith(PREFIX) && name.indexOf('-', PREFIX.length()) > 0)
        .map(name -> name.substring(PREFIX.length(), name.indexOf('-', PREFIX.length())))
        .distinct()
        .toList();
  }

  private static Stream<String> all() {
    try (Stream<Path> files = Files.list(NetworkNamespace.DIRECTORY)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    } catch (NoSuchFileException none) {
      return Stream.empty();
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot list " + NetworkNamespace.DIRECTORY, failure);
    }
  }
}
