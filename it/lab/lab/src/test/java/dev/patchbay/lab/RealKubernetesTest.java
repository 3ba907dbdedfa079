package dev.patchbay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.command.LabCommand;
import dev.patchbay.lab.kube.KubeBinaries;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The same lab on the real API server, where its programs are at hand. */
class RealKubernetesTest {
  private static final String NAME = "a" + ProcessHandle.current().pid();

  private static String refused(String... words) {
    StringWriter out = new StringWriter();
    CommandLine line = new CommandLine(new LabCommand()).setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
    assertThat(line.execute(words)).isNotZero();
    return out.toString();
  }

  @Test
  void filesThatAreNoProgramsAreRefusedInWordsAndNothingIsLeft() {
    assertThat(refused("up", "--lab", NAME, "--empty", "--etcd", "/bin/true"))
        .contains("--kube-apiserver and --etcd go together");
    assertThat(refused("up", "--lab", NAME, "--empty", "--kube-apiserver", "/nowhere/kube-apiserver", "--etcd", "/bin/true"))
        .contains("/nowhere/kube-apiserver is no program that can be run");
    assertThat(Lab.folder(NAME)).doesNotExist();
  }

  @Test
  void nodeAndPodsAreThereAsOnTheLabsOwn() {
    Optional<String> server = Optional.ofNullable(System.getenv("PATCHBAY_KUBE_APISERVER")).filter(text -> !text.isBlank());
    Optional<String> etcd = Optional.ofNullable(System.getenv("PATCHBAY_ETCD")).filter(text -> !text.isBlank());
    if (server.isEmpty() || etcd.isEmpty()) {
      String why = "PATCHBAY_KUBE_APISERVER and PATCHBAY_ETCD do not name the programs";
      System.out.println("LEFT OUT: the lab on the real API server, since " + why);
      Assumptions.abort("the lab on the real API server is left out: " + why);
    }
    KubeBinaries real = new KubeBinaries(Path.of(server.orElseThrow()), Path.of(etcd.orElseThrow()), Path.of(""));
    try (Lab lab = Lab.start(TestSettings.empty(NAME).withNodes(1).withKubernetes(real))) {
      LabNode node = lab.node(0);
      String answer =
          node.exec("curl", "-sk", "-m", "60", "https://" + dev.patchbay.lab.fabric.Fabric.LAB_HOST.getHostAddress() + ":" + lab.kube().port() + "/version")
              .orThrow("ask for the version");
      assertThat(answer).contains("gitVersion").doesNotContain("patchbay");
      assertThat(lab.kube().objects().get("nodes", "", "node-0").orElseThrow().at("/status/capacity/pods").asInt()).isPositive();
      assertThat(lab.kube().objects().get("endpointslices.discovery.k8s.io", "default", "kubernetes")).isPresent();
      assertThat(lab.recorder().calls()).anyMatch(call -> call.service().equals("kube") && call.action().equals("get /version"));
    }
    assertThat(Lab.folder(NAME)).doesNotExist();
  }
}
