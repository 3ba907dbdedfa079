package dev.patchbay.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the environment of a process must have so that AWS SDKs, the AWS CLI, kubectl and clients of their kind use a lab, and
 * nothing else. Immutable.
 *
 * @param variables what is set, in the order in which it is printed
 * @param absent what must not be set, since it would lead elsewhere
 * @param direct the hosts that must not be asked through a proxy
 */
public record ClientEnvironment(Map<String, String> variables, List<String> absent, List<String> direct) {
  private static final List<String> NO_PROXY = List.of("NO_PROXY", "no_proxy");

  /** Copies the collections. */
  public ClientEnvironment {
    variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    absent = List.copyOf(absent);
    direct = List.copyOf(direct);
  }

  /** Changes the environment of a process that is to be started. */
  public void applyTo(Map<String, String> environment) {
    variablesFor(Map.copyOf(environment)).forEach(environment::put);
    absent.forEach(environment::remove);
  }

  /**
   * All variables that are to be set: {@link #variables}, and the hosts without a proxy added to those that are there.
   *
   * @param environment what is there
   */
  public Map<String, String> variablesFor(Map<String, String> environment) {
    Map<String, String> all = new LinkedHashMap<>(variables);
    Set<String> hosts = new LinkedHashSet<>();
    NO_PROXY.stream()
        .flatMap(name -> Arrays.stream(environment.getOrDefault(name, "").split(",", -1)))
        .map(String::strip)
        .filter(host -> !host.isEmpty())
        .forEach(hosts::add);
    hosts.addAll(direct);
    if (!hosts.isEmpty()) {
      // curl and Python read the one, others the other.
      NO_PROXY.forEach(name -> all.put(name, String.join(",", hosts)));
    }
    return all;
  }

  /**
   * The lines for a POSIX shell to evaluate.
   *
   * @param environment the shell's environment
   */
  public String shell(Map<String, String> environment) {
    List<String> lines = new ArrayList<>();
    if (!absent.isEmpty()) {
      lines.add("unset " + String.join(" ", absent));
    }
    variablesFor(environment).forEach((name, value) -> lines.add("export " + name + "=" + quoted(value)));
    return String.join("\n", lines) + "\n";
  }

  /** A word of a POSIX shell that stands for exactly this text. */
  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** As JSON: {@code set}, {@code unset} and {@code direct}. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode set = json.putObject("set");
    variables.forEach(set::put);
    ArrayNode unset = json.putArray("unset");
    absent.forEach(unset::add);
    ArrayNode hosts = json.putArray("direct");
    direct.forEach(hosts::add);
    return json;
  }

  /** From JSON as {@link #json} makes it. */
  public static ClientEnvironment of(JsonNode json) {
    Map<String, String> set = new LinkedHashMap<>();
    json.path("set").properties().forEach(entry -> set.put(entry.getKey(), entry.getValue().asText()));
    return new ClientEnvironment(set, texts(json.path("unset")).toList(), texts(json.path("direct")).toList());
  }

  private static Stream<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts.stream();
  }
}
