package dev.patchbay.mode.multus;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestObject;
import dev.patchbay.tck.view.TestObjects;
import java.util.List;

/** Networks for tests. */
final class Nets {
  static final String MACVLAN = "{\"cniVersion\":\"1.0.0\",\"type\":\"macvlan\",\"master\":\"eth1\",\"unknown\":{\"kept\":[1.50,null]},"
      + "\"capabilities\":{\"ips\":true,\"mac\":true},\"ipam\":{\"type\":\"host-local\",\"subnet\":\"10.1.1.0/24\"}}";
  static final String LANE = "{\"cniVersion\":\"1.0.0\",\"type\":\"patchbay-cni\",\"subnets\":[\"subnet-00000000000000077\"],"
      + "\"securityGroups\":[\"sg-00000000000000041\"],\"routes\":[{\"dst\":\"10.9.0.0/16\"}]}";

  static final String UPON = "{\"cniVersion\":\"1.0.0\",\"type\":\"ipvlan\",\"master\":\"eth5\",\"ipam\":{\"type\":\"patchbay-cni\","
      + "\"routes\":[{\"dst\":\"10.9.0.0/16\"}]}}";

  private Nets() {}

  static TestObject of(String name, String config) {
    return of("default", name, config);
  }

  static TestObject of(String namespace, String name, String config) {
    return TestObject.of(Definitions.KIND, namespace, name)
        .withContent(Fields.empty().with("spec", Fields.empty().with("config", config)));
  }

  /** A file of the node. */
  static TestObject file(String name, String text) {
    return TestObject.of(ObjectKind.NETWORK_FILE, "", name).withContent(Fields.empty().with("text", text));
  }

  static TestObject macvlan(String name) {
    return of(name, MACVLAN);
  }

  static TestObject lane(String name) {
    return of(name, LANE);
  }

  /** The outcome of a plugin that has made an interface. */
  static Fields outcome(String device, String address, String gateway) {
    Fields made = Fields.empty().with("name", device).with("mac", "02:00:00:00:11:01").with("sandbox", "/run/netns/c1");
    Fields result = Fields.empty().with("cniVersion", "1.0.0").with("interfaces", List.of(made))
        .with("ips", List.of(Fields.empty().with("address", address).with("interface", 0).with("gateway", gateway)));
    return Fields.empty().with("result", gateway.isEmpty() ? result
        : result.with("routes", List.of(Fields.empty().with("dst", "0.0.0.0/0").with("gw", gateway))));
  }

  static TestNode node(TestObject... networks) {
    TestObjects all = TestObjects.none().declaring(List.of(ObjectKind.POD, Definitions.KIND, ObjectKind.NETWORK_FILE));
    for (TestObject network : networks) {
      all = all.with(network);
    }
    return TestNode.create().withObjects(all);
  }
}
