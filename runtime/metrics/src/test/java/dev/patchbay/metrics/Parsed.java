package dev.patchbay.metrics;

import dev.patchbay.node.Telemetry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A page as Prometheus' own Python client reads it.
 *
 * @param samples all samples
 */
record Parsed(List<Sample> samples) {
  /**
   * One sample.
   *
   * @param family the family's name; of a counter without {@code _total}
   * @param type the family's type
   * @param name the sample's name
   * @param labels its labels, those with {@code le} of a histogram included
   */
  record Sample(String family, String type, String name, double value, Map<String, String> labels) {}

  /** Reads a page in the format that its type names. */
  static Parsed of(Telemetry.Page page) {
    String format = page.contentType().startsWith("application/openmetrics-text") ? "openmetrics" : "text";
    String script;
    try (InputStream resource = Objects.requireNonNull(Parsed.class.getResourceAsStream("parse.py"))) {
      script = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
      Process python = new ProcessBuilder("/usr/bin/python3", "-c", script, format).redirectErrorStream(true).start();
      // The page is smaller than what a pipe holds only by chance, so it is written while what is printed is read.
      Thread writer = Thread.ofVirtual().start(() -> {
        try (var to = python.getOutputStream()) {
          to.write(page.content());
        } catch (IOException e) {
          throw new AssertionError("python3 does not read", e);
        }
      });
      String printed = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      writer.join();
      if (python.waitFor() != 0) {
        throw new AssertionError("the page can't be parsed: " + printed + "\n"
            + new String(page.content(), StandardCharsets.UTF_8));
      }
      return new Parsed(printed.lines().map(Parsed::sample).toList());
    } catch (IOException e) {
      throw new AssertionError("python3 with prometheus_client is needed (Debian: python3-prometheus-client)", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static Sample sample(String line) {
    List<String> fields = new ArrayList<>(Arrays.asList(line.split("\t", -1)));
    Map<String, String> labels = new LinkedHashMap<>();
    for (String label : fields.subList(4, fields.size())) {
      int equals = label.indexOf('=');
      labels.put(label.substring(0, equals), label.substring(equals + 1));
    }
    return new Sample(fields.get(0), fields.get(1), fields.get(2), Double.parseDouble(fields.get(3)), labels);
  }

  /** The value of a sample; the labels are given as {@code name=value}. */
  Optional<Double> value(String name, String... labels) {
    Map<String, String> wanted = new LinkedHashMap<>();
    for (String label : labels) {
      wanted.put(label.substring(0, label.indexOf('=')), label.substring(label.indexOf('=') + 1));
    }
    return samples.stream().filter(s -> s.name().equals(name) && s.labels().equals(wanted)).map(Sample::value).findFirst();
  }

  /** The names of all families, with their types. */
  Set<String> families() {
    Set<String> families = new TreeSet<>();
    samples.forEach(s -> families.add(s.family() + " " + s.type()));
    return families;
  }
}
