package dev.patchbay.it.e2e.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Pods;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.CniException;
import dev.patchbay.lab.Configurations;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.PodRequest;
import dev.patchbay.lab.Sandbox;
import dev.patchbay.lab.fabric.NetworkNamespace.Outcome;
import dev.patchbay.lab.fabric.Ping;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What an operator asks of a node in its good and bad hours, in one life of it: it serves, somebody alters its network, EC2 slows
 * down, it is full, its daemon is away, and at last Patchbay is taken off it. The node has 3 interfaces of 3 addresses for pods, one
 * of them an operator's own.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NO_MANAGE = "node.k8s.amazonaws.com/no_manage";

  private static Lab lab;
  private static LabNode node;
  private static NetworkInterface kept;
  private static String rulesBefore = "";

  @BeforeAll
  static void start() {
    lab = Labs.start(1, "t3.small", Map.of("node", Map.of("cooldown", "30s", "addressWait", "2m"),
        "modes", List.of(Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 1)))));
    node = lab.node(0);
    node.daemon().stop();
    NetworkInterface primary = node.interfaces().getFirst();
    kept = lab.model().interfaces().create(InterfaceRequest.in(primary.subnetId()).groups(List.of(lab.nodeGroup().id()))
        .tags(Map.of(NO_MANAGE, "true")).build());
    lab.model().attachments().attach(kept.id(), node.instanceId(), 2, 0);
    lab.awaitFabric();
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
    Reports.awaitIdle(node);
  }

  @AfterAll
  static void end() {
    lab.close();
  }

  private static Outcome run(int exit, String... arguments) {
    Outcome outcome = node.patchbay(arguments);
    assertThat(outcome.exit()).as("%s\n%s%s", String.join(" ", arguments), outcome.output(), outcome.errors()).isEqualTo(exit);
    assertThat(outcome.output() + outcome.errors()).as("no stack trace").doesNotContain("\tat ").doesNotContain("Exception");
    return outcome;
  }

  private static JsonNode json(int exit, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    return parsed(run(exit, all.toArray(String[]::new)).output());
  }

  private static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException wrong) {
      throw new AssertionError("no JSON: " + text, wrong);
    }
  }

  private static Outcome tool(String... command) {
    return node.exec(command);
  }

  private static String text(InetAddress address) {
    return address.getHostAddress();
  }

  @Test
  @Order(1)
  void theInstallationsScriptLeadsToTheDaemonAndTheControllerToo() throws Exception {
    String documentation = Files.readString(lab.settings().home().resolve("../../docs/cli.md"));
    for (String program : List.of("node", "cluster")) {
      Process help = script(program, "--help");
      String words = new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(help.waitFor()).isZero();
      assertThat(documentation).as("the documentation has its words").contains("```\n$ patchbay " + program + " --help\n" + words + "```\n");
    }
    Process wrong = script("node", "--nonsense");
    assertThat(new String(wrong.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).contains("--nonsense").contains("See `patchbay node --help`.");
    assertThat(wrong.waitFor()).isEqualTo(2);
    Process missing = script("node", "--config", "/no/such/file");
    assertThat(new String(missing.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).contains("there is no such file").doesNotContain("\tat ");
    assertThat(missing.waitFor()).isEqualTo(1);
  }

  private static Process script(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(lab.settings().home().resolve("bin/patchbay").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  @Test
  @Order(1)
  void statusSaysThatTheNodeServesAndWhatItHas() {
    LabPod web = node.addPod(PodRequest.of("web").in("shop"));
    node.addPod(PodRequest.of("db").in("shop"));
    Reports.awaitIdle(node);
    String status = run(0, "status").output();
    assertThat(status.lines().findFirst().orElseThrow()).isEqualTo(node.name() + " (" + node.instanceId() + ", t3.small in eu-west-1a) serves pods.");
    assertThat(status).contains("2 attached of 6").contains("shop/web").contains(text(web.address())).contains("nothing is under way")
        .contains(node.conflist() + " is there").contains(kept.id() + " is left alone: it has the tag " + NO_MANAGE + "=true");
    JsonNode report = json(0, "status");
    assertThat(report.path("serving").asBoolean()).isTrue();
    assertThat(report.path("attachments")).isEqualTo(Reports.of(node).path("attachments"));
    assertThat(report.path("daemon").path("pid").asLong()).isEqualTo(node.daemon().pid().orElseThrow());
  }

  @Test
  @Order(2)
  void explainSaysOfAPodWhatIsInTheKernelAndTheToolsHaveItToo() {
    LabPod web = node.pod("shop", "web");
    String words = run(0, "explain", "shop/web").output();
    assertThat(words).startsWith("shop/web has its network since ").contains("claimed by the mode secondary-ip@")
        .contains("address    " + text(web.address()) + " from lane default, on " + Reports.eni(node, web.address()).id());
    JsonNode explained = json(0, "explain", text(web.address()));
    assertThat(explained.path("state").asText()).isEqualTo("held");
    JsonNode objects = explained.path("attachments").path(0).path("kernel");
    List<String> kinds = new ArrayList<>();
    for (JsonNode object : objects) {
      kinds.add(object.path("in").asText() + " " + object.path("kind").asText());
      assertThat(object.path("state").asText()).as(object.toString()).isEqualTo("present");
      if (object.path("kind").asText().equals("set element")) {
        assertThat(node.netns().runWith("get element " + object.path("text").asText() + "\n", "nft", "-f", "-").exit())
            .as(object.path("text").asText()).isZero();
      }
    }
    assertThat(kinds).contains("host link", "host route", "host set element", "host sysctl", "pod link", "pod address", "pod route",
        "pod neighbour");
    assertThat(run(0, "explain").output()).startsWith(node.name() + " serves pods.").contains("left alone, since it has the tag");
    assertThat(run(0, "explain", kept.id()).output()).contains("somebody else; Patchbay never gives back what it did not make");
  }

  @Test
  @Order(3)
  void whatSomebodyAlteredBehindPatchbayIsNamedWithWhatToDo() {
    LabPod web = node.pod("shop", "web");
    tool("ip", "route", "replace", text(web.address()), "dev", "lo", "table", "20000").orThrow("replace the route");
    web.exec("ip", "route", "del", "default").orThrow("delete the way out");
    // The route comes back by itself, and it is said what stood there in its place.
    String words = Until.there("it is explained", () -> Optional.of(run(1, "explain", "web").output())
        .filter(w -> w.contains("; there is " + text(web.address()) + " dev lo")));
    assertThat(words).containsPattern("MISSING +its way out +route +default via").contains("delete the pod");
    // What is taken out of the node comes back, and with it what was put in another's place.
    tool("nft", "delete", "element", "inet", "patchbay", "egress4", "{ " + text(web.address()) + " }").orThrow("delete the element");
    tool("ip", "rule", "del", "pref", "512").orThrow("delete the rule");
    Until.holds("it is known, and all is back", () -> node.patchbay("status").output().contains("DatapathAltered")
        && !node.patchbay("explain", "node").output().contains("MISSING") && !node.patchbay("explain", "web").output().contains("ALTERED"));
    assertThat(run(1, "explain", "web").output()).as("but for what is in the pod").containsPattern("MISSING +its way out +route +default via")
        .doesNotContainPattern("MISSING +packets");
    node.daemon().stop();
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
    web.delete();
  }

  @Test
  @Order(4)
  void anAddressIsExplainedWhoeverHasIt() {
    LabPod db = node.pod("shop", "db");
    String former = text(node.addPod(PodRequest.of("former").in("shop")).address());
    node.pod("shop", "former").delete();
    JsonNode cooling = json(0, "explain", former);
    assertThat(cooling.path("state").asText()).isEqualTo("cooling");
    assertThat(cooling.path("millis").asLong()).isBetween(1L, 30_000L);
    assertThat(cooling.path("lastHolder").path("pod").asText()).isEqualTo("shop/former");
    assertThat(json(0, "explain", text(db.address())).path("attachments").path(0).path("attachment").path("name").asText()).isEqualTo("db");
    assertThat(json(0, "explain", text(node.address())).path("state").asText()).isEqualTo("own");
    assertThat(run(1, "explain", "10.0.77.77").output()).contains("though it lies in the VPC: another node may have it");
  }

  @Test
  @Order(5)
  void whatIsAskedWronglyOrUnknownIsToldInWords() {
    assertThat(run(1, "explain", "no-such-pod").output()).contains("No pod no-such-pod has a network on this node");
    assertThat(run(1, "explain", "10.0.0.999").output()).contains("is no IP address");
    assertThat(run(1, "explain", "eni-0123").output()).contains("eni-0123 is not an interface of this node.");
    assertThat(run(1, "explain", "x".repeat(100_000)).output()).hasSizeLessThan(2_000);
    assertThat(run(1, "explain", "\u001b[2J\u0007").output()).doesNotContain("\u001b").doesNotContain("\u0007");
    assertThat(run(2, "explain", "--address", "rubbish").errors()).contains("is no address").contains("--help");
    assertThat(run(2, "stauts").errors()).contains("status");
    assertThat(run(1, "status", "--config", "/no/such/file").errors()).contains("There is no file /no/such/file.");
  }

  @Test
  @Order(6)
  void aPodThatWaitsIsExplainedWithWhatEc2IsAsked() {
    // What pods before have left must not come to the rescue while it waits.
    Until.holds("what cooled is free again", () -> Reports.lane(node, "cooling") == 0);
    lab.faults().add("ec2:AssignPrivateIpAddresses throttle");
    lab.faults().add("ec2:CreateNetworkInterface throttle");
    List<Future<LabPod>> begun = new ArrayList<>();
    for (int i = 0; Reports.waiting(node).isEmpty(); i++) {
      assertThat(i).as("pods that stock was there for").isLessThan(6);
      int before = Reports.attachments(node).size();
      begun.add(Pods.begin(node, PodRequest.of("late-" + i).in("shop")));
      Until.holds("the pod waits or has its network",
          () -> !Reports.waiting(node).isEmpty() || Reports.attachments(node).size() > before);
    }
    Until.holds("EC2 has asked to slow down", () -> Reports.of(node).path("findings").toString().contains("CloudThrottled"));
    String waits = Reports.waiting(node).getFirst();
    assertThat(run(1, "explain", waits).output()).startsWith(waits + " waits for its network, for ").contains("it is the first that waits")
        .contains("lane default has no free IPV4 address now").contains("EC2 asked to slow down");
    assertThat(run(1, "status").output()).contains("Waiting, in order").contains(waits).contains("[203 CloudThrottled]");
    lab.faults().clear();
    begun.forEach(Pods::get);
    Reports.awaitIdle(node);
  }

  @Test
  @Order(7)
  void aPodThatWasRefusedIsExplained() {
    Until.holds("what cooled is free again", () -> Reports.lane(node, "cooling") == 0);
    for (int i = 0; Reports.attachments(node).size() < 6; i++) {
      node.addPod(PodRequest.of("fill-" + i).in("shop"));
    }
    CniException refused = Pods.refusal(Pods.begin(node, PodRequest.of("beyond").in("shop")));
    assertThat(refused.code()).isEqualTo(200);
    assertThat(run(1, "explain", "shop/beyond").output()).contains("shop/beyond has no network: it was refused at ")
        .contains("All 6 addresses").contains("[200 InstanceFull]").contains("kubelet tries again by itself");
    assertThat(run(1, "status").output()).contains("Refused lately").contains("shop/beyond");
    assertThat(json(1, "explain", "beyond").path("refusals").path(0).path("reason").path("code").asInt()).isEqualTo(200);
  }

  @Test
  @Order(8)
  void aNameWithoutEndHarmsNobodyThatLooks() {
    Sandbox sandbox = node.pod("shop", "db").sandbox();
    Map<String, String> arguments = new LinkedHashMap<>(sandbox.arguments());
    arguments.put("K8S_POD_NAME", "n".repeat(60_000) + "\u001b[31m");
    Sandbox huge = new Sandbox("huge" + sandbox.containerId().substring(4), sandbox.netns(), "eth9", arguments, Map.of());
    assertThat(Pods.get(failing(() -> node.cni().add(huge)))).contains("InstanceFull");
    String status = run(1, "status").output();
    assertThat(status).contains("nnnnnnnn").doesNotContain("\u001b").hasSizeLessThan(20_000);
  }

  private static Future<String> failing(Runnable add) {
    return java.util.concurrent.CompletableFuture.supplyAsync(() -> {
      try {
        add.run();
      } catch (CniException refused) {
        return refused.text();
      }
      throw new AssertionError("the node is full, and took another pod");
    });
  }

  @Test
  @Order(9)
  void configShowsWhatIsInForceAndWhatTheFileSaysByNow() throws IOException {
    String values = run(0, "config").output();
    assertThat(values).containsPattern("node.cooldown +30s +" + node.configuration() + ":\\d+").containsPattern("node.mtu +9001 +default")
        .containsPattern("modes\\[0].settings.warmIpTarget +1 +" + node.configuration() + ":\\d+");
    assertThat(run(0, "config", "check").output()).contains("can be used: the mode secondary-ip.");
    String before = Files.readString(node.configuration());
    try {
      // What is taken at start alone; all else is in force soon after.
      Configurations.change(node.configuration(), Map.of("cni", Map.of("networkName", "another")));
      assertThat(run(1, "config", "--changed").output()).contains("The file has changed since the daemon read it")
          .containsPattern("cni.networkName is \\S+ in force, and another by now");
      Files.writeString(node.configuration(), before + "nosuch: 1\n");
      assertThat(run(1, "config", "check").output()).contains("nosuch").contains("1 mistake.");
      assertThat(run(0, "config").errors()).as("the daemon has what it read; the mistake is told").contains("nosuch");
    } finally {
      Files.writeString(node.configuration(), before);
    }
  }

  @Test
  @Order(10)
  void withoutTheDaemonTheFilesTell() {
    rulesBefore = kernel();
    node.daemon().stop();
    assertThat(node.conflist()).as("an end of the daemon is no uninstall").exists();
    assertThat(kernel()).isEqualTo(rulesBefore);
    String status = run(1, "status").output();
    assertThat(status).startsWith("No daemon answers. Nobody listens at 127.0.0.1:61679").contains("do: No process has the ledger open either")
        .contains(node.conflist() + " is there").contains("6 pods are attached, and they keep their network").contains("shop/db");
    assertThat(json(1, "status").path("files").path("attachments").size()).isEqualTo(6);
    assertThat(run(1, "explain", "shop/db").errors()).contains("No daemon answers.").contains("`patchbay status`");
    assertThat(run(0, "config").errors()).contains("No daemon answers; this is what the file amounts to here");
  }

  @Test
  @Order(11)
  void whoeverAnswersInTheDaemonsPlaceIsNotBelieved() throws IOException {
    String garbage = "{\"serving\": tru" + "\u0000".repeat(100);
    AtomicReference<String> answer = new AtomicReference<>("");
    try (ServerSocketChannel server = node.netns().listen(new InetSocketAddress("127.0.0.1", 61_679))) {
      Thread.ofPlatform().daemon().start(() -> serve(server, answer));
      for (String each : List.of("SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\n\r\n" + garbage, "HTTP/1.1 200 OK\r\n\r\n{\"hello\":\"world\"}",
          "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")) {
        answer.set(each);
        assertThat(run(1, "status").errors()).as(each).startsWith("patchbay status: What listens at 127.0.0.1:61679 ")
            .contains("ss -ltnp");
      }
    }
  }

  private static void serve(ServerSocketChannel server, AtomicReference<String> answer) {
    while (server.isOpen()) {
      try (SocketChannel caller = server.accept()) {
        caller.read(ByteBuffer.allocate(4096));
        caller.write(ByteBuffer.wrap(answer.get().getBytes(StandardCharsets.UTF_8)));
      } catch (IOException over) {
        // The caller, or the test, has seen enough.
      }
    }
  }

  /** What is ours in the node's kernel. */
  private static String kernel() {
    return tool("ip", "rule").output() + tool("ip", "route", "show", "table", "all").output()
        + tool("ip", "-br", "link").output().replaceAll("(?m)\\s+$", "") + tool("nft", "list", "ruleset").output().replaceAll("counter packets \\d+ bytes \\d+", "");
  }

  @Test
  @Order(12)
  void uninstallRefusesWhatWouldHarm() throws Exception {
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
    assertThat(run(1, "uninstall").errors()).contains("A daemon runs on this node").contains("Stop it first");
    node.daemon().stop();
    rulesBefore = kernel();
    assertThat(run(1, "uninstall").errors()).contains("6 pods are attached: ").contains("shop/db").contains("Drain the node first");
    assertThat(run(1, "uninstall", "--dry-run").output()).contains("It would be refused: 6 pods are attached")
        .contains("would remove the CNI configuration " + node.conflist()).contains("the table inet patchbay").contains("/ledger");
    Process elsewhere = new ProcessBuilder(node.patchbayCommand("uninstall")).redirectErrorStream(true).start();
    assertThat(new String(elsewhere.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).contains("This is not the node's network");
    assertThat(elsewhere.waitFor()).isEqualTo(1);
    assertThat(kernel()).as("nothing was changed").isEqualTo(rulesBefore);
    assertThat(node.conflist()).exists();
  }

  @Test
  @Order(13)
  void uninstallLeavesPodsTheirNetworkAndTakesTheRestWhenTheyAreGone() throws IOException {
    LabPod db = node.pod("shop", "db");
    Path foreign = node.cniConf().resolve("99-other.conflist");
    Files.writeString(foreign, "{}");
    try (Ping ping = Ping.start(db.netns(), node.address())) {
      Outcome first = run(1, "uninstall", "--leave-pods");
      assertThat(first.output()).contains("removed the CNI configuration " + node.conflist()).contains("6 pods are still attached");
      Ping.Result running = ping.stop();
      assertThat(running.sent()).isPositive();
      assertThat(running.lost()).isZero();
    }
    assertThat(node.conflist()).doesNotExist();
    assertThat(kernel()).as("what pods need stays").isEqualTo(rulesBefore);
    assertThat(run(1, "uninstall", "--leave-pods").output()).as("once more changes nothing").doesNotContain("removed");

    node.pods().forEach(LabPod::delete);
    String notes = run(1, "status").output();
    assertThat(notes).contains("0 pods are attached").contains("6 DELs wait for the daemon").contains("is not there, so the container runtime sends no pods");
    assertThat(run(0, "uninstall", "--dry-run").output()).contains("would remove the executable");
    JsonNode done = json(0, "uninstall");
    assertThat(done.path("removed").toString()).contains("the executable").contains("in the kernel").contains("the ledger of attachments")
        .contains("the ledger of provenance").contains("the notes of DELs");
    assertThat(done.path("enis")).hasSize(1);
    assertThat(kernel()).doesNotContain("patchbay").doesNotContain("proto 155").doesNotContain("proto 156").doesNotContain("lookup 20000");
    assertThat(tool("ip", "-br", "link").output()).doesNotContainPattern("(?m)^eni");
    assertThat(foreign).as("not ours").exists();
    assertThat(node.runState()).doesNotExist();
    assertThat(node.libState()).doesNotExist();
    assertThat(node.cniBin().resolve("patchbay-cni")).doesNotExist();
    assertThat(run(0, "uninstall").output()).isEqualTo("Nothing of Patchbay was on this node.\n");
    assertThat(node.interfaces()).as("EC2 is left as it is").hasSize(3);
  }

  @Test
  @Order(14)
  void afterAnUninstallItCanBeInstalledAgain() {
    node.daemon().start();
    node.daemon().awaitServing(Until.LONG);
    assertThat(run(0, "explain", "node").output()).startsWith(node.name() + " serves pods.").doesNotContain("MISSING");
  }
}
