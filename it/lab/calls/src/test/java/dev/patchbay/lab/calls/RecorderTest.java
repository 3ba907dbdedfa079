package dev.patchbay.lab.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls are kept, counted and written. */
class RecorderTest {
  private final Recorder recorder = new Recorder();

  private static Recorder.Call call(String service, String action, String outcome, Map<String, String> parameters) {
    return new Recorder.Call(
        Instant.parse("2026-01-01T00:00:00Z"), Duration.ofNanos(1_500_000), service, "node", action, parameters, outcome, "");
  }

  @Test
  void countsByServiceActionAndOutcome() {
    recorder.record(call("ec2", "DescribeVpcs", "ok", Map.of()));
    recorder.record(call("ec2", "DescribeVpcs", "RequestLimitExceeded", Map.of()));
    recorder.record(call("ec2", "DescribeVpcs", "ok", Map.of()));
    recorder.record(call("kube", "patch pods/status", "409", Map.of()));
    assertThat(recorder.counts()).containsEntry("DescribeVpcs", 3).containsEntry("patch pods/status", 1);
    assertThat(recorder.tally().table())
        .isEqualTo(
            """
                  1  ec2   DescribeVpcs  RequestLimitExceeded
                  2  ec2   DescribeVpcs
                  1  kube  patch pods/status  409
            """);
    recorder.clear();
    assertThat(recorder.calls()).isEmpty();
    assertThat(recorder.tally().counts()).isEmpty();
  }

  @Test
  void writesLinesOfJson(@TempDir Path folder) throws Exception {
    Path path = folder.resolve("calls.jsonl");
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("Filter.1.Name", "tag:\"a\\b\"");
    parameters.put("Description", "line\nbreak \u0001 é \ud83d\ude00");
    CallFile file = CallFile.open(recorder, path);
    recorder.record(call("ec2", "DescribeVpcs", "ok", parameters));
    recorder.record(
        new Recorder.Call(Instant.EPOCH, Duration.ZERO, "imds", "", "GET /latest/", Map.of(), "cut", "imds cut calls=1"));
    file.close();
    recorder.record(call("ec2", "Late", "ok", Map.of()));
    assertThat(Files.readAllLines(path))
        .containsExactly(
            "{\"time\":\"2026-01-01T00:00:00Z\",\"tookMillis\":1.5,\"service\":\"ec2\",\"caller\":\"node\","
                + "\"action\":\"DescribeVpcs\",\"parameters\":{\"Filter.1.Name\":\"tag:\\\"a\\\\b\\\"\","
                + "\"Description\":\"line\\u000abreak \\u0001 é \\ud83d\\ude00\"},\"outcome\":\"ok\"}",
            "{\"time\":\"1970-01-01T00:00:00Z\",\"tookMillis\":0.0,\"service\":\"imds\",\"caller\":\"\","
                + "\"action\":\"GET /latest/\",\"parameters\":{},\"outcome\":\"cut\",\"fault\":\"imds cut calls=1\"}");
  }
}
