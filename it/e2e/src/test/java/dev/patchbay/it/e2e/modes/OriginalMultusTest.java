package dev.patchbay.it.e2e.modes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.it.e2e.Labs;
import dev.patchbay.it.e2e.Pods;
import dev.patchbay.it.e2e.Probe;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.CniException;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.MoreNetworks;
import dev.patchbay.lab.PodRequest;
import dev.patchbay.lab.fabric.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The original Multus is what the container runtime calls, and our executable is its default delegate, by the conflist that the daemon
 * writes. It makes the other interfaces itself; the node does without our mode.
 */
@Order(Labs.EARLY)
class OriginalMultusTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME = "10-aws.conflist";
  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final int ATTEMPTS = 10;

  private static Lab lab;
  private static Networks networks;
  private static LabNode node;
  private static Path ours;
  private static Path multus;

  @BeforeAll
  static void start() throws Exception {
    Path program = program();
    lab = Lab.start(LabSettings.discover(Labs.name()).withNodes(1).withInstanceType("m5.large").withConfiguration(Map.of(
        "cni", Map.of("confFile", NAME, "cniVersion", "1.1.0"), "node", Map.of("cooldown", "1s"),
        "modes", List.of(Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 1))))));
    networks = new Networks(lab);
    node = lab.node(0);
    ours = node.cniConf().resolve(NAME);
    multus = node.cniConf().resolve("00-multus.conflist");
    Files.copy(program, node.cniBin().resolve("multus"), StandardCopyOption.REPLACE_EXISTING);
    knowItsSocket();
    lab.kube().objects().create(DEFINITION);
    networks.define("side", networks.macvlan("eth0", networks.hostLocal("10.77.1.0/24")));
  }

  private static Path program() throws IOException, InterruptedException {
    try {
      return MultusProgram.build();
    } catch (MultusProgram.Missing missing) {
      System.out.println("LEFT OUT: the original Multus with our executable as its default delegate, since " + missing.getMessage());
      return Assumptions.abort("the original Multus is left out: " + missing.getMessage());
    }
  }

  /**
   * Where Multus finds the conflist by file, folder or name, it gives DEL and STATUS nothing of what stands there beside the type. That is
   * enough on a node, where our socket is the default one; here a script adds it.
   */
  private static void knowItsSocket() throws IOException {
    Path executable = node.cniBin().resolve("patchbay-cni");
    Path real = Files.move(executable, node.cniBin().resolve("patchbay-cni-itself"));
    Files.writeString(executable, """
        #!/bin/sh
        input=$(cat)
        case $input in
          '' | *'"socket"'*) ;;
          *) input='{"socket":"%s",'"${input#'{'}" ;;
        esac
        printf %%s "$input" | exec %s
        """.formatted(node.socket(), real));
    Files.setPosixFilePermissions(executable, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** What an operator of Multus installs with it. */
  private static final String DEFINITION = """
      {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
       "metadata": {"name": "network-attachment-definitions.k8s.cni.cncf.io"},
       "spec": {"group": "k8s.cni.cncf.io", "scope": "Namespaced",
        "names": {"plural": "network-attachment-definitions", "singular": "network-attachment-definition",
                  "kind": "NetworkAttachmentDefinition", "shortNames": ["net-attach-def"]},
        "versions": [{"name": "v1", "served": true, "storage": true,
                      "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}}
      """;

  @AfterAll
  static void stop() {
    if (lab != null) {
      lab.close();
    }
  }

  @AfterEach
  void end() throws IOException {
    if (node.daemon().pid().isEmpty()) {
      node.daemon().start();
      node.daemon().awaitServing(LONGEST);
    }
    for (LabPod pod : node.pods()) {
      pod.delete();
      Until.holds(pod.name() + " is not attached any more", () -> !Reports.attachments(node).contains("default/" + pod.name()));
    }
    Files.deleteIfExists(multus);
  }

  /**
   * What Multus is given, but for the way in which it finds our conflist. It writes the pod's status as protobuf, which the lab's API
   * server does not take, and writes none for a pod whose name stands among the namespaces of the system.
   */
  private static ObjectNode configured(String version, String pod) {
    ObjectNode plugin = JSON.createObjectNode().put("cniVersion", version).put("name", "multus-cni-network").put("type", "multus");
    plugin.put("kubeconfig", lab.administrator(true).variables().getOrDefault("KUBECONFIG", ""));
    plugin.put("confDir", node.cniConf().toString()).put("binDir", node.cniBin().toString());
    plugin.put("cniDir", Lab.folder(lab.name()).resolve("multus").toString());
    ArrayNode unwritten = plugin.putArray("systemNamespaces").add("kube-system");
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      unwritten.add(pod + attempt);
    }
    return plugin;
  }

  private static void install(ObjectNode plugin) throws IOException {
    ObjectNode list = JSON.createObjectNode();
    list.set("cniVersion", plugin.path("cniVersion"));
    list.set("name", plugin.path("name"));
    list.putArray("plugins").add(plugin);
    Path unfinished = node.cniConf().resolve("unfinished");
    Files.writeString(unfinished, list.toString());
    Files.move(unfinished, multus, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * As kubelet does, tries again: Multus gives up where a busy API server takes 2.5 s, or the readiness file 45 s. Each attempt is a pod of
   * its own, since what Multus then forgets to delete is no concern of the next.
   */
  private static LabPod added(String name, Map<String, String> annotations) {
    List<CniException> refusals = new ArrayList<>();
    while (true) {
      try {
        PodRequest request = PodRequest.of(name + refusals.size());
        for (Map.Entry<String, String> each : annotations.entrySet()) {
          request = request.annotated(each.getKey(), each.getValue());
        }
        return node.addPod(request);
      } catch (CniException refused) {
        refusals.add(refused);
        if (refusals.size() == ATTEMPTS) {
          throw refused;
        }
      }
    }
  }

  @Test
  void ourConflistIsFoundByItsFileByItsFolderAndByItsNetworksName() throws IOException {
    Path folder = Files.createDirectories(Lab.folder(lab.name()).resolve("primary"));
    Files.createSymbolicLink(folder.resolve(NAME), ours);
    for (String found : List.of(ours.toString(), folder.toString(), "patchbay")) {
      String name = "by-" + Integer.toHexString(found.hashCode());
      install(configured("1.0.0", name).put("clusterNetwork", found));
      LabPod pod = added(name, Map.of(Networks.ASKED, "side"));
      assertThat(Reports.attachments(node)).contains("default/" + pod.name());
      assertThat(Reports.eni(node, pod.address()).subnetId()).isEqualTo(node.interfaces().getFirst().subnetId());
      assertThat(Probe.seen(pod.netns(), node.netns(), node.address())).contains(pod.address());
      assertThat(pod.exec("ip", "-4", "-o", "address", "show", "net1").output()).contains("10.77.1.");
      pod.delete();
      Until.holds(pod.name() + " is not attached any more", () -> !Reports.attachments(node).contains("default/" + pod.name()));
    }
  }

  @Test
  void checkComesThrough() throws IOException {
    ObjectNode plugin = configured("1.0.0", "checked");
    ObjectNode delegate = (ObjectNode) JSON.readTree(Files.readString(ours));
    plugin.putArray("delegates").add(delegate);
    install(plugin);
    LabPod pod = added("checked", Map.of(Networks.ASKED, "side"));
    pod.check();
    pod.exec("ip", "route", "del", "default").orThrow("take the route away");
    assertThatThrownBy(pod::check).isInstanceOf(CniException.class).hasMessageContaining("default");
  }

  @Test
  void thePodWaitsForTheReadinessFile() throws IOException {
    install(configured("1.0.0", "waits").put("clusterNetwork", ours.toString()).put("readinessindicatorfile", ours.toString()));
    node.daemon().stop();
    Files.deleteIfExists(ours);
    FutureTask<LabPod> waiting = new FutureTask<>(() -> added("waits", Map.of()));
    Thread.ofPlatform().daemon().name("waits").start(waiting);
    node.daemon().start();
    node.daemon().awaitServing(LONGEST);
    assertThat(ours).exists();
    LabPod pod = Pods.get(waiting);
    assertThat(Reports.eni(node, pod.address()).attachment()).isPresent();
  }

  @Test
  void statusComesThrough() {
    ObjectNode plugin = configured("1.1.0", "none").put("clusterNetwork", ours.toString());
    assertThat(status(plugin)).as("while it serves").isEmpty();
    node.daemon().kill();
    assertThat(status(plugin)).as("when it does not").get().asString().contains("the Patchbay daemon at " + node.socket());
  }

  /** What STATUS printed, if it failed. */
  private static Optional<String> status(ObjectNode plugin) {
    NetworkNamespace.Outcome outcome = node.netns().runWith(plugin.toString(), "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        "CNI_COMMAND=STATUS", "CNI_PATH=" + node.cniBin(), node.cniBin().resolve("multus").toString());
    return outcome.succeeded() ? Optional.empty() : Optional.of(outcome.output() + outcome.errors());
  }
}
