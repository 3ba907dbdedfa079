package dev.patchbay.it.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.NodeDaemon;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** What a node says of itself, and what EC2 says of it. */
public final class Reports {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Reports() {}

  /** The whole state of a node's daemon, from its introspection; waits until it answers. */
  public static JsonNode of(LabNode node) {
    String report =
        Until.there(node.name() + " gives a report", () -> node.daemon().get("/v1/report").filter(NodeDaemon.Answer::ok)).body();
    try {
      return JSON.readTree(report);
    } catch (JsonProcessingException wrong) {
      throw new AssertionError("the report of " + node.name() + " is no JSON", wrong);
    }
  }

  /** The pods that wait on a node, {@code NAMESPACE/NAME}, in the order in which they came. */
  public static List<String> waiting(LabNode node) {
    return texts(of(node).path("waiting"), "pod");
  }

  /** The attachments of a node, {@code NAMESPACE/NAME}. */
  public static List<String> attachments(LabNode node) {
    List<String> names = new ArrayList<>();
    of(node).path("attachments").forEach(a -> names.add(a.path("namespace").asText() + "/" + a.path("name").asText()));
    return names;
  }

  /** Waits until a node has nothing under way with EC2. */
  public static void awaitIdle(LabNode node) {
    Until.holds("nothing is under way on " + node.name(), () -> !of(node).hasNonNull("operation"));
  }

  /** One figure of the default lane: held, free, cooling or target. */
  public static int lane(LabNode node, String figure) {
    for (JsonNode lane : of(node).path("lanes")) {
      if (lane.path("name").asText().equals("default") && lane.path("family").asText().equals("IPV4")) {
        return lane.path(figure).asInt();
      }
    }
    throw new AssertionError("there is no default lane on " + node.name());
  }

  /** The interface to which EC2 has given an address of a node's pod. */
  public static NetworkInterface eni(LabNode node, InetAddress address) {
    Ip ip = Ip.parse(address.getHostAddress());
    return node.interfaces().stream()
        .filter(eni -> eni.holds(ip))
        .findFirst()
        .orElseThrow(() -> new AssertionError("EC2 has not given " + ip + " to " + node.name()));
  }

  private static List<String> texts(JsonNode list, String field) {
    List<String> texts = new ArrayList<>();
    list.forEach(entry -> texts.add(entry.path(field).asText()));
    return texts;
  }
}
