package dev.patchbay.lab.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabException;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.calls.CallFile;
import dev.patchbay.lab.calls.Fault;
import dev.patchbay.lab.calls.Faults;
import dev.patchbay.lab.calls.Target;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What other processes ask of the lab's faults and of its record. */
final class FaultRequests {
  private final Lab lab;

  FaultRequests(Lab lab) {
    this.lab = lab;
  }

  /** Asks for a fault; a caller may be named by its node. */
  ObjectNode add(JsonNode request) {
    List<String> tokens = new ArrayList<>();
    request.path("fault").forEach(token -> tokens.add(token.asText()));
    try {
      Fault asked = Fault.parse(tokens);
      return shown(lab.faults().add(new Fault(byInstance(asked.target()), asked.effect(), asked.extent())));
    } catch (IllegalArgumentException wrong) {
      throw new LabException(wrong.getMessage() == null ? wrong.toString() : wrong.getMessage(), wrong);
    }
  }

  /** EC2 and instance metadata know callers by their instances. */
  private Target byInstance(Target target) {
    return lab.nodes().stream()
        .filter(node -> node.name().equals(target.caller()) && !target.service().equals("kube"))
        .findFirst()
        .map(LabNode::instanceId)
        .map(id -> new Target(target.service(), target.action(), id))
        .orElse(target);
  }

  ObjectNode list() {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode all = result.putArray("faults");
    lab.faults().standing().forEach(each -> all.add(shown(each)));
    return result;
  }

  /** Takes back those of these numbers, or all. */
  ObjectNode clear(JsonNode request) {
    if (request.path("ids").isEmpty()) {
      lab.faults().clear();
    }
    for (JsonNode id : request.path("ids")) {
      if (!lab.faults().remove(id.asInt())) {
        throw new LabException("there is no fault " + id.asInt() + "; see which there are with: patchbay lab fault list");
      }
    }
    return list();
  }

  /** The counts, and all calls in a file if one is named. */
  ObjectNode record(JsonNode request) {
    String file = request.path("file").asText();
    if (!file.isEmpty()) {
      try {
        CallFile.write(lab.recorder().calls(), Path.of(file));
      } catch (UncheckedIOException failure) {
        throw new LabException(String.valueOf(failure.getMessage()), failure);
      }
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode().put("table", lab.recorder().tally().table());
    ArrayNode counts = result.putArray("counts");
    lab.recorder()
        .tally()
        .counts()
        .forEach(
            (kind, count) ->
                counts
                    .addObject()
                    .put("service", kind.service())
                    .put("action", kind.action())
                    .put("outcome", kind.outcome())
                    .put("calls", count));
    if (request.path("clear").asBoolean()) {
      lab.recorder().clear();
    }
    return result;
  }

  private static ObjectNode shown(Faults.Standing each) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", each.id())
        .put("fault", each.fault().toString())
        .put("since", each.since().toString())
        .put("struck", each.struck());
  }
}
