package dev.patchbay.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.linux.socket.CniCall;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.wire.DelegateOutcome;
import dev.patchbay.wire.DelegateOutcome.Ending;
import dev.patchbay.wire.DelegateRun;
import dev.patchbay.wire.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class DelegatesTest {
  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final String RESULT = "{\"cniVersion\":\"1.0.0\",\"ips\":[{\"address\":\"10.1.1.7/24\"}]}";
  private static final String LIST = """
      {"cniVersion": "1.0.0", "name": "net", "plugins": [
        {"type": "first", "odd": {"key": [1, true, null], "none": null}, "capabilities": {"mac": true, "ips": false}},
        {"type": "second", "capabilities": {"bandwidth": true}}]}
      """;

  /** How plugins end, by their names; others print the result. */
  private final Map<String, DelegateOutcome> endings = new java.util.HashMap<>();
  private final List<DelegateRun> runs = new ArrayList<>();

  /** A call for another pod, whose plugins are noted. */
  private FakeCall call(Function<DelegateRun, CompletableFuture<DelegateOutcome>> how) {
    return new FakeCall(Map.of("CNI_COMMAND", "DEL", "CNI_CONTAINERID", "of-another", "CNI_PATH", "/opt/cni/bin", "CNI_ARGS", "A=B"), run -> {
      runs.add(run);
      return how.apply(run);
    });
  }

  private CniCall call() {
    return call(run -> CompletableFuture.completedFuture(endings.getOrDefault(run.program(), ended(Ending.EXITED, 0, RESULT, ""))));
  }

  private static DelegateOutcome ended(Ending ending, int value, String printed, String message) {
    return new DelegateOutcome(0, ending, value, Payload.utf8(printed), Payload.utf8("words of its own"), message);
  }

  private static Act act(String configuration) {
    return Act.plugin("plugin", configuration, "net1").withArguments(Fields.empty().with("args", "IgnoreUnknown=true;K8S_POD_NAME=cart")
        .with("capabilities", Fields.empty().with("mac", "02:00:00:00:00:01").with("ips", List.of("10.1.1.7/24"))
            .with("bandwidth", Fields.empty().with("ingressRate", 8))));
  }

  private static AttachmentRecord attachment(Fields outcome) {
    return new AttachmentRecord(new AttachmentKey("c1", "net1"), Optional.of(new AttachmentKey("c1", "eth0")), 1, "patchbay", "shop", "cart",
        "uid-1", "/run/netns/cni-1", "", "multus@0.1.0", List.of(), DatapathPlan.empty(), Map.of("plugin", outcome), Fields.empty(),
        Fields.empty(), AttachmentRecord.State.OPEN, 0, 0);
  }

  private Fields add(String configuration) {
    return Delegates.add(call(), attachment(Fields.empty()), act(configuration), LIMIT).join();
  }

  private List<String> ran() {
    return runs.stream().map(run -> run.environment().get("CNI_COMMAND") + " " + run.program()).toList();
  }

  private static String error(Fields outcome) {
    return outcome.text("error").orElse("none");
  }

  @Test
  void eachPluginOfAListGetsTheResultOfTheOneBeforeAndWhatItCanDo() {
    endings.put("second", ended(Ending.EXITED, 0, "{\"cniVersion\":\"1.0.0\",\"dns\":{}}", ""));
    Fields outcome = add(LIST);
    assertThat(ran()).containsExactly("ADD first", "ADD second");
    assertThat(runs.get(0).standardInput().text()).contains("\"name\":\"net\"", "\"cniVersion\":\"1.0.0\"", "\"odd\":{\"key\":[1,true,null],\"none\":null}",
        "\"runtimeConfig\":{\"mac\":\"02:00:00:00:00:01\"}").doesNotContain("prevResult", "plugins");
    assertThat(runs.get(1).standardInput().text()).contains("\"prevResult\":{", "10.1.1.7/24", "\"runtimeConfig\":{\"bandwidth\":{\"ingressRate\":8}}");
    // Whose call it is that runs them is nothing to them.
    assertThat(runs.get(1).environment()).containsEntry("CNI_CONTAINERID", "c1").containsEntry("CNI_NETNS", "/run/netns/cni-1")
        .containsEntry("CNI_IFNAME", "net1").containsEntry("CNI_PATH", "/opt/cni/bin")
        .containsEntry("CNI_ARGS", "IgnoreUnknown=true;K8S_POD_NAME=cart");
    assertThat(runs.get(0).timeLimit()).isEqualTo(LIMIT);
    assertThat(outcome.fields("result").has("dns")).isTrue();
    assertThat(outcome.has("error")).isFalse();
  }

  @Test
  void aPluginThatFailsIsToldOfInItsOwnWords() {
    endings.put("second", ended(Ending.EXITED, 1, "{\"code\":7,\"msg\":\"no luck\",\"details\":\"none at all\"}", ""));
    assertThat(error(add(LIST))).isEqualTo("second failed (ADD): no luck; none at all (code 7)");
    endings.put("second", ended(Ending.EXITED, 2, "", ""));
    assertThat(error(add(LIST))).isEqualTo("second ended with exit code 2: words of its own");
    endings.put("second", ended(Ending.SIGNALLED, 9, "", ""));
    assertThat(error(add(LIST))).contains("second was ended by signal 9");
    endings.put("second", ended(Ending.TIMED_OUT, 3_000, "", ""));
    assertThat(error(add(LIST))).contains("second did not end within 3 s and was killed");
    endings.put("second", ended(Ending.TOO_MUCH_OUTPUT, 2_000, "x".repeat(2_000), ""));
    assertThat(error(add(LIST))).contains("printed more than 2000 bytes").hasSizeLessThan(700);
    endings.put("second", ended(Ending.NOT_STARTED, 2, "", "No such file or directory"));
    assertThat(error(add(LIST))).contains("second could not be started: No such file or directory");
    endings.put("second", ended(Ending.EXITED, 0, "this is no result", ""));
    assertThat(error(add(LIST))).contains("second printed something that is no result: this is no result");
    endings.put("second", ended(Ending.EXITED, 0, "[".repeat(100_000), ""));
    assertThat(error(add(LIST))).contains("second printed something that is no result");
    endings.put("second", ended(Ending.EXITED, 0, "{\"cniVersion\":\"0.4.0\"}", ""));
    assertThat(error(add(LIST))).contains("second answered in version 0.4.0", "asked in version 1.0.0");
  }

  @Test
  void whatWasStartedIsUndoneInReverseAndNoMore() {
    endings.put("second", ended(Ending.NOT_STARTED, 2, "", "No such file or directory"));
    Fields outcome = add(LIST);
    runs.clear();
    endings.clear();
    assertThat(undo(outcome).has("error")).isFalse();
    assertThat(ran()).containsExactly("DEL first");
    assertThat(runs.getFirst().standardInput().text()).doesNotContain("prevResult");
    endings.put("first", ended(Ending.NOT_STARTED, 2, "", "No such file or directory"));
    assertThat(Delegates.mayHaveRun(act(LIST), add(LIST))).isFalse();
    endings.clear();
    runs.clear();
    undo(Fields.empty());
    assertThat(ran()).as("nothing is known of it").containsExactly("DEL second", "DEL first");
  }

  private Fields undo(Fields outcome) {
    return Delegates.undo(call(), attachment(outcome), act(LIST), outcome, LIMIT).join();
  }

  @Test
  void anUndoHasTheResultAndIsTriedAgainWhereOneFails() {
    Fields outcome = add(LIST);
    runs.clear();
    endings.put("first", ended(Ending.EXITED, 1, "{\"code\":11,\"msg\":\"busy\"}", ""));
    assertThat(error(undo(outcome))).contains("busy");
    assertThat(ran()).containsExactly("DEL second", "DEL first");
    assertThat(runs).allSatisfy(run -> assertThat(run.standardInput().text()).contains("\"prevResult\":{", "10.1.1.7/24"));
  }

  @Test
  void checkAsksThemInOrderUnlessTheyDoNotKnowItOrItIsOff() {
    Fields made = Fields.empty().with("result", Fields.empty().with("cniVersion", "1.0.0").with("routes",
        List.of(Fields.empty().with("dst", "0.0.0.0/0"), Fields.empty().with("dst", "10.9.0.0/16"))));
    assertThat(check(LIST, made).has("error")).isFalse();
    assertThat(ran()).containsExactly("CHECK first", "CHECK second");
    // The default route may have been given to another interface since.
    assertThat(runs.getFirst().standardInput().text()).contains("10.9.0.0/16").doesNotContain("0.0.0.0/0");
    runs.clear();
    check(LIST.replace("1.0.0", "0.3.1"), made);
    check(LIST.replace("\"name\"", "\"disableCheck\": true, \"name\""), made);
    check(LIST, Fields.empty());
    assertThat(runs).isEmpty();
    endings.put("first", ended(Ending.EXITED, 1, "{\"code\":999,\"msg\":\"the route is gone\"}", ""));
    assertThat(error(check(LIST, made))).contains("the route is gone");
    assertThat(ran()).containsExactly("CHECK first");
  }

  private Fields check(String configuration, Fields outcome) {
    return Delegates.check(call(), attachment(outcome), act(configuration), LIMIT).join();
  }

  @Test
  void aConfigurationThatCantBeReadIsRefusedAndHasNothingToUndo() {
    for (String wrong : List.of("{", "{\"plugins\":[7]}", "{\"plugins\":[{}]}", "{}")) {
      assertThat(error(add(wrong))).as(wrong).contains("the plugin's configuration can't be used");
      assertThat(Delegates.undo(call(), attachment(Fields.empty()), act(wrong), Fields.empty(), LIMIT).join().has("error")).as(wrong).isFalse();
    }
    assertThat(runs).isEmpty();
  }

  @Test
  void aCallThatIsOverFailsTheRun() {
    CniCall over = call(run -> {
      throw new IllegalStateException("the call has been answered");
    });
    assertThat(Delegates.add(over, attachment(Fields.empty()), act(LIST), LIMIT)).isCompletedExceptionally();
  }
}
