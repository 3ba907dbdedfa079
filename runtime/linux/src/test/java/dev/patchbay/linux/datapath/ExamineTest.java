package dev.patchbay.linux.datapath;

import static dev.patchbay.linux.datapath.TestNode.own;
import static dev.patchbay.linux.datapath.TestNode.pod;
import static dev.patchbay.linux.datapath.TestNode.pod6;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.KernelObject.State;
import dev.patchbay.core.kernel.KernelObject;
import dev.patchbay.netlink.Netns;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.RateLimit;
import dev.patchbay.spi.datapath.Space;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the datapath says is in the kernel is what the tools of the operating system say. */
class ExamineTest {
  private final TestNode test = new TestNode();
  private final KernelDatapath datapath = test.datapath();

  @AfterEach
  void close() {
    test.close();
  }

  private AttachmentPath path() {
    return test.path("one", 1, 0, PortMapping.of("tcp", 8080, pod(1, 0), 7001),
        PortMapping.of("udp", 8081, pod6(1, 0), 7002).withHostAddress(TestNode.own6(1)),
        RateLimit.toPod(Device.named(TestNode.hostName(1, 0)), 8_000_000, 100_000));
  }

  private static List<KernelObject> ofKind(List<KernelObject> objects, String kind, Space space) {
    List<KernelObject> some = objects.stream().filter(o -> o.kind().equals(kind) && o.space() == space).toList();
    assertThat(some).as("there is at least one %s", kind).isNotEmpty();
    return some;
  }

  /** Asks the tools for each object by the very words that the datapath has for it. */
  private void confirm(List<KernelObject> objects, Netns where, Space space) {
    for (KernelObject object : ofKind(objects, "route", space)) {
      String[] words = object.text().split(" table ");
      boolean six = object.text().contains("::") || object.text().contains(":1:");
      String table = words.length > 1 ? words[1].replaceAll(" .*", "") : "main";
      String listed = TestNode.run(where, "", "ip", six ? "-6" : "-4", "route", "show", "table", table);
      assertThat(listed.lines()).as("table %s has %s", table, object.text()).anyMatch(l -> l.startsWith(words[0].replaceAll(" proto .*", "")));
    }
  }

  @Test
  void everyObjectOfAnAttachmentIsListedAndTheToolsHaveItToo() {
    datapath.applyNode(test.nodeDatapath());
    Netns pod = test.newPod();
    AttachmentPath path = path();
    datapath.attach(path, pod);
    List<KernelObject> objects = datapath.examine(path, Optional.of(pod));
    assertThat(objects).allSatisfy(o -> {
      assertThat(o.state()).as("%s", o).isEqualTo(State.PRESENT);
      assertThat(o.found()).isEmpty();
    });
    assertThat(objects).extracting(KernelObject::element).as("each element of the plan stands for something")
        .containsAll(path.plan().elements());
    confirm(objects, test.node, Space.HOST);
    confirm(objects, pod, Space.POD);
    for (KernelObject object : ofKind(objects, "set element", Space.HOST)) {
      assertThat(TestNode.run(test.node, "get element " + object.text() + "\n", "nft", "-f", "-")).as(object.text()).contains("one");
    }
    for (KernelObject object : ofKind(objects, "sysctl", Space.HOST)) {
      String[] words = object.text().split(" = ");
      assertThat(TestNode.run(test.node, "", "sysctl", "-n", words[0])).isEqualToIgnoringWhitespace(words[1]);
    }
    for (KernelObject object : ofKind(objects, "neighbour", Space.POD)) {
      assertThat(TestNode.run(pod, "", "ip", "neigh", "show").lines()).anyMatch(l -> l.startsWith(object.text()));
    }
    for (KernelObject object : ofKind(objects, "address", Space.POD)) {
      assertThat(TestNode.run(pod, "", "ip", "-o", "address")).contains(object.text().replaceAll(" dev .*", ""));
    }
    assertThat(objects).extracting(KernelObject::text).contains(
        "inet patchbay egress4 { " + pod(1, 0) + " : goto by-eni-1 }",
        "inet patchbay ports4 { tcp . 8080 : " + pod(1, 0) + " . 7001 }",
        "inet patchbay hairpins4 { " + pod(1, 0) + " . " + pod(1, 0) + " }");
  }

