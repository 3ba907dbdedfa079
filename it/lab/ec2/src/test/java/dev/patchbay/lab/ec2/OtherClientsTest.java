package dev.patchbay.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.calls.Recorder;
import dev.patchbay.lab.vpc.AddressRequest;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that we did not write can't tell the lab from EC2, within what it models: boto3 and the AWS CLI walk it, and each
 * answer is held against botocore's model of the service and AWS's documented examples. The cases are in {@code walk.py}.
 */
class OtherClientsTest {
  /** Says so, in the log and as a test that is skipped, where they can't be had. */
  private static void install() throws Exception {
    try {
      PythonClients.install();
    } catch (PythonClients.Missing missing) {
      System.out.println("LEFT OUT: boto3 and the AWS CLI on the lab's EC2, since " + missing.getMessage());
      Assumptions.abort("boto3 and the AWS CLI are left out: " + missing.getMessage());
    }
  }

  @Test
  void bothOfThemCanBeHad() throws Exception {
    install();
    assertThat(PythonClients.versions()).isEqualTo(PythonClients.VERSIONS);
  }

  @Test
  void whatEachActionAlwaysSaysIsWrittenDown() throws Exception {
    Set<String> rows = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("src/test/python/always.txt"))) {
      if (!line.startsWith("#")) {
        rows.add(line.substring(0, line.indexOf(' ')));
      }
    }
    try (World world = new World()) {
      assertThat(rows).isEqualTo(new TreeSet<>(world.server.actions()));
    }
  }

  @TestFactory
  Stream<DynamicTest> bothOfThemWalk(@TempDir Path folder) throws Exception {
    install();
    try (World world = new World()) {
      Path lab = Files.writeString(folder.resolve("lab.json"), json(facts(world)));
      world.server.faults().add("ec2:DescribeRegions throttle after=1 calls=2");
      world.server.faults().add("ec2:DescribeAvailabilityZones cut after=1 calls=1");
      PythonClients.Printed printed = PythonClients.python(Path.of("src/test/python/walk.py"), lab.toString());
      Map<String, String> cases = cases(printed.lines());
      List<DynamicTest> tests = new ArrayList<>();
      cases.forEach(
          (name, failure) -> tests.add(DynamicTest.dynamicTest(name, () -> assertThat(failure).as(failure).isEmpty())));
      List<Recorder.Call> calls = world.server.recorder().calls();
      List<String> left = List.copyOf(world.model.state().interfaces().keySet());
      tests.add(
          DynamicTest.dynamicTest(
              "all_cases_ran", () -> assertThat(cases).as(String.join("\n", printed.lines())).hasSizeGreaterThan(12)));
      tests.add(
          DynamicTest.dynamicTest(
              "throttled_and_cut_calls_came_again",
              () -> {
                assertThat(outcomes(calls, "DescribeRegions")).containsExactly("ok", "RequestLimitExceeded", "RequestLimitExceeded", "ok");
                assertThat(outcomes(calls, "DescribeAvailabilityZones")).containsExactly("ok", "cut", "ok");
              }));
      tests.add(
          DynamicTest.dynamicTest(
              "nothing_is_left_half_made", () -> assertThat(left).containsExactlyElementsOf(world.atFirst)));
      return tests.stream();
    }
  }

  private static List<String> outcomes(List<Recorder.Call> calls, String action) {
    return calls.stream().filter(call -> call.action().equals(action)).map(Recorder.Call::outcome).toList();
  }

  /** What the walk is told. */
  private static Map<String, Object> facts(World world) {
    Subnet small = world.subnet("10.0.1.0/28", Optional.empty());
    Instance doomed =
        world.model.instances().launch("m5.large", InterfaceRequest.in(world.subnet.id()).build(), Optional.empty(), Map.of());
    Instance open =
        world
            .model
            .instances()
            .launch(
                "t3.small", InterfaceRequest.in(world.subnet.id()).build(), Optional.of(Ip.parse("203.0.113.9")), Map.of());
    NetworkInterface managed =
        world.model.interfaces().create(InterfaceRequest.in(world.subnet.id()).requesterManaged().build());
    world.model.addresses().assignIpv6(world.primary.id(), AddressRequest.count(1));
    world.model.addresses().assignIpv6(world.primary.id(), AddressRequest.prefixCount(1));
    List<String> groups = new ArrayList<>();
    for (int number = 0; number < 6; number++) {
      groups.add(world.model.groups().create(world.vpc.id(), "group-" + number, "One of many", Map.of()).id());
    }
    world.atFirst.addAll(
        List.of(world.primary.id(), world.model.state().primaryOf(open.id()).orElseThrow().id(), managed.id()));
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("endpoint", world.endpoint.toString());
    facts.put("metadata", world.metadata.toString());
    facts.put("region", world.model.settings().region());
    facts.put("account", world.model.settings().accountId());
    facts.put("zone", world.subnet.zone());
    facts.put("vpc", world.vpc.id());
    Vpc plain = world.model.network().createVpc(Cidr.parse("10.50.0.0/16"), Optional.empty(), Map.of());
    facts.put("plainVpc", plain.id());
    facts.put(
        "plainSubnet",
        world.model.network().createSubnet(plain.id(), world.subnet.zone(), Cidr.parse("10.50.0.0/24"), Optional.empty(), false, Map.of()).id());
    facts.put("defaultGroup", world.vpc.defaultGroupId());
    facts.put("group", groups.getFirst());
    facts.put("groups", groups);
    facts.put("subnet", world.subnet.id());
    facts.put("small", small.id());
    facts.put("node", world.node.id());
    facts.put("doomed", doomed.id());
    facts.put("primary", world.primary.id());
    facts.put("managed", managed.id());
    facts.put("actions", List.copyOf(world.server.actions()));
    world.server.callers().allow("reader", Set.of("ec2:Describe*"));
    Map<String, Object> keys = new TreeMap<>();
    keys.put("node", keys(world.server.callers().issue("node", Duration.ofHours(1)), ""));
    keys.put("reader", keys(world.server.callers().issue("reader", Duration.ofHours(1)), ""));
    keys.put("stranger", keys(world.server.callers().issue("reader", Duration.ofHours(1)), "x"));
    keys.put("late", keys(world.server.callers().issue("reader", Duration.ZERO), ""));
    facts.put("keys", keys);
    return facts;
  }

  private static Map<String, Object> keys(IssuedCredentials issued, String spoilt) {
    return Map.of(
        "id", issued.accessKeyId(), "secret", issued.secretAccessKey() + spoilt, "token", issued.sessionToken());
  }

  /** The cases by name, each with its failure; empty if it has none. */
  private static Map<String, String> cases(List<String> lines) {
    Map<String, String> cases = new LinkedHashMap<>();
    String current = "";
    for (String line : lines) {
      if (line.startsWith("ok ")) {
        cases.put(line.substring("ok ".length()), "");
      } else if (line.startsWith("not ok ")) {
        current = line.substring("not ok ".length());
        cases.put(current, "failed:");
      } else if (line.startsWith("    ")) {
        cases.merge(current, line, (before, more) -> before + "\n" + more);
      }
    }
    return cases;
  }

  private static String json(Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(each -> json(each.getKey()) + ": " + json(each.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case List<?> list ->
          list.stream().map(OtherClientsTest::json).collect(Collectors.joining(", ", "[", "]"));
      default -> "\"" + value + "\"";
    };
  }
}
