package dev.patchbay.lab.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.lab.LabException;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.NodeDaemon;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A pod in the words of its node's introspection. */
final class Explanation {
  private Explanation() {}

  static List<String> of(LabPod pod) {
    NodeDaemon.Answer answer =
        pod.node().daemon().get("/v1/report").filter(NodeDaemon.Answer::ok)
            .orElseThrow(() -> new LabException("the daemon of " + pod.node().name() + " gives no report"));
    JsonNode report;
    try {
      report = new ObjectMapper().readTree(answer.body());
    } catch (JsonProcessingException noJson) {
      throw new LabException("the daemon of " + pod.node().name() + " gives a report that is no JSON", noJson);
    }
    for (JsonNode attachment : report.path("attachments")) {
      if (attachment.path("name").asText().equals(pod.name()) && attachment.path("namespace").asText().equals(pod.namespace())) {
        return words(attachment);
      }
    }
    throw new LabException("the report of " + pod.node().name() + " does not know the pod " + pod.name());
  }

  private static List<String> words(JsonNode attachment) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s/%s was taken by the mode %s at %s"
            .formatted(
                attachment.path("namespace").asText(), attachment.path("name").asText(), attachment.path("mode").asText(),
                attachment.path("since").asText()));
    for (JsonNode held : attachment.path("addresses")) {
      lines.add(
          "  address %s from lane %s, held by %s"
              .formatted(held.path("address").asText(), held.path("lane").asText(), held.path("eni").asText("no interface")));
    }
    lines.add("  the node's end of its link is " + attachment.path("hostInterface").asText());
    lines.add("  what was planned for it, and exists:");
    for (JsonNode element : attachment.path("plan")) {
      List<String> fields = new ArrayList<>();
      for (Map.Entry<String, JsonNode> field : element.properties()) {
        if (!field.getKey().equals("kind")) {
          JsonNode value = field.getValue();
          fields.add(field.getKey() + "=" + (value.isValueNode() ? value.asText() : value.toString().replace("\"", "")));
        }
      }
      lines.add("    " + element.path("kind").asText() + ": " + String.join(" ", fields));
    }
    return lines;
  }
}
