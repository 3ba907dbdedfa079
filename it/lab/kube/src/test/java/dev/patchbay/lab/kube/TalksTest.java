package dev.patchbay.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.kube.Talk.Answer;
import dev.patchbay.lab.kube.Talk.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The lab's API server answers as the real one answered: codes, words, causes, owners of fields. What was asked and answered is in
 * the folder {@code talks}.
 */
class TalksTest {
  private static final Path FOLDER = Path.of("src/test/talks");

  @TestFactory
  Stream<DynamicTest> labAnswersAsTheRealOne() throws IOException, InterruptedException {
    try (KubeApiServer server = KubeApiServer.start(KubeApiOptions.loopback())) {
      return play(server, false).stream();
    }
  }

  /** Plays all talks on a server. */
  static List<DynamicTest> play(KubeApiServer server, boolean real) throws IOException, InterruptedException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Clients.Raw client = new Clients.Raw(server, server.adminToken());
        Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.sorted().toList()) {
        for (Talk talk : Talk.read(file)) {
          SoftAssertions wrong = new SoftAssertions();
          play(client, talk, real, wrong);
          tests.add(DynamicTest.dynamicTest(file.getFileName() + ": " + talk.title(), wrong::assertAll));
        }
      }
    }
    return tests;
  }

  private static void play(Clients.Raw client, Talk talk, boolean real, SoftAssertions wrong)
      throws IOException, InterruptedException {
    String run = "r" + UUID.randomUUID().toString().substring(0, 8);
    String namespace = "talk-" + run;
    client.send("POST", "/api/v1/namespaces", "application/json", "{\"metadata\": {\"name\": \"" + namespace + "\"}}");
    for (Step step : talk.steps()) {
      Answer answer = Talk.ask(client, step, namespace, run);
      if (step.request().contains("/apis/{run}") && isNotYet(answer) && !isNotYet(step.answer())) {
        // A definition is served a moment after it was made.
        answer = Patience.await().until(() -> Talk.ask(client, step, namespace, run), found -> !isNotYet(found));
      }
      if (step.wordsDiffer() && !real) {
        wrong.assertThat(answer.code() < 400).as("%s%n%s", step.request(), step.body()).isEqualTo(step.answer().code() < 400);
      } else {
        wrong.assertThat(answer).as("%s%n%s", step.request(), step.body()).isEqualTo(step.answer());
      }
    }
  }

  private static boolean isNotYet(Answer answer) {
    return answer.code() == 429 || answer.content().path("text").asText().startsWith("404");
  }

  @Test
  void thereAreEnough() throws IOException {
    int steps = 0;
    int refusals = 0;
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        for (Talk talk : Talk.read(file)) {
          steps += talk.steps().size();
          refusals += (int) talk.steps().stream().filter(step -> step.answer().code() >= 400).count();
        }
      }
    }
    assertThat(steps).isGreaterThan(170);
    assertThat(refusals).isGreaterThan(90);
  }
}
