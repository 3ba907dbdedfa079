package dev.patchbay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.Cidr;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationFileTest {
  private static final Path FILE = Path.of("/etc/patchbay/patchbay.yaml");
  private static final String MODES = "modes: [{use: secondary-ip}]\n";

  private static ConfigurationFile parse(String yaml, Map<String, String> environment) {
    return ConfigurationFile.parse(FILE, yaml.getBytes(StandardCharsets.UTF_8), environment);
  }

  private static Configuration of(String yaml) {
    return parse(yaml, Map.of()).forNode(Map.of());
  }

  private static List<String> problems(String yaml) {
    ConfigurationException e = catchThrowableOfType(ConfigurationException.class, () -> parse(yaml, Map.of()));
    assertThat(e).as("the file is refused").isNotNull();
    assertThat(String.valueOf(e.getMessage()).lines()).hasSameSizeAs(e.problems());
    return e.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void defaultsHoldWhereTheFileIsSilent() {
    Configuration c = of(MODES);

    assertThat(c.node().name()).isEmpty();
    assertThat(c.node().mtu()).isEqualTo(9001);
    assertThat(c.node().vethPrefix()).isEqualTo("eni");
    assertThat(c.node().datapath()).isEqualTo(Configuration.Datapath.FAST);
    assertThat(c.node().maxPods()).isEmpty();
    assertThat(c.node().addressWait()).isEqualTo(Duration.ofSeconds(60));
    assertThat(c.node().cooldown()).isEqualTo(Duration.ofSeconds(30));
    assertThat(c.egress().translate()).isTrue();
    assertThat(c.egress().exceptions()).isEmpty();
    assertThat(c.cni().socket()).isEqualTo(Path.of("/run/patchbay/cni.sock"));
    assertThat(c.cni().confFile()).isEqualTo(Path.of("/etc/cni/net.d/10-patchbay.conflist"));
    assertThat(c.cni().cniVersion()).isEqualTo("1.0.0");
    assertThat(c.imdsEndpoint()).isEqualTo(URI.create("http://169.254.169.254"));
    assertThat(c.introspectionAddress()).hasValueSatisfying(a -> assertThat(a.getPort()).isEqualTo(61679));
    assertThat(c.logFormat()).isEqualTo(Configuration.LogFormat.JSON);
    assertThat(c.origin("node.mtu")).hasToString("default");
  }

  @Test
  void everySectionIsRead() {
    Configuration c = of("""
        node:
          name: node-1
          mtu: 1500
          vethPrefix: pb
          datapath: classic
          maxPods: 29
          addressWait: 1m30s
          cooldown: 250ms
        egress: {translate: false, exceptions: [10.0.0.0/8, 192.168.1.7], ports: kernel}
        cni:
          socket: /tmp/cni.sock
          confDir: /tmp/net.d
          confFile: 05-x.conflist
          binDir: /tmp/bin
          networkName: pods
          cniVersion: "0.4.0"
          chained:
            - type: portmap
              capabilities: {portMappings: true}
              conditionsV4: ["-d", "10.0.0.1"]
              markMasqBit: 13
        state: {run: /tmp/run, lib: /tmp/lib}
        ec2: {endpoint: "http://127.0.0.1:4566", region: eu-central-1, tags: {team: net}}
        imds: {endpoint: "http://127.0.0.1:80"}
        kubernetes: {kubeconfig: /tmp/kubeconfig}
        cluster: {name: c1}
        introspection: {address: "off"}
        metrics: {address: "[::1]:0"}
        log: {level: debug, format: text}
        modules:
          - {file: modes/a.jar, sha256: 00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff}
          - file: /opt/b
        modes:
          - {use: secondary-ip, settings: {warmIpTarget: 5}}
        """);

    assertThat(c.node().name()).contains("node-1");
    assertThat(c.node().mtu()).isEqualTo(1500);
    assertThat(c.node().vethPrefix()).isEqualTo("pb");
    assertThat(c.node().datapath()).isEqualTo(Configuration.Datapath.CLASSIC);
    assertThat(c.node().maxPods()).hasValue(29);
    assertThat(c.node().addressWait()).isEqualTo(Duration.ofSeconds(90));
    assertThat(c.node().cooldown()).isEqualTo(Duration.ofMillis(250));
    assertThat(c.egress().translate()).isFalse();
    assertThat(c.egress().exceptions()).containsExactly(Cidr.of("10.0.0.0/8"), Cidr.of("192.168.1.7/32"));
    assertThat(c.egress().ports()).isEqualTo("kernel");
    assertThat(c.cni().socket()).isEqualTo(Path.of("/tmp/cni.sock"));
    assertThat(c.cni().confFile()).isEqualTo(Path.of("/tmp/net.d/05-x.conflist"));
    assertThat(c.cni().binDir()).isEqualTo(Path.of("/tmp/bin"));
    assertThat(c.cni().networkName()).isEqualTo("pods");
    assertThat(c.cni().cniVersion()).isEqualTo("0.4.0");
    assertThat(c.cni().chained()).containsExactly(Fields.of(Map.of("type", "portmap", "capabilities",
        Map.of("portMappings", true), "conditionsV4", List.of("-d", "10.0.0.1"), "markMasqBit", 13)));
    assertThat(c.state().run()).isEqualTo(Path.of("/tmp/run"));
    assertThat(c.state().lib()).isEqualTo(Path.of("/tmp/lib"));
    assertThat(c.ec2().endpoint()).contains(URI.create("http://127.0.0.1:4566"));
    assertThat(c.ec2().region()).contains("eu-central-1");
    assertThat(c.ec2().tags()).isEqualTo(Map.of("team", "net"));
    assertThat(c.imdsEndpoint()).isEqualTo(URI.create("http://127.0.0.1:80"));
    assertThat(c.kubeconfig()).contains(Path.of("/tmp/kubeconfig"));
    assertThat(c.clusterName()).contains("c1");
    assertThat(c.introspectionAddress()).isEmpty();
    assertThat(c.metricsAddress()).hasValueSatisfying(a -> assertThat(a.getAddress().isLoopbackAddress()).isTrue());
    assertThat(c.logLevel()).isEqualTo(Configuration.LogLevel.DEBUG);
    assertThat(c.logFormat()).isEqualTo(Configuration.LogFormat.TEXT);
    assertThat(c.modules()).extracting(ModuleEntry::file)
        .containsExactly(Path.of("/etc/patchbay/modes/a.jar"), Path.of("/opt/b"));
    assertThat(c.modules().getFirst().sha256()).contains("00112233445566778899aabbccddeeff".repeat(2));
    assertThat(c.modes()).extracting(ModeUse::id).containsExactly("secondary-ip");
  }

  /** One mistake each: the value, and the exact line that the operator reads about it. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', textBlock = """
      nod: {}                         | there is no key nod. Did you mean node?
      frobnicate: 1                   | there is no key frobnicate. The keys here are node, egress, cni, state, ec2, imds, kubernetes, cluster, controller, introspection, metrics, log, modules, modes, overrides.
      mtu: 1500                       | there is no key mtu. Did you mean node.mtu?
      node: {mtuu: 1500}              | there is no key node.mtuu. Did you mean mtu?
      node: {maxpods: 5}              | there is no key node.maxpods. Did you mean maxPods?
      node: 7                         | node has to be names and values. Indent its keys below it: name, mtu, vethPrefix, datapath, maxPods, addressWait, cooldown.
      node: {mtu: big}                | node.mtu has to be a whole number, and is the text "big". Write a whole number from 576 to 9001.
      node: {mtu: "1500"}             | node.mtu has to be a whole number, and is the text "1500". Write a whole number from 576 to 9001.
      node: {mtu: 1500.5}             | node.mtu has to be a whole number, and is the number 1500.5. Write a whole number from 576 to 9001.
      node: {mtu: 99999999999999999999} | node.mtu is out of range: 99999999999999999999. Write a whole number from 576 to 9001.
      node: {mtu: 10}                 | node.mtu is out of range: 10. Write a whole number from 576 to 9001.
      node: {mtu: }                   | node.mtu has to be a whole number, and is nothing. Write a whole number from 576 to 9001.
      node: {mtu: [1]}                | node.mtu has to be a whole number, and is a list. Write a whole number from 576 to 9001.
      node: {name: 12}                | node.name has to be text, and is the number 12. Put it in quotes: "12".
      node: {name: ''}                | node.name is empty. Write a value, or take the key away.
      node: {vethPrefix: eth}         | node.vethPrefix: interfaces of the system itself begin with "eth". Choose another prefix, eni say.
      node: {vethPrefix: podif}       | node.vethPrefix: "podif" is no prefix for the host's end of a pod's veth. Write one to four lower-case letters or digits, beginning with a letter.
      node: {datapath: fats}          | node.datapath can't be fats. Did you mean fast? It is one of fast, classic.
      node: {datapath: {}}            | node.datapath has to be one word, and is names and values. It is one of fast, classic.
      node: {cooldown: 30}            | node.cooldown: "30" is no time span. Add the unit: 30s for seconds, ms, m or h.
      node: {cooldown: 5 minutes}     | node.cooldown: "5 minutes" is no time span. Write a number and its unit: 250ms, 30s, 5m or 1h.
      node: {addressWait: 2h}         | node.addressWait is out of range: 2h. Write a time span from 0s to 10m.
      egress: {translate: "yes"}      | egress.translate has to be true or false, and is the text "yes". Write translate: true or translate: false, without quotes.
      egress: {exceptions: 10.0.0.0/8} | egress.exceptions has to be a list of networks, and is the text "10.0.0.0/8". Write [a, b], or one line with - for each.
      egress: {exceptions: [10.0.0.1/8]} | egress.exceptions[0]: 10.0.0.1/8 has host bits set; the network is 10.0.0.0/8. Write a network like 10.0.0.0/16 or fd00::/48.
      cni: {socket: run/x}            | cni.socket: "run/x" is no absolute path. Write the path from /.
      cni: {confFile: a.conf}         | cni.confFile: "a.conf" is no file name of a CNI configuration list. Write a name without a folder that ends in .conflist; the container runtime takes the first in the alphabet.
      cni: {cniVersion: 1.0}          | cni.cniVersion can't be 1.0. It is one of 0.3.1, 0.4.0, 1.0.0, 1.1.0.
      cni: {chained: [{}]}            | cni.chained[0].type is missing. Write type: and the name of the plugin's executable, portmap say.
      cni: {chained: [{type: x, n: 1.5}]} | cni.chained[0].n has to be text, a whole number, true or false, and is the number 1.5. Put it in quotes: "1.5".
      ec2: {endpoint: localhost}      | ec2.endpoint: "localhost" is no URL. Write it like https://ec2.eu-central-1.amazonaws.com.
      ec2: {tags: {a: 1}}             | ec2.tags.a has to be text, and is the number 1. Put it in quotes: "1".
      metrics: {address: 61678}       | metrics.address has to be text, and is the number 61678. Put it in quotes: "61678".
      metrics: {address: localhost:1} | metrics.address: "localhost" is no IP address; write it like 10.0.1.2 or 2001:db8::1. Write ADDRESS:PORT, 127.0.0.1:61678 or [::1]:61678 say, or off.
      introspection: {address: 0.0.0.0:61679} | introspection.address: 0.0.0.0:61679 can be reached from other machines, and introspection shows every pod. Use 127.0.0.1 or [::1], or off.
      metrics: {address: 127.0.0.1:61679} | metrics.address and introspection.address are both 127.0.0.1:61679. Give each a port of its own.
      log: {level: verbose}           | log.level can't be verbose. It is one of error, warn, info, debug, trace.
      modules: {file: a}              | modules has to be a list. Write - file: PATH for each module file.
      modules: [a.jar]                | modules[0] has to be names and values. Write - file: PATH for each module file.
      modules: [{sha256: abc}]        | modules[0].file is missing. Write file: path.
      modules: [{file: /a}, {file: /b/../a}] | modules[1].file names /a a second time; the first is at /etc/patchbay/patchbay.yaml:1. Take one of the two away.
      overrides: {}                   | overrides has to be a list. Write - selector: {matchLabels: {LABEL: VALUE}} and, beside selector, the keys that differ.
      overrides: [{node: {mtu: 1500}}] | overrides[0] has no selector. Write selector: {matchLabels: {LABEL: VALUE}}; it says on which nodes the override holds.
      overrides: [{selector: {}}]     | overrides[0].selector selects nothing. Write matchLabels or matchExpressions; what holds for every node belongs outside the overrides.
      overrides: [{selector: {matchLabel: {a: b}, matchLabels: {a: b}}}] | there is no key overrides[0].selector.matchLabel. Did you mean matchLabels?
      overrides: [{selector: {matchExpressions: [{key: a, operator: In}]}}] | overrides[0].selector.matchExpressions[0]: In needs values. Write values: [a, b].
      node: &a {mtu: 1500}            | an anchor (&) is defined here; every value of the configuration has one place only. Write the value out where it is used.
      node: {mtu: 1500, mtu: 1501}    | mtu stands here a second time; the first is at /etc/patchbay/patchbay.yaml:1. Keep one of the two.
      """)
  void aMistakeIsNamedWithItsRemedy(String line, String words) {
    assertThat(problems(line + "\n" + MODES).getFirst()).startsWith(FILE + ":1: ").endsWith(words);
  }

  @Test
  void allMistakesAreToldAtOnceInTheOrderOfTheFile() {
    assertThat(problems("""
        modes:
          - use: Secondary_IP
          - settings: {}
        node:
          mtu: 1
          vethPrefix: lo
        log: {levle: info}
        """)).containsExactly(
            FILE + ":2: modes[0].use: \"Secondary_IP\" is no name of a mode. Mode names have lower-case letters, digits and"
                + " dashes.",
            FILE + ":3: modes[1].use is missing. Write use: name of a mode.",
            FILE + ":5: node.mtu is out of range: 1. Write a whole number from 576 to 9001.",
            FILE + ":6: node.vethPrefix: interfaces of the system itself begin with \"lo\". Choose another prefix, eni say.",
            FILE + ":7: there is no key log.levle. Did you mean level?");
  }

  @Test
  void aFileWithoutModesIsRefused() {
    String words = FILE + ":1: no mode is chosen. Write modes: [{use: NAME}] with the name of a mode, and name the mode's file under modules.";
    assertThat(problems("")).containsExactly(words);
    assertThat(problems("# nothing\n")).containsExactly(words);
    assertThat(problems("node: {mtu: 1500}\n")).containsExactly(words);
  }

  @Test
  void brokenYamlIsNamedByLine() {
    assertThat(problems(MODES + "node:\n  mtu: 1500\n   name: x\n")).singleElement().asString()
        .startsWith(FILE + ":4: this is no YAML: ");
    assertThat(problems(MODES + "node: {mtu: 1500\n")).singleElement().asString().contains(": this is no YAML: ");
    assertThat(problems(MODES + "---\nnode: {}\n")).containsExactly(
        FILE + ":3: a second document begins here. Take the line --- away; the configuration is one document.");
    assertThat(problems("- a\n")).singleElement().asString().startsWith(FILE + ":1: the file has to be names and values.");
    assertThat(problems(MODES + "node: {name: \"a\u0001b\"}\n")).singleElement().asString().contains(": this is no YAML: ");
  }

  @Test
  void whatTurnsOutLaterGetsItsLineToo() {
    Configuration c = of(MODES + "modules:\n  - file: /x.jar\nnode: {mtu: 1500}\n");
    assertThat(c.modules().getFirst().problem(ConfigurationCodes.CONFLICT, "there is no such file.", "Put it there."))
        .hasToString(FILE + ":3: module /x.jar: there is no such file. Put it there.");
    assertThat(c.problem("node.mtu", ConfigurationCodes.CONFLICT, "too small.", "More.")).hasToString(FILE + ":4: too small. More.");
    assertThat(c.problem("node.cooldown", ConfigurationCodes.CONFLICT, "too short.", "More."))
        .hasToString(FILE + ":1: too short. More.");
    assertThat(ConfigurationException.unreadable(FILE, new java.nio.file.NoSuchFileException("x"))).hasMessage(FILE
        + ":1: there is no such file. Create it, or name the right one with --config; docs/configuration.md begins with the"
        + " least that is needed.");
    assertThat(ConfigurationException.unreadable(FILE, new java.io.IOException("Is a directory"))).hasMessage(FILE
        + ":1: the file can't be read: Is a directory. Name a readable file with --config.");
  }

  @Test
  void theEnvironmentFillsInAndTheFileWins() {
    Map<String, String> environment = Map.of("NODE_NAME", "from-env", "AWS_REGION", "eu-west-1", "CLUSTER_NAME", "");
    Configuration silent = parse(MODES, environment).forNode(Map.of());
    assertThat(silent.node().name()).contains("from-env");
    assertThat(silent.origin("node.name")).hasToString("environment NODE_NAME");
    assertThat(silent.ec2().region()).contains("eu-west-1");
    assertThat(silent.clusterName()).isEmpty();

    Configuration written = parse(MODES + "node: {name: written}\n", environment).forNode(Map.of());
    assertThat(written.node().name()).contains("written");
    assertThat(written.origin("node.name")).hasToString(FILE + ":2");

    ConfigurationException e = catchThrowableOfType(ConfigurationException.class,
        () -> parse(MODES, Map.of("KUBECONFIG", "relative")));
    assertThat(e.problems()).singleElement().hasToString(
        "environment KUBECONFIG: kubernetes.kubeconfig: \"relative\" is no absolute path. Write the path from /.");
  }

  @Test
  void whatIsNoConfigurationFileIsRefusedWithoutReadingItWhole(@TempDir Path folder) throws IOException {
    Path large = folder.resolve("large");
    Files.writeString(large, "# nothing\n".repeat(200_000));
    Path nested = folder.resolve("nested");
    Files.writeString(nested, "node: " + "[".repeat(500_000));
    Path good = folder.resolve("good");
    Files.writeString(good, MODES);
    Path link = Files.createSymbolicLink(folder.resolve("link"), good);
    assertThat(refused(folder)).isEqualTo(folder + ":1: the file can't be read: it is no regular file. Name a readable file with --config.");
    assertThat(refused(Path.of("/dev/zero"))).contains("no regular file");
    assertThat(refused(large)).contains("more than 1024 KiB");
    assertThat(refused(nested)).startsWith(nested + ":1: ").contains("nested deeper");
    assertThat(refused(folder.resolve("none"))).contains("there is no such file");
    assertThat(ConfigurationFile.read(link, Map.of()).file()).isEqualTo(link);
  }

  private static String refused(Path file) {
    ConfigurationException e = catchThrowableOfType(ConfigurationException.class, () -> ConfigurationFile.read(file, Map.of()));
    assertThat(e.problems()).hasSize(1);
    return e.problems().getFirst().toString();
  }
}
