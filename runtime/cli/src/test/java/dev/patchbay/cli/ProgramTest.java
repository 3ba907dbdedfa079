package dev.patchbay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.cli.words.ConfigText;
import dev.patchbay.cli.words.Explainer;
import dev.patchbay.cli.words.Fixtures;
import dev.patchbay.cli.words.Report;
import dev.patchbay.cli.words.StatusText;
import dev.patchbay.launch.LaunchContext;
import dev.patchbay.launch.ModeLoading;
import dev.patchbay.launch.ModuleFile;
import dev.patchbay.launch.ProgramLayer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a whole, without a daemon: help, usage errors, exit codes, and the examples of its documentation. */
class ProgramTest {
  private static final Path REFERENCE = Path.of("..", "..", "docs", "cli.md");
  private static final String NOBODY = "127.0.0.1:1";

  @TempDir
  private Path folder;

  private record Outcome(int exit, String out, String err) {}

  private Outcome run(Map<String, String> environment, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit = PatchbayProgram.run(new Launch(folder, List.of(arguments)), new PrintWriter(out), new PrintWriter(err), environment, false);
    return new Outcome(exit, out.toString(), err.toString());
  }

  private Outcome run(String... arguments) {
    return run(Map.of("PATCHBAY_CONFIG", folder.resolve("patchbay.yaml").toString()), arguments);
  }

  /** An installation without modes and without other layers. */
  private record Launch(Path home, List<String> arguments) implements LaunchContext {
    @Override
    public List<String> layers() {
      return List.of();
    }

    @Override
    public CompletableFuture<ProgramLayer> layer(String name) {
      throw new IllegalArgumentException(name);
    }

    @Override
    public ModeLoading loadModes(List<ModuleFile> files) {
      return new ModeLoading(List.of(), List.of());
    }
  }

  private void write(String text) throws IOException {
    Files.writeString(folder.resolve("patchbay.yaml"), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "explain", "modes", "modes new", "modes verify", "config", "config check", "permissions", "uninstall", "ledger", "ledger show",
      "ledger verify", "ledger history", "audit", "cache"})
  void everyCommandHasHelpAndJson(String command) {
    Outcome help = run((command + " --help").split(" "));
    assertThat(help.exit()).isZero();
    assertThat(help.out()).contains("--json").contains("Exit codes:").doesNotContain("\u001b");
    assertThat(help.err()).isEmpty();
    assertThat(run((command + " -V").split(" ")).out()).startsWith("patchbay ");
  }

  @Test
  void theListOfCommandsHasTheDaemonToo() {
    Outcome help = run();
    assertThat(help.exit()).isZero();
    assertThat(help.out()).contains("node ", "status ", "explain ", "modes ", "config ", "uninstall ");
    assertThat(run("node", "--config", "x")).satisfies(o -> {
      assertThat(o.exit()).isEqualTo(1);
      assertThat(o.err()).contains("bin/patchbay node --config x");
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"stauts", "status --nosuch", "status extra", "explain a b", "explain --address nonsense x", "explain --address :5 x",
      "explain --address 1.2.3.4:99999 x", "explain --address", "config check a b", "config --label x", "uninstall now", "modes --modules", "modes verify", "modes verfy x", "modes new", "ledger shwo", "ledger history", "ledger history 10.0.0", "ledger show x", "audit now",
      "audit --wait soon"})
  void wrongUsageIsToldInAFewWords(String line) {
    Outcome wrong = run(line.split(" "));
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.out()).isEmpty();
    assertThat(wrong.err()).contains("--help`").doesNotContain("\tat ").hasLineCount((int) Math.min(3, wrong.err().lines().count()));
  }

