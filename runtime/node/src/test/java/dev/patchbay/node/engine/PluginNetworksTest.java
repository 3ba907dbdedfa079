package dev.patchbay.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.wire.DelegateRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the container runtime says of whole networks, as plugins hear it. */
class PluginNetworksTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Act NEW = plugin("one", "1.1.0", "macvlan");
  private static final Act OTHER = plugin("two", "1.1.0", "bridge");
  private static final Act OLD = plugin("three", "1.0.0", "ptp");

  private final FakeCall call = new FakeCall();

  private static Act plugin(String network, String version, String type) {
    return Act.plugin("plugin", "{\"cniVersion\":\"" + version + "\",\"name\":\"" + network + "\",\"plugins\":[{\"type\":\"" + type
        + "\"},{\"type\":\"tuning\"}]}", "net1");
  }

  private static AttachmentRecord attachment(String container, Act act) {
    return new AttachmentRecord(new AttachmentKey(container, "net1"), Optional.of(new AttachmentKey(container, "eth0")), 1, "patchbay",
        "default", "pod", "uid", "/run/netns/x", "eni1", "multus@1", List.of(), DatapathPlan.of(act), Map.of(), Fields.empty(),
        Fields.empty(), AttachmentRecord.State.LIVE, 0, 0);
  }

  private List<String> ran() {
    return call.runs.stream().map(run -> run.environment().get("CNI_COMMAND") + " " + run.program()).toList();
  }

  @Test
  void pluginsOfANewEnoughVersionAreAskedWhetherTheyAreReady() {
    assertThat(PluginNetworks.status(call, List.of(NEW, OLD), LIMIT).join().has("error")).isFalse();
    assertThat(ran()).containsExactly("STATUS macvlan", "STATUS tuning");
    assertThat(call.runs.getFirst().environment()).containsEntry("CNI_CONTAINERID", "").containsEntry("CNI_IFNAME", "")
        .containsEntry("CNI_NETNS", "").containsEntry("CNI_PATH", "/opt/cni/bin");
    assertThat(call.runs.getFirst().standardInput().text()).contains("\"name\":\"one\"", "\"cniVersion\":\"1.1.0\"");
  }

  @Test
  void theFirstThatIsNotReadyIsToldInItsWords() {
    call.plugins = run -> run.program().equals("bridge") ? "{\"code\":50,\"msg\":\"no bridge yet\"}" : "";
    assertThat(PluginNetworks.status(call, List.of(NEW, OTHER), LIMIT).join().text("error").orElse(""))
        .contains("bridge failed (STATUS): no bridge yet", "code 50");
    assertThat(ran()).containsExactly("STATUS macvlan", "STATUS tuning", "STATUS bridge");
  }

  @Test
  void eachNetworkHearsWhichAttachmentsItHasStill() {
    PluginNetworks.collect(call, List.of(NEW, OTHER, OLD), List.of(attachment("c1", NEW), attachment("c2", NEW), attachment("c3", OLD)),
        LIMIT).join();
    assertThat(ran()).containsExactly("GC macvlan", "GC tuning", "GC bridge", "GC tuning");
    assertThat(input("macvlan")).contains("\"containerID\":\"c1\"", "\"ifname\":\"net1\"", "\"containerID\":\"c2\"")
        .contains("cni.dev/valid-attachments", "cni.dev/attachments").doesNotContain("c3");
    // Of a network that has none any more all may go.
    assertThat(input("bridge")).contains("\"cni.dev/valid-attachments\":[]");
  }

  private String input(String program) {
    return call.runs.stream().filter(run -> run.program().equals(program)).map(DelegateRun::standardInput).findFirst().orElseThrow().text();
  }

  @Test
  void allHearOfItWhicheverFailsAndAllFailuresAreTold() {
    call.plugins = run -> run.program().equals("tuning") ? "" : "{\"code\":100,\"msg\":\"stuck " + run.program() + "\"}";
    assertThat(PluginNetworks.collect(call, List.of(NEW, OTHER), List.of(), LIMIT).join().text("error").orElse(""))
        .contains("stuck macvlan", "stuck bridge");
  }

  @Test
  void whereTheListSaysSoItIsNotCollected() {
    Act off = Act.plugin("plugin", "{\"cniVersion\":\"1.1.0\",\"name\":\"off\",\"disableGC\":true,\"plugins\":[{\"type\":\"macvlan\"}]}", "net1");
    PluginNetworks.collect(call, List.of(off), List.of(), LIMIT).join();
    assertThat(ran()).isEmpty();
  }
}
