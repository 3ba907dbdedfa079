package dev.patchbay.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Requests, one after the other, with the answers that the real API server gave to them. A file of talks has for each a title
 * ({@code ==}) and for each request its method, path and kind of body ({@code >}), the body, the fields of the answer that count
 * ({@code ?}; of refusals all do), why the lab's answer may have other words ({@code ~}), and the answer ({@code <}).
 * {@code {ns}} is a namespace of the talk's own, {@code {run}} a word of its own.
 */
record Talk(String title, List<Step> steps) {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Set<String> UNLIKE =
      Set.of("uid", "resourceVersion", "creationTimestamp", "time", "deletionTimestamp", "lastTransitionTime");
  private static final Map<String, String> TYPES =
      Map.of(
          "json", "application/json",
          "merge", "application/merge-patch+json",
          "strategic", "application/strategic-merge-patch+json",
          "jsonpatch", "application/json-patch+json",
          "apply", "application/apply-patch+yaml");

  /**
   * One request and its answer.
   *
   * @param counting pointers to the fields that count of an answer that is no refusal
   * @param wordsDiffer whether the lab's words are others, so that only the code counts
   */
  record Step(String request, String body, List<String> counting, boolean wordsDiffer, Answer answer) {}

  /** An answer, without what is another each time. */
  record Answer(int code, JsonNode content) {
    @Override
    public String toString() {
      return code + " " + content;
    }
  }

  static List<Talk> read(Path file) throws IOException {
    List<Talk> talks = new ArrayList<>();
    String request = "";
    StringBuilder body = new StringBuilder();
    List<String> counting = List.of();
    boolean wordsDiffer = false;
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("== ")) {
        talks.add(new Talk(line.substring(3), new ArrayList<>()));
      } else if (line.startsWith("> ")) {
        request = line.substring(2);
        body.setLength(0);
        counting = List.of();
        wordsDiffer = false;
      } else if (line.startsWith("? ")) {
        counting = List.of(line.substring(2).split(" "));
      } else if (line.startsWith("~ ")) {
        wordsDiffer = true;
      } else if (line.startsWith("< ")) {
        String[] parts = line.substring(2).split(" ", 2);
        JsonNode content = MAPPER.readTree(parts[1]);
        mask(content);
        Answer answer = new Answer(Integer.parseInt(parts[0]), content);
        talks.getLast().steps().add(new Step(request, body.toString(), counting, wordsDiffer, ordered(answer)));
      } else if (!line.isEmpty()) {
        body.append(line).append('\n');
      }
    }
    return talks;
  }

  /** What a server answers to a request. */
  static Answer ask(Clients.Raw client, Step step, String namespace, String run) throws IOException, InterruptedException {
    String[] words = step.request().replace("{ns}", namespace).replace("{run}", run).split(" ");
    String type = TYPES.get(words.length > 2 ? words[2] : "json");
    String body = step.body().replace("{ns}", namespace).replace("{run}", run);
    HttpResponse<String> response = client.send(words[0], words[1], String.valueOf(type), body);
    String text = response.body().replace(namespace, "{ns}").replace(run, "{run}").replaceAll("in record \\([^)]*\\)", "in record (*)").replaceAll("in object meta: [-0-9a-f]+", "in object meta: *");
    if (!text.startsWith("{")) {
      return new Answer(response.statusCode(), MAPPER.createObjectNode().put("text", text));
    }
    ObjectNode content = (ObjectNode) MAPPER.readTree(text);
    mask(content);
    if (response.statusCode() >= 400) {
      content.remove(List.of("metadata", "kind", "apiVersion", "status"));
      return ordered(new Answer(response.statusCode(), content));
    }
    ObjectNode counting = MAPPER.createObjectNode();
    for (String pointer : step.counting()) {
      JsonNode found = content.at(pointer);
      counting.set(pointer, found.isMissingNode() ? MAPPER.nullNode() : found);
    }
    return new Answer(response.statusCode(), counting);
  }

  private static void mask(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        if (field.getKey().endsWith("managedFields") && field.getValue() instanceof ArrayNode owners) {
          // They are in the order of their times, which a slow machine makes others.
          List<JsonNode> sorted = new ArrayList<>();
          owners.forEach(sorted::add);
          sorted.sort(Comparator.comparing((JsonNode each) -> each.path("operation").asText()).thenComparing(each -> each.path("manager").asText()));
          field.setValue(MAPPER.createArrayNode().addAll(sorted));
        }
        if (UNLIKE.contains(field.getKey()) && field.getValue().isTextual()) {
          field.setValue(MAPPER.getNodeFactory().textNode("*"));
        }
      }
    }
    node.forEach(Talk::mask);
  }

  /** The order of several causes is by chance, in the message, too. */
  private static Answer ordered(Answer answer) {
    JsonNode causes = answer.content().at("/details/causes");
    if (answer.code() < 400 || causes.size() < 2) {
      return answer;
    }
    ObjectNode content = answer.content().deepCopy();
    content.put("message", "of several causes");
    Set<String> sorted = new TreeSet<>();
    causes.forEach(cause -> sorted.add(cause.path("field").asText() + " " + cause.path("message").asText() + " " + cause.path("reason").asText()));
    ArrayNode array = ((ObjectNode) content.path("details")).putArray("causes");
    sorted.forEach(array::add);
    return new Answer(answer.code(), content);
  }
}