  @Test
  void everyObjectOfTheNodeIsListedWithItsInterface() {
    datapath.applyNode(test.nodeDatapath());
    List<KernelObject> objects = datapath.examineNode(test.nodeDatapath());
    assertThat(objects).allSatisfy(o -> assertThat(o.state()).as("%s", o).isEqualTo(State.PRESENT));
    confirm(objects, test.node, Space.HOST);
    String rules = TestNode.run(test.node, "", "ip", "rule") + TestNode.run(test.node, "", "ip", "-6", "rule");
    for (KernelObject object : ofKind(objects, "rule", Space.HOST)) {
      String priority = object.text().replaceAll(":.*", ":");
      assertThat(rules.lines()).as(object.text()).anyMatch(l -> l.startsWith(priority));
    }
    for (KernelObject object : ofKind(objects, "chain rule", Space.HOST)) {
      String[] words = object.text().split(": ", 2);
      assertThat(TestNode.run(test.node, "list chain " + words[0] + "\n", "nft", "-f", "-")).contains("\"" + words[1] + "\"");
    }
    for (KernelObject object : ofKind(objects, "set element", Space.HOST)) {
      TestNode.run(test.node, "get element " + object.text() + "\n", "nft", "-f", "-");
    }
    assertThat(objects.stream().filter(o -> o.eni().equals(Optional.of("eni-1"))).map(KernelObject::kind))
        .contains("link", "address", "route", "rule", "chain rule", "sysctl");
    assertThat(objects.stream().filter(o -> o.eni().equals(Optional.of("eni-1"))).map(KernelObject::text))
        .anyMatch(t -> t.contains("eth1") && t.contains("mtu 1500")).anyMatch(t -> t.startsWith(own(1) + "/24 dev eth1"));
  }

  @Test
  void whatIsMissingOrAlteredOrCannotBeSeenIsToldApart() {
    datapath.applyNode(test.nodeDatapath());
    Netns pod = test.newPod();
    AttachmentPath path = path();
    datapath.attach(path, pod);
    List<KernelObject> unseen = datapath.examine(path, Optional.empty());
    assertThat(unseen).filteredOn(o -> o.space() == Space.POD).isNotEmpty()
        .allSatisfy(o -> assertThat(o.state()).as("%s", o).isEqualTo(State.UNSEEN));
    assertThat(unseen).filteredOn(o -> o.space() == Space.HOST).isNotEmpty()
        .allSatisfy(o -> assertThat(o.state()).as("%s", o).isEqualTo(State.PRESENT));
    assertThat(unseen).extracting(KernelObject::text).contains("default via 169.254.1.1 dev eth0");
    assertThat(datapath.check(path, Optional.empty())).as("what nobody could see is no deviation").isEmpty();

    TestNode.run(test.node, "delete element inet patchbay egress4 { " + pod(1, 0) + " }\n", "nft", "-f", "-");
    TestNode.run(test.node, "", "ip", "route", "replace", pod(1, 0).toString(), "dev", "eth1", "table", "20000");
    TestNode.run(pod, "", "ip", "link", "set", "eth0", "mtu", "1280");
    List<KernelObject> objects = datapath.examine(path, Optional.of(pod));
    assertThat(objects).filteredOn(o -> o.state() == State.MISSING).extracting(KernelObject::text)
        .containsExactly("inet patchbay egress4 { " + pod(1, 0) + " : goto by-eni-1 }");
    assertThat(objects).filteredOn(o -> o.state() == State.ALTERED).extracting(KernelObject::kind).contains("route", "link");
    assertThat(objects).filteredOn(o -> o.state() == State.ALTERED && o.kind().equals("route")).singleElement()
        .satisfies(o -> assertThat(o.found().getFirst()).contains("there is " + pod(1, 0) + " dev eth1"));
  }
}
