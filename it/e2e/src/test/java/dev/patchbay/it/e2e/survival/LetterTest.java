package dev.patchbay.it.e2e.survival;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.it.e2e.Figures;
import dev.patchbay.lab.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is wrong with a request, and the code that it gets, by the letter of the CNI specification and of its library; and requests
 * that are unusual and right. After each, nothing is left on the node.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LetterTest extends OneNode {
  private static final int INCOMPATIBLE_VERSION = 1;
  private static final int INVALID_ENVIRONMENT = 4;
  private static final int DECODING = 6;
  private static final int INVALID_CONFIGURATION = 7;
  private static final int INVALID_NETNS = 8;

  @TempDir
  private Path folder;

  private int refusals;

  private Executable add() {
    return Executable.of(node, "ADD", sandboxes.make());
  }

  /** Refused with that code and those words, as a CNI error in the request's version, within a time that nobody notices. */
  private void assertRefused(Executable call, int code, String... words) {
    Executable.Ended ended = call.run();
    refusals++;
    assertThat(ended.exit()).as(ended.toString()).isEqualTo(1);
    assertThat(ended.code()).as(ended.toString()).isEqualTo(code);
    List.of(words).forEach(word -> assertThat(ended.words()).contains(word));
    assertThat(ended.json().path("cniVersion").asText()).isNotEmpty();
    assertThat(ended.errors()).isEmpty();
  }

  @Test
  void environment() {
    assertRefused(add().without("CNI_CONTAINERID"), INVALID_ENVIRONMENT, "CNI_CONTAINERID");
    assertRefused(add().with("CNI_NETNS", ""), INVALID_ENVIRONMENT, "CNI_NETNS");
    assertRefused(add().without("CNI_IFNAME"), INVALID_ENVIRONMENT, "CNI_IFNAME");
    assertRefused(add().without("CNI_IFNAME").without("CNI_NETNS").without("CNI_CONTAINERID"), INVALID_ENVIRONMENT,
        "required env variables [CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME] missing");
    assertRefused(add().with("CNI_COMMAND", "FETCH"), INVALID_ENVIRONMENT, "unknown CNI_COMMAND: FETCH");
    for (String id : List.of("-x", ".x", "a b", "a/b", "é")) {
      assertRefused(add().with("CNI_CONTAINERID", id), INVALID_ENVIRONMENT, "CNI_CONTAINERID", id);
    }
    for (String name : List.of("sixteen-letters-", ".", "..", "a/b", "a:b", "a b")) {
      assertRefused(add().with("CNI_IFNAME", name), INVALID_ENVIRONMENT, "CNI_IFNAME", name);
    }
    assertThat(add().with("CNI_COMMAND", "").run()).satisfies(about -> {
      assertThat(about.exit()).isZero();
      assertThat(about.output()).isEmpty();
      assertThat(about.errors()).contains("0.1.0", "1.1.0");
    });
    Figures.print("CNI to the letter", "%d refusals with the right code, of environment", refusals);
  }

  @Test
  void namespace() throws IOException, InterruptedException {
    assertRefused(add().with("CNI_NETNS", "/run/netns/there-is-none"), INVALID_NETNS, "CNI_NETNS", "/run/netns/there-is-none");
    Path regular = Files.writeString(folder.resolve("regular"), "no namespace");
    assertRefused(add().with("CNI_NETNS", regular.toString()), INVALID_NETNS, "no network namespace", regular.toString());
    assertRefused(add().with("CNI_NETNS", folder.toString()), INVALID_NETNS, "no network namespace");
    assertRefused(add().with("CNI_NETNS", "/proc/self/ns/mnt"), INVALID_NETNS, "no network namespace");
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertRefused(add().with("CNI_NETNS", pipe.toString()), INVALID_NETNS, "no network namespace");
    assertRefused(add().with("CNI_NETNS", "/dev/null"), INVALID_NETNS, "no network namespace");
    assertRefused(add().with("CNI_NETNS", node.netns().path().toString()), INVALID_NETNS, "the node's own");
    assertRefused(add().with("CNI_NETNS", "/proc/self/ns/net"), INVALID_NETNS, "the node's own");
    assertRefused(add().with("CNI_COMMAND", "CHECK").with("CNI_NETNS", regular.toString()), INVALID_NETNS, "no network namespace");
  }

  @Test
  void input() {
    for (String text : List.of("", "{", "[]", "null", "\"x\"", "{\"name\": \"n\",}", "{\"cniVersion\": \"1.0.0\" \"name\": \"n\"}", "\0")) {
      assertRefused(add().input(text), DECODING, "JSON");
    }
    assertRefused(add().configured(c -> c.remove("name")), INVALID_CONFIGURATION, "name");
    assertRefused(add().configured(c -> c.put("name", "a/b")), INVALID_CONFIGURATION, "a/b");
    assertRefused(add().configured(c -> c.put("name", 5)), INVALID_CONFIGURATION);
    assertRefused(add().configured(c -> c.put("socket", "relative.sock")), INVALID_CONFIGURATION, "socket");
    assertRefused(add().configured(c -> c.put("cniVersion", "one")), DECODING, "one");
    assertRefused(add().configured(c -> c.put("cniVersion", "9.9.9")), INCOMPATIBLE_VERSION, "incompatible CNI versions", "9.9.9", "1.1.0");
    assertRefused(add().configured(c -> c.put("cniVersion", "0.3.1")).with("CNI_COMMAND", "CHECK"), INCOMPATIBLE_VERSION, "CHECK");
    assertRefused(add().configured(c -> c.put("cniVersion", "1.0.0")).with("CNI_COMMAND", "GC"), INCOMPATIBLE_VERSION, "GC");
    assertRefused(add().configured(c -> c.put("cniVersion", "1.0.0")).with("CNI_COMMAND", "STATUS"), INCOMPATIBLE_VERSION, "STATUS");
    assertRefused(add().configured(c -> c.put("cniVersion", "1.0.0").putObject("prevResult").put("cniVersion", "0.4.0")), DECODING, "prevResult");
    assertRefused(add().configured(c -> c.putArray("prevResult")), DECODING, "prevResult");
    assertRefused(add().input("{\"name\": \"n\", \"x\": " + "[".repeat(1_000_000)), DECODING);
    // The order of the library's checks: environment, then input, then its version.
    assertRefused(add().without("CNI_IFNAME").input("{"), INVALID_ENVIRONMENT, "CNI_IFNAME");
    assertRefused(add().configured(c -> c.put("cniVersion", "9.9.9").remove("name")), INVALID_CONFIGURATION, "name");
  }

  @Test
  void previousResultThatIsOddButRightIsGivenBackAndOneThatIsTooLargeEndsItsOwnCallOnly() {
    Sandbox sandbox = sandboxes.make();
    Executable add = Executable.of(node, "ADD", sandbox);
    Executable.Ended added = add.configured(c -> c.putObject("prevResult").put("cniVersion", "1.0.0").putNull("dns").put("x", "\u0000é")
        .putArray("interfaces").addObject().put("name", "before")).run().orThrow();
    assertThat(added.json().path("x").asText()).isEqualTo("\u0000é");
    assertThat(added.json().path("dns").isContainerNode()).as("none was given").isFalse();
    assertThat(added.json().at("/interfaces/0/name").asText()).isEqualTo("before");
    assertThat(added.json().at("/ips/0/interface").asInt()).isEqualTo(2);
    Executable.of(node, "DEL", sandbox).run().orThrow();
    long daemon = node.daemon().pid().orElseThrow();
    // Three million control characters, each of which takes six bytes in JSON.
    String large = "{\"cniVersion\": \"1.0.0\", \"name\": \"n\", \"socket\": \"" + node.socket() + "\", \"prevResult\": {\"x\": \""
        + "\u007f".repeat(3_000_000) + "\"}}";
    Executable.Ended refused = add.input(large).run();
    // Longer than the reader of JSON takes, or more than an answer holds.
    assertThat(refused.code() == DECODING || refused.code() == 483).as(refused.output().substring(0, Math.min(300, refused.output().length()))).isTrue();
    assertThat(node.daemon().pid()).contains(daemon);
    Executable.of(node, "DEL", sandbox).run().orThrow();
  }

  @Test
  void interfaceThatThePodHasAlready() {
    Sandbox sandbox = sandboxes.make();
    sandbox.netns().run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "other").orThrow("make a device");
    Kernel before = Kernel.of(sandbox.netns());
    assertRefused(Executable.of(node, "ADD", sandbox), 412, "eth0 already");
    assertThat(before.differences(Kernel.of(sandbox.netns()))).isEmpty();
    Executable.of(node, "DEL", sandbox).run().orThrow();
    assertThat(before.differences(Kernel.of(sandbox.netns()))).isEmpty();
    assertRefused(Executable.of(node, "ADD", sandbox.withInterfaceName("lo")), 412, "lo already");
    // Another name is free, and nobody's fault.
    Sandbox second = sandbox.withInterfaceName("net1");
    Executable.of(node, "ADD", second).run().orThrow().check().orThrow();
    Executable.of(node, "DEL", second).run().orThrow();
    assertThat(before.differences(Kernel.of(sandbox.netns()))).isEmpty();
  }

  @Test
  void callersThatNameNoPod() {
    for (String arguments : new String[] {null, "", ";;=;x", "IgnoreUnknown=1", "K8S_POD_NAMESPACE=default", "A=B;K8S_POD_NAME="}) {
      Sandbox sandbox = sandboxes.make();
      Executable add = Executable.of(node, "ADD", sandbox);
      Executable.Ended added = (arguments == null ? add.without("CNI_ARGS") : add.with("CNI_ARGS", arguments)).run().orThrow();
      Agreement.await(node, Map.of(Sandboxes.key(sandbox), added.address().orElseThrow().getHostAddress()));
      added.check().orThrow();
      Executable.of(node, "DEL", sandbox).without("CNI_ARGS").run().orThrow();
    }
  }

  @Test
  void resultsInEveryVersion() {
    for (String version : List.of("0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0")) {
      Sandbox sandbox = sandboxes.make();
      Executable.Ended added = Executable.of(node, "ADD", sandbox).configured(c -> c.put("cniVersion", version)).run().orThrow();
      JsonNode result = added.json();
      assertThat(result.path("cniVersion").asText()).isEqualTo(version);
      boolean families = version.startsWith("0.1") || version.startsWith("0.2");
      String address = result.at(families ? "/ip4/ip" : "/ips/0/address").asText();
      assertThat(address).as(result.toString()).endsWith("/32");
      assertThat(result.at("/ips/0/version").asText("none")).isEqualTo(version.startsWith("0.3") || version.startsWith("0.4") ? "4" : "none");
      assertThat(result.has("interfaces")).isNotEqualTo(families);
      assertThat(result.at("/interfaces/1/mtu").isMissingNode()).isEqualTo(!version.equals("1.1.0"));
      if (!families) {
        JsonNode inside = result.at("/interfaces/" + result.at("/ips/0/interface").asInt(-1));
        assertThat(inside.path("name").asText()).isEqualTo("eth0");
        assertThat(inside.path("sandbox").asText()).isEqualTo(sandbox.netns().path().toString());
      }
      Executable.of(node, "DEL", sandbox).configured(c -> c.put("cniVersion", version)).run().orThrow();
    }
    // A configuration that says no version is one of 0.1.0.
    Sandbox sandbox = sandboxes.make();
    Executable.Ended added = Executable.of(node, "ADD", sandbox).configured(c -> c.remove("cniVersion")).run().orThrow();
    assertThat(added.json().path("cniVersion").asText()).isEqualTo("0.1.0");
    Executable.of(node, "DEL", sandbox).configured(c -> c.remove("cniVersion")).run().orThrow();
  }

  @Test
  void checkTellsWhatIsMissing() {
    Sandbox sandbox = sandboxes.make();
    assertRefused(Executable.of(node, "CHECK", sandbox), 312, Sandboxes.key(sandbox));
    Executable.Ended added = Executable.of(node, "ADD", sandbox).run().orThrow();
    added.check().orThrow();
    sandbox.netns().run("ip", "route", "del", "default").orThrow("take the route away");
    Executable.Ended checked = added.check();
    assertThat(checked.code()).as(checked.toString()).isEqualTo(481);
    assertThat(checked.words()).contains("default/" + sandbox.containerId(), ": route default via 169.254.1.1 dev eth0 proto 156 is missing.");
    Executable.of(node, "DEL", sandbox).run().orThrow();
    assertRefused(Executable.of(node, "CHECK", sandbox), 312, Sandboxes.key(sandbox));
  }

  @Test
  void gcRemovesWhatIsNotListedAndWithoutAListNothing() {
    Sandbox kept = sandboxes.make();
    Sandbox lost = sandboxes.make();
    Executable.Ended first = Executable.of(node, "ADD", kept).run().orThrow();
    Executable.of(node, "ADD", lost).run().orThrow();
    Executable gc = Executable.of(node, "GC", kept).without("CNI_CONTAINERID").without("CNI_NETNS").without("CNI_IFNAME")
        .configured(c -> c.put("cniVersion", "1.1.0"));
    gc.run().orThrow();
    first.check().orThrow();
    gc.configured(c -> c.put("cniVersion", "1.1.0").putArray("cni.dev/valid-attachments").addObject()
        .put("containerID", kept.containerId()).put("ifname", "eth0")).run().orThrow();
    Agreement.await(node, Map.of(Sandboxes.key(kept), first.address().orElseThrow().getHostAddress()));
    first.check().orThrow();
    gc.configured(c -> c.put("cniVersion", "1.1.0").put("name", "another").putArray("cni.dev/valid-attachments")).run().orThrow();
    first.check().orThrow();
    assertRefused(gc.configured(c -> c.put("cniVersion", "1.1.0").putArray("cni.dev/valid-attachments").add("x")), DECODING, "valid-attachments");
    gc.configured(c -> c.put("cniVersion", "1.1.0").putArray("cni.dev/valid-attachments")).run().orThrow();
  }
}