  @Test
  void aProjectIsMadeOnceAndNamesAreChecked() throws IOException {
    Path to = folder.resolve("made");
    Outcome made = run("modes", "new", "own-way", "--folder", to.toString(), "--api", "1.2.3");
    assertThat(made.err()).isEmpty();
    assertThat(made.exit()).isZero();
    assertThat(made.out()).contains("patchbay modes verify");
    assertThat(Files.readString(to.resolve("pom.xml"))).contains("<version>1.2.3</version>", "<finalName>own-way</finalName>");
    try (Stream<Path> files = Files.walk(to)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContainPattern("@[A-Z]+@");
      }
    }
    assertThat(to.resolve("src/main/java/com/example/ownway/OwnWayMode.java")).exists();
    Outcome again = run("modes", "new", "own-way", "--folder", to.toString(), "--api", "1.2.3");
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err()).contains("nothing was written");
    for (String wrong : List.of("Own", "-x", "x-", "a/../b", "x".repeat(41), "a b")) {
      assertThat(run("modes", "new", "--folder", folder.resolve("no").toString(), "--api", "1", "--", wrong).err()).as(wrong)
          .contains("can't be the name of a mode");
    }
    for (String wrong : List.of("one", "com.new", "com..x", "com.X", "dev.patchbay.mine")) {
      assertThat(run("modes", "new", "mine", "--folder", folder.resolve("no").toString(), "--api", "1", "--module", wrong).exit()).as(wrong)
          .isEqualTo(1);
    }
    assertThat(folder.resolve("no")).doesNotExist();
  }

  @Test
  void withoutADaemonAndWithoutAnythingItSaysWhatToDo() throws IOException {
    write("modes: [{use: any}]\nstate: {run: " + folder + "/run, lib: " + folder + "/lib}\ncni: {confDir: " + folder + "/net.d}\n"
        + "introspection: {address: " + NOBODY + "}\n");
    Outcome status = run("status");
    assertThat(status.exit()).isEqualTo(1);
    assertThat(status.out()).startsWith("No daemon answers. Nobody listens at " + NOBODY).contains("do: No process has the ledger open either")
        .contains("is not there, so the container runtime sends no pods here").contains("there is none: no daemon has run here");
    Outcome json = run("status", "--json");
    assertThat(json.exit()).isEqualTo(1);
    assertThat(json.out()).contains("\"serving\": false", "\"conflistState\": \"none\"");
    Outcome explain = run("explain", "shop/db");
    assertThat(explain.exit()).isEqualTo(1);
    assertThat(explain.err()).contains("No daemon answers.").contains("`patchbay status`");
  }

  @Test
  void aConfigurationThatIsNamedMustBeThere() {
    for (String command : List.of("status", "explain", "config", "uninstall")) {
      Outcome missing = run(command, "--config", folder.resolve("nosuch.yaml").toString());
      assertThat(missing.exit()).as(command).isEqualTo(1);
      assertThat(missing.err()).as(command).contains("nosuch.yaml");
    }
  }

  @Test
  void aConfigurationWithMistakesIsNoReasonToShowNothing() throws IOException {
    write("modes: [{use: any}]\nnode: {mtuu: 1}\n");
    Outcome status = run("status", "--address", NOBODY);
    assertThat(status.exit()).isEqualTo(1);
    assertThat(status.err()).contains("going on with the defaults").contains("Did you mean mtu?").contains("No daemon answers.");
    Outcome uninstall = run("uninstall", "--dry-run");
    assertThat(uninstall.exit()).isEqualTo(1);
    assertThat(uninstall.err()).as("what changes something does not go on with the defaults").contains("The configuration can't be used").contains("Did you mean mtu?");
  }

  @Test
  void introspectionThatIsOffIsNamed() throws IOException {
    write("modes: [{use: any}]\nintrospection: {address: \"off\"}\n");
    assertThat(run("status").err()).contains("introspection.address is off");
  }

  @Test
  void everyMistakeOfAFileIsNamedWithItsLine() throws IOException {
    write("node:\n  mtuu: 9001\n  cooldown: \"30\"\nmodes: [{use: any}]\n");
    Outcome check = run("config", "check");
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.out()).contains("patchbay.yaml:2: there is no key node.mtuu. Did you mean mtu?").contains("patchbay.yaml:3: node.cooldown")
        .contains("2 mistakes.");
    Outcome json = run("config", "check", "--json");
    assertThat(json.exit()).isEqualTo(1);
    assertThat(json.out()).contains("\"usable\": false", "\"line\": 2", "\"name\": \"ConfigurationUnknownKey\"");
  }

  @Test
  void aFileWithoutMistakesCanBeUsedWithItsModesIfTheyAreThere() throws IOException {
    write("modes: [{use: any}]\n");
    assertThat(run("config", "check", "--without-modules").exit()).isZero();
    Outcome check = run("config", "check");
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.out()).contains("patchbay.yaml:1").contains("provides the mode any");
  }

  @Test
  void aFileThatIsNoneIsOneMistake() throws IOException {
    for (String rubbish : List.of("\u0000\u0001", "{{{{", "- - - :", "x".repeat(100_000), "&a [*a]")) {
      write(rubbish);
      Outcome check = run("config", "check");
      assertThat(check.exit()).as(rubbish.substring(0, Math.min(5, rubbish.length()))).isEqualTo(1);
      assertThat(check.out()).contains("mistake").doesNotContain("\tat ");
    }
    assertThat(run("config", "check", folder.toString()).exit()).as("a folder").isEqualTo(1);
  }

  @Test
  void valuesOfAFileSayWhereTheyComeFrom() throws IOException {
    write("node: {mtu: 1500}\nmodes: [{use: any}]\noverrides: [{selector: {matchLabels: {pool: batch}}, node: {cooldown: 10s}}]\n");
    Outcome values = run(new LinkedHashMap<>(Map.of("PATCHBAY_CONFIG", folder.resolve("patchbay.yaml").toString(), "NODE_NAME", "n1")),
        "config", "--offline", "--changed", "--label", "pool=batch");
    assertThat(values.exit()).isZero();
    assertThat(values.out()).containsPattern("node.name +n1 +environment NODE_NAME").containsPattern("node.mtu +1500 +\\S+patchbay.yaml:1")
        .containsPattern("node.cooldown +10s +\\S+patchbay.yaml:3 \\(override 1\\)").doesNotContain("default");
    assertThat(run("config", "--offline", "node.mtu").out()).contains("node.mtu: The MTU of every ENI");
    assertThat(run("config", "--offline", "nosuch").err()).contains("No key that has a value begins with \"nosuch\".");
  }

  private static final Pattern EXAMPLE = Pattern.compile("```\n\\$ patchbay ([^\n]*)\n(.*?)```\n", Pattern.DOTALL);

  /** What a command prints: its help as it is, the rest from what the daemon of a node said once. */
  private String output(String line) {
    if (line.endsWith("--help")) {
      return run(line.split(" ")).out();
    }
    Report well = Fixtures.report("report.json");
    Report trouble = Fixtures.report("trouble.json");
    List<String> lines = switch (line) {
      case "status" -> StatusText.of(well,
          Optional.of("/etc/cni/net.d/10-patchbay.conflist is there, so the container runtime sends pods here"), false);
      case "explain shop/queue-1", "explain shop/batch-7" ->
          Explainer.of(trouble, Fixtures::daemon, line.substring("explain ".length()), false).lines();
      case "config node" -> ConfigText.of(Fixtures.json(Fixtures.text("configuration.json")).items().stream()
          .filter(v -> v.text("key").startsWith("node")).toList(), "In force in the daemon at 127.0.0.1:61679:", List.of(), false, false);
      default -> {
        assertThat(line).startsWith("explain ");
        yield Explainer.of(well, Fixtures::daemon, line.substring("explain ".length()), false).lines();
      }
    };
    return String.join("\n", lines) + "\n";
  }

  @Test
  void theExamplesInTheDocumentationAreWhatCommandsPrint() throws IOException {
    String text = Files.readString(REFERENCE);
    StringBuilder wanted = new StringBuilder();
    Matcher examples = EXAMPLE.matcher(text);
    int count = 0;
    while (examples.find()) {
      count++;
      // Daemon and controller are programs of their own; their help is checked end to end. What a node can carry is looked up in modes,
      // which are not here.
      boolean elsewhere = List.of("node --help", "cluster --help").contains(examples.group(1))
          || examples.group(1).startsWith("max-pods --instance-type");
      String output = elsewhere ? examples.group(2) : output(examples.group(1));
      examples.appendReplacement(wanted, Matcher.quoteReplacement("```\n$ patchbay " + examples.group(1) + "\n" + output + "```\n"));
    }
    examples.appendTail(wanted);
    assertThat(count).isGreaterThanOrEqualTo(12);
    if (Boolean.getBoolean("patchbay.write.reference")) {
      Files.writeString(REFERENCE, wanted);
    }
    assertThat(Files.readString(REFERENCE))
        .as("docs/cli.md; mvn -pl runtime/cli -am test -Dpatchbay.write.reference=true writes it anew").isEqualTo(wanted.toString());
  }
}
