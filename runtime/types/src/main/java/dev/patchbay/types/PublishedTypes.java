package dev.patchbay.types;

import dev.patchbay.core.cloud.InstanceTypeRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The limits of the instance types that AWS publishes, from the table in this module. A node has one type, so the table is searched
 * and only what was found is kept. For any number of threads.
 */
public final class PublishedTypes {
  private static final String RESOURCE = "instance-types.txt";

  private final Map<String, Optional<InstanceTypeRecord>> found = new HashMap<>();

  /** Nothing has been looked up yet. */
  public PublishedTypes() {}

  /**
   * Looks up a type.
   *
   * @param name its name
   * @return its limits; empty if the table does not have it
   */
  public synchronized Optional<InstanceTypeRecord> find(String name) {
    return found.computeIfAbsent(name, PublishedTypes::search);
  }

  private static Optional<InstanceTypeRecord> search(String name) {
    try (BufferedReader lines = open()) {
      return lines.lines().filter(line -> line.contains(name))
          .flatMap(line -> records(line, name::equals)).findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " can't be read", e);
    }
  }

  /**
   * {@return all types, in the order of the table; not kept}
   */
  public static List<InstanceTypeRecord> all() {
    try (BufferedReader lines = open()) {
      return lines.lines().flatMap(line -> records(line, n -> true)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " can't be read", e);
    }
  }

  private static BufferedReader open() {
    InputStream resource = PublishedTypes.class.getResourceAsStream(RESOURCE);
    if (resource == null) {
      throw new IllegalStateException(RESOURCE + " is missing from " + PublishedTypes.class.getModule());
    }
    return new BufferedReader(new InputStreamReader(resource, StandardCharsets.US_ASCII));
  }

  /** The types of a line, those of the names wanted. */
  private static Stream<InstanceTypeRecord> records(String line, Predicate<String> wanted) {
    int colon = line.indexOf(": ");
    if (line.startsWith("#") || colon < 0) {
      return Stream.empty();
    }
    String[] figure = line.substring(0, colon).split(" ", -1);
    List<Integer> cards = Stream.of(figure[0].split("\\+", -1)).map(Integer::valueOf).toList();
    boolean trunking = !figure[4].equals("-");
    return Stream.of(line.substring(colon + 2).split(" ", -1)).filter(wanted)
        .map(n -> new InstanceTypeRecord(n, cards, Integer.parseInt(figure[1]), Integer.parseInt(figure[2]),
            figure[3].equals("p"), trunking, trunking ? Integer.parseInt(figure[4]) : 0, Integer.parseInt(figure[5])));
  }
}
