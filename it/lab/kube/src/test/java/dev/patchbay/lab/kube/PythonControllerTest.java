package dev.patchbay.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A controller in another language, with a client that we did not write, does its work on the lab's API server. The cases are in
 * {@code controller.py}.
 */
class PythonControllerTest {
  /** Says so, in the log and as a test that is skipped, where it can't be had. */
  static void install() throws Exception {
    try {
      PythonClient.install();
    } catch (PythonClient.Missing missing) {
      System.out.println("LEFT OUT: Python's Kubernetes client on the lab's API server, since " + missing.getMessage());
      Assumptions.abort("Python's Kubernetes client is left out: " + missing.getMessage());
    }
  }

  @Test
  void clientCanBeHad() throws Exception {
    install();
    assertThat(PythonClient.version()).containsExactly(PythonClient.VERSION);
  }

  @TestFactory
  Stream<DynamicTest> controllerDoesItsWork(@TempDir Path folder) throws Exception {
    install();
    try (KubeApiServer server = KubeApiServer.start(KubeApiOptions.loopback().withHistoryWindow(50))) {
      return work(server, folder, "forgets").stream();
    }
  }

  /** Lets the controller work on a server. */
  static List<DynamicTest> work(KubeApiServer server, Path folder, String word) throws IOException, InterruptedException {
    Path config = Files.writeString(folder.resolve("kubeconfig"), server.adminKubeconfig());
    PythonClient.Printed printed = PythonClient.python(Path.of("src/test/python/controller.py"), List.of(config.toString(), word));
    Map<String, String> cases = cases(printed.lines());
    List<DynamicTest> tests = new ArrayList<>();
    cases.forEach(
        (name, failure) -> tests.add(DynamicTest.dynamicTest(name, () -> assertThat(failure).as(failure).isEmpty())));
    tests.add(
        DynamicTest.dynamicTest(
            "all_cases_ran", () -> assertThat(cases).as(String.join("\n", printed.lines())).hasSizeGreaterThan(16)));
    tests.add(
        DynamicTest.dynamicTest(
            "it_ended_in_peace", () -> assertThat(printed.code()).as(String.join("\n", printed.lines())).isZero()));
    return tests;
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
}
