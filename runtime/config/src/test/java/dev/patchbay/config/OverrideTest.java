package dev.patchbay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverrideTest {
  private static final Path FILE = Path.of("/etc/patchbay/patchbay.yaml");

  private static ConfigurationFile parse(String yaml) {
    return ConfigurationFile.parse(FILE, yaml.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  private static final String THREE = """
      node: {mtu: 1500, cooldown: 5s, maxPods: 4}
      ec2: {tags: {team: net, cost: a}}
      modes: [{use: secondary-ip, settings: {warmIpTarget: 1}}]
      overrides:
        - selector: {matchLabels: {pool: big}}
          node:
            mtu: 9001
            maxPods:
          ec2: {tags: {cost: , owner: me}}
        - selector:
            matchExpressions: [{key: zone, operator: In, values: [a, b]}, {key: old, operator: DoesNotExist}]
          node: {mtu: 8000}
          modes: [{use: prefix}]
      """;

  @Test
  void everyModeThatIsInForceSomewhereIsFound() {
    assertThat(parse(THREE).everywhere()).extracting(c -> c.modes().getFirst().id() + " " + c.node().mtu())
        .containsExactly("secondary-ip 1500", "secondary-ip 9001", "prefix 8000");
  }

  @Test
  void overridesAreLaidOverTheRestInOrderWhereTheirSelectorMatches() {
    ConfigurationFile file = parse(THREE);
    assertThat(file.hasOverrides()).isTrue();

    Configuration none = file.forNode(Map.of());
    assertThat(none.node().mtu()).isEqualTo(1500);
    assertThat(none.ec2().tags()).isEqualTo(Map.of("team", "net", "cost", "a"));
    assertThat(none.origin("node.mtu")).hasToString(FILE + ":1");

    Configuration big = file.forNode(Map.of("pool", "big"));
    assertThat(big.node().mtu()).isEqualTo(9001);
    assertThat(big.node().cooldown()).isEqualTo(Duration.ofSeconds(5));
    assertThat(big.node().maxPods()).as("an empty value takes a key back to its default").isEmpty();
    assertThat(big.ec2().tags()).isEqualTo(Map.of("team", "net", "owner", "me"));
    assertThat(big.origin("node.mtu")).hasToString(FILE + ":7 (override 1)");
    assertThat(big.origin("node.cooldown")).hasToString(FILE + ":1");

    Configuration both = file.forNode(Map.of("pool", "big", "zone", "b"));
    assertThat(both.node().mtu()).isEqualTo(8000);
    assertThat(both.modes()).as("a list is replaced whole").extracting(ModeUse::id).containsExactly("prefix");
    assertThat(both.modes().getFirst().origin()).hasToString(FILE + ":13 (override 2)");

    assertThat(file.forNode(Map.of("zone", "b", "old", "")).node().mtu()).isEqualTo(1500);
    assertThat(file.forNode(Map.of("zone", "c")).node().mtu()).isEqualTo(1500);
  }

  @Test
  void whatDiffersBetweenTwoNodesIsNamed() {
    ConfigurationFile file = parse(THREE);
    Configuration none = file.forNode(Map.of());
    assertThat(none.differences(file.forNode(Map.of("zone", "c")))).isEmpty();
    assertThat(none.differences(file.forNode(Map.of("pool", "big")))).containsExactly("ec2.tags", "node.maxPods", "node.mtu");
    assertThat(none.differences(file.forNode(Map.of("zone", "a")))).containsExactly("modes[0].settings", "modes[0].use", "node.mtu");
    Configuration again = parse("# moved by a line\n" + THREE.replace("warmIpTarget: 1", "'warmIpTarget': 1")).forNode(Map.of());
    assertThat(none.differences(again)).as("where a value is written makes no difference").isEmpty();
    assertThat(none.differences(parse(THREE.replace("warmIpTarget: 1", "warmIpTarget: 2")).forNode(Map.of())))
        .containsExactly("modes[0].settings");
  }

  @Test
  void everyValueTellsWhereItComesFrom() {
    Configuration big = parse(THREE).forNode(Map.of("pool", "big"));

    assertThat(big.entries()).filteredOn(entry -> !(entry.origin() instanceof Origin.Default))
        .extracting(entry -> entry.path() + " = " + entry.value() + " from " + entry.origin())
        .containsExactly(
            "node.mtu = 9001 from " + FILE + ":7 (override 1)",
            "node.cooldown = 5s from " + FILE + ":1",
            "ec2.tags = {owner: me, team: net} from " + FILE + ":2",
            "modes[0].use = secondary-ip from " + FILE + ":3");
    assertThat(big.entries()).extracting(Entry::path).contains("node.addressWait", "log.level").doesNotContain("node.maxPods");
    assertThat(big.entries()).allSatisfy(entry -> assertThat(entry.documentation()).isNotBlank());
  }

  @Test
  void whatAnOverrideGetsWrongIsToldWithItsNumber() {
    ConfigurationException e = catchThrowableOfType(ConfigurationException.class, () -> parse("""
        modes: [{use: secondary-ip}]
        overrides:
          - selector: {matchLabels: {pool: big}}
            node: {mtu: 1, mtuu: 2}
            state: {run: /tmp/x}
            modules: []
          - selector: {matchLabels: {pool: small}}
            metrics: {address: 127.0.0.1:61679}
        """));

    assertThat(e.problems()).extracting(Problem::toString).containsExactly(
        FILE + ":4 (override 1): node.mtu is out of range: 1. Write a whole number from 576 to 9001.",
        FILE + ":4 (override 1): there is no key node.mtuu. Did you mean mtu?",
        FILE + ":5 (override 1): overrides[0].state.run can't differ from node to node. Set it outside the overrides.",
        FILE + ":6 (override 1): overrides[0].modules can't differ from node to node. Set it outside the overrides.",
        FILE + ":8 (override 2): metrics.address and introspection.address are both 127.0.0.1:61679. Give each a port of its"
            + " own.");
  }

  @Test
  void overridesThatMeetOnOneNodeAndContradictAreToldThere() {
    ConfigurationFile file = parse("""
        modes: [{use: secondary-ip}]
        overrides:
          - selector: {matchLabels: {a: "1"}}
            introspection: {address: "127.0.0.1:7000"}
          - selector: {matchLabels: {b: "1"}}
            metrics: {address: "127.0.0.1:7000"}
        """);
    assertThat(file.forNode(Map.of("b", "1")).metricsAddress()).hasValueSatisfying(a -> assertThat(a.getPort()).isEqualTo(7000));
    ConfigurationException e = catchThrowableOfType(ConfigurationException.class,
        () -> file.forNode(Map.of("a", "1", "b", "1")));
    assertThat(e.problems()).singleElement().satisfies(problem -> {
      assertThat(problem.code()).isEqualTo(ConfigurationCodes.CONFLICT);
      assertThat(problem.cause()).isEqualTo("metrics.address and introspection.address are both 127.0.0.1:7000.");
    });
  }

  @Test
  void labelsThatLookLikeOtherTypesNeedQuotes() {
    ConfigurationException e = catchThrowableOfType(ConfigurationException.class, () -> parse("""
        modes: [{use: secondary-ip}]
        overrides: [{selector: {matchLabels: {spot: true}}, node: {mtu: 1500}}]
        """));
    assertThat(e.problems()).extracting(Problem::toString).isEqualTo(List.of(FILE
        + ":2: overrides[0].selector.matchLabels.spot has to be text, and is true. Put it in quotes: \"true\"."));
  }
}
