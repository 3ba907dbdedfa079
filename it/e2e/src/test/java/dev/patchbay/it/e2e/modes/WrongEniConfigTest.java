package dev.patchbay.it.e2e.modes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.it.e2e.Audit;
import dev.patchbay.it.e2e.Ec2Calls;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.CniException;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.NodeDaemon;
import dev.patchbay.lab.PodNetworks;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Subnet;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * ENIConfigs that can't be followed: a pod is told at once; its Event, the node's condition, the metric and the log all say the same
 * code, cause and remedy (a metric the code); nothing is half made, and a correction is enough.
 */
class WrongEniConfigTest {
  private static final String KIND = "eniconfigs.crd.k8s.amazonaws.com";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Lab lab;
  private static LabNode node;
  private static Map<String, Subnet> subnets = Map.of();
  private static int number;

  @BeforeAll
  static void start() {
    lab = Lab.start(LabSettings.discover(Labs.name()).withNodes(0).withInstanceType("m5.4xlarge").withConfiguration(Map.of(
        "node", Map.of("cooldown", "1s"),
        "modes", List.of(Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 1)),
            Map.of("use", "custom-net", "settings", Map.of("label", "topology.kubernetes.io/zone"))))));
    subnets = PodNetworks.make(lab, "100.64");
    lab.addNodes(1);
    node = lab.node(0);
  }

  @AfterAll
  static void end() {
    lab.close();
  }

  private static String zone(String letter) {
    return lab.model().settings().region() + letter;
  }

  private static Subnet podSubnet(String letter) {
    return Objects.requireNonNull(subnets.get(zone(letter)));
  }

  private static void change(String zone, ObjectNode spec) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.set("spec", spec);
    lab.kube().objects().merge(KIND, "", zone, patch);
  }

  private static ObjectNode spec(String subnet, String... groups) {
    ObjectNode spec = JsonNodeFactory.instance.objectNode().put("subnet", subnet);
    if (groups.length == 0) {
      // An empty value takes a key away.
      spec.putNull("securityGroups");
    } else {
      List.of(groups).forEach(spec.putArray("securityGroups")::add);
    }
    return spec;
  }

  /**
   * Something that an ENIConfig may say and that can't be followed.
   *
   * @param name what it is
   * @param code the code that all say
   * @param spec what the ENIConfig says
   * @param words what the cause and the remedy must have between them
   */
  record Wrong(String name, String code, ObjectNode spec, List<String> words) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Wrong> wrong() {
    String otherZone = podSubnet("b").id();
    String otherVpc = lab.model().network().createVpc(Cidr.parse("10.99.0.0/16"), Optional.empty(), Map.of()).id();
    String ofOtherVpc = lab.model().network().createSubnet(otherVpc, zone("a"), Cidr.parse("10.99.1.0/24"), Optional.empty(), false,
        Map.of()).id();
    String ofNobody = "subnet-0123456789abcdef0";
    String another = lab.model().network().createSubnet(lab.vpcId(), zone("a"), Cidr.parse("100.64.201.0/24"), Optional.empty(), false,
        Map.of()).id();
    String noGroup = "sg-0123456789abcdef0";
    String full = lab.model().network().createSubnet(lab.vpcId(), zone("a"), Cidr.parse("100.64.200.0/28"), Optional.empty(), false,
        Map.of()).id();
    lab.model().others().fill(full, 0);
    String eniConfig = "ENIConfig " + zone("a");
    return List.of(
        new Wrong("a subnet of another zone", "ObjectInvalid", spec(otherZone), List.of(otherZone, eniConfig)),
        new Wrong("a subnet of another VPC", "ObjectInvalid", spec(ofOtherVpc), List.of(ofOtherVpc, eniConfig)),
        new Wrong("a subnet that is not there", "ObjectInvalid", spec(ofNobody), List.of(ofNobody, eniConfig)),
        new Wrong("a security group that is not there", "ObjectInvalid", spec(another, noGroup), List.of(noGroup, eniConfig)),
        new Wrong("a full subnet", "SubnetFull", spec(full), List.of(full)));
  }

  @ParameterizedTest
  @MethodSource
  void wrong(Wrong wrong) {
    change(zone("a"), wrong.spec());
    CniException refused = Until.there("a pod is refused: " + wrong, Until.LONG.multipliedBy(2), () -> {
      try {
        node.addPod("wrong" + number++).delete();
        return Optional.empty();
      } catch (CniException why) {
        return why.text().startsWith(wrong.code() + ": ") ? Optional.of(why) : Optional.empty();
      }
    });
    Said said = new Said(wrong.code(), refused.text().substring(wrong.code().length() + 2), refused.details());
    assertThat(said.cause() + " " + said.remedy()).contains(wrong.words());
    assertThat(said.remedy()).isNotBlank();
    said.by(node);
    Until.holds("the pod's Event says it", () -> said.inEvent("Pod", "wrong" + (number - 1)));
    nothingIsHalfMade();

    change(zone("a"), spec(podSubnet("a").id()));
    comes(node);
    Until.holds("the condition is well again", Until.LONG, () -> condition(node).path("status").asText().equals("True"));
  }

  /** What was under way for what the ENIConfig said before is brought to its end; there is nothing of the pods that were refused. */
  private static void nothingIsHalfMade() {
    String right = podSubnet("a").id();
    Until.holds("every interface is attached, and lies where it may", () -> lab.model().state().interfaces().values().stream()
        .filter(eni -> node.instanceId().equals(eni.tags().get("node.k8s.amazonaws.com/instance_id")))
        .allMatch(eni -> eni.attachment().isPresent() && eni.subnetId().equals(right)));
    assertThat(Reports.attachments(node)).isEmpty();
    Audit.await(node);
  }

  private static void comes(LabNode on) {
    LabPod pod = Until.there("a pod after the correction", Until.LONG.multipliedBy(3), () -> {
      try {
        return Optional.of(on.addPod("right" + number++));
      } catch (CniException notYet) {
        return Optional.empty();
      }
    });
    assertThat(Probe.seen(pod.netns(), on.netns(), on.address())).contains(pod.address());
    pod.delete();
  }

  /** What is said: the same by all. */
  private record Said(String code, String cause, String remedy) {
    /** The report, the condition, the metric and the log of a node say it. */
    void by(LabNode of) {
      Until.holds("the report says " + this, () -> Reports.of(of).path("findings").findParents("remedy").stream()
          .anyMatch(f -> f.path("name").asText().equals(code) && f.path("cause").asText().equals(cause)
              && f.path("remedy").asText().equals(remedy)));
      try {
        Until.holds("the condition says it", () -> condition(of).path("reason").asText().equals(code)
            && condition(of).path("status").asText().equals("False")
            && condition(of).path("message").asText().startsWith(cause + " " + remedy));
      } catch (AssertionError late) {
        throw new AssertionError(this + "; the condition says " + condition(of), late);
      }
      Until.holds("the metric says it", () -> of.daemon().getMetrics("/metrics").map(NodeDaemon.Answer::body).orElse("").lines()
          .anyMatch(line -> line.startsWith("patchbay_findings{") && line.contains("name=\"" + code + "\"") && !line.endsWith(" 0.0")));
      Until.holds("the log says it", () -> log(of).stream().filter(line -> line.startsWith("{")).map(WrongEniConfigTest::json)
          .anyMatch(line -> line.path("codeName").asText().equals(code)
              && line.path("formattedMessage").asText().contains(cause) && line.path("formattedMessage").asText().contains(remedy)));
    }

    boolean inEvent(String kind, String name) {
      return lab.kube().objects().list("events.events.k8s.io", "", "").stream().anyMatch(e -> e.path("reason").asText().equals(code)
          && e.at("/regarding/kind").asText().equals(kind) && e.at("/regarding/name").asText().equals(name)
          && e.path("note").asText().equals(cause + " " + remedy));
    }
  }

  private static JsonNode condition(LabNode of) {
    for (JsonNode each : lab.kube().objects().get("nodes", "", of.name()).orElseThrow().at("/status/conditions")) {
      if (each.path("type").asText().equals("PatchbayReady")) {
        return each;
      }
    }
    return JsonNodeFactory.instance.objectNode();
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException wrong) {
      throw new AssertionError("a line of the log is no JSON: " + line, wrong);
    }
  }

  private static List<String> log(LabNode of) {
    try {
      return Files.readAllLines(of.daemon().log());
    } catch (IOException failure) {
      throw new AssertionError("the daemon's log can't be read", failure);
    }
  }

  /** A node that never knew an ENIConfig: no runtime is told of it, so there is no pod to tell; it comes by itself when there is one. */
  @Test
  void noEniConfigAtAll() {
    lab.kube().objects().delete(KIND, "", zone("b"));
    Thread adding = Thread.ofPlatform().daemon().name("add-node").start(() -> lab.addNodes(1));
    LabNode other = Until.there("the node is made", () -> lab.nodes().size() > 1 && lab.node(1).daemon().pid().isPresent()
        ? Optional.of(lab.node(1)) : Optional.empty());
    JsonNode finding = Until.there("the finding", () -> Reports.of(other).path("findings").findParents("remedy").stream()
        .filter(f -> f.path("name").asText().equals("ObjectMissing")).findFirst());
    Said said = new Said("ObjectMissing", finding.path("cause").asText(), finding.path("remedy").asText());
    assertThat(said.cause()).contains("ENIConfig " + zone("b"));
    assertThat(said.remedy()).contains("topology.kubernetes.io/zone");
    said.by(other);
    Until.holds("the node's Event says it", () -> said.inEvent("Node", other.name()));
    assertThat(other.conflist()).doesNotExist();
    assertThat(other.daemon().serving()).isFalse();
    assertThat(other.interfaces()).hasSize(1);
    assertThat(Ec2Calls.of(lab, other).changes().all()).isEmpty();

    PodNetworks.name(lab, zone("b"), podSubnet("b").id());
    Until.holds("it serves", Until.LONG.multipliedBy(2), () -> other.daemon().serving());
    Until.holds("the lab has its node", () -> !adding.isAlive());
    comes(other);
  }
}
