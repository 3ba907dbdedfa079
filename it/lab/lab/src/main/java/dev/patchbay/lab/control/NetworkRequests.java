package dev.patchbay.lab.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.MoreNetworks;
import dev.patchbay.lab.vpc.Subnet;

/** What is asked about subnets, interfaces and networks beside those of the nodes. */
final class NetworkRequests {
  private final Lab lab;

  NetworkRequests(Lab lab) {
    this.lab = lab;
  }

  ObjectNode addSubnet(JsonNode request) {
    Subnet subnet = MoreNetworks.subnet(lab, request.path("block").asText(), request.path("zone").asText());
    return JsonNodeFactory.instance.objectNode().put("id", subnet.id());
  }

  ObjectNode addEni(JsonNode request) {
    LabNode node = lab.node(request.path("node").asText());
    Subnet subnet = MoreNetworks.subnet(lab, request.path("subnet").asText(), MoreNetworks.zone(lab, node));
    MoreNetworks.Attached made = MoreNetworks.attach(lab, node, subnet, request.path("unmanaged").asBoolean());
    return JsonNodeFactory.instance.objectNode().put("id", made.eni().id()).put("device", made.device()).put("subnet", subnet.id())
        .put("mac", made.eni().mac()).put("address", made.eni().primary().map(Object::toString).orElse(""));
  }

  ObjectNode addNetworks(JsonNode request) {
    ObjectNode made = JsonNodeFactory.instance.objectNode();
    ArrayNode names = made.putArray("names");
    MoreNetworks.define(lab, request.path("text").asText(), request.path("file").asText()).forEach(names::add);
    return made;
  }
}
