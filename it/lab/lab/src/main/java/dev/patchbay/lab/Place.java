package dev.patchbay.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Where processes of a node or of a pod run: in its network, and with what such a process finds there.
 *
 * @param words the words before those of a command
 * @param environment what is set for it
 */
public record Place(List<String> words, ClientEnvironment environment) {
  /** Copies the list. */
  public Place {
    words = List.copyOf(words);
  }

  /** A command that will run there when it is started. */
  public ProcessBuilder command(List<String> command) {
    List<String> all = new ArrayList<>(words);
    all.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(all);
    environment.applyTo(builder.environment());
    return builder;
  }

  /** As JSON, for another process. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode all = json.putArray("words");
    words.forEach(all::add);
    json.set("environment", environment.json());
    return json;
  }

  /** From JSON as {@link #json} makes it. */
  public static Place of(JsonNode json) {
    List<String> words = new ArrayList<>();
    json.path("words").forEach(word -> words.add(word.asText()));
    return new Place(words, ClientEnvironment.of(json.path("environment")));
  }
}
