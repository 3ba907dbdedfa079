package dev.patchbay.tck.synthetic;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.ChildLink;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.EniPlanner;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressPlanner;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.PodClaim;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.HeldAddressView;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.spi.view.ObjectView;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes over pods with a label, whose address somebody else decides and writes into an annotation: {@code ADDRESS ENI VLAN MAC
 * ROUTER}. All that is needed of the branch stands there: the node does not see branches, and asks nobody about them. The mode waits
 * for the annotation, refuses one that it can't read, and refuses pods whose object can't be read. The trunk's slot is a reserve in a
 * lane that the cluster side owns; the branch is reached by a VLAN device and rules of its own.
 */
final class GivenClaim extends Synthetic implements EniPlanner, AddressPlanner, DatapathPlanner, PodClaim {
  static final String LABEL = KEY + "branch";
  static final String ANNOTATION = KEY + "given";
  private static final String TRUNK = "synthetic-trunk";
  private static final String BRANCHES = "synthetic-branches";

  GivenClaim() {
    super("given");
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Gives labelled pods an address that an annotation names, on a branch of a trunk.")
        .role(Role.claim(Role.WhenUnreadable.REFUSE, AddressFamily.IPV4))
        .nodeReads(ObjectKind.POD)
        .needs(Needs.none().withNodeObjects(ObjectKind.POD, "get", "list", "watch").withKernelFeatures("veth", "8021q"))
        .build();
  }

  @Override
  public Optional<EniPlanner> eniPlanner() {
    return Optional.of(this);
  }

  @Override
  public Optional<AddressPlanner> addressPlanner() {
    return Optional.of(this);
  }

  @Override
  public Optional<DatapathPlanner> datapathPlanner() {
    return Optional.of(this);
  }

  @Override
  public Optional<PodClaim> podClaim() {
    return Optional.of(this);
  }

  @Override
  public Answer<EniPlan> plan(NodeView node) {
    if (!node.instanceType().trunking()) {
      return Answer.refuse(Codes.INSTANCE_TYPE_UNSUITABLE,
          "The instance type " + node.instanceType().name() + " carries no trunk.", "Use a type that does.");
    }
    return Answer.of(EniPlan.of(
        Lane.named(TRUNK).withInterfaceType("trunk").withOwner(Lane.Owner.CLUSTER).withPods(false).withReserve(1).withMost(1)
            .withPriority(10),
        Lane.named(BRANCHES).withInterfaceType("branch").withOwner(Lane.Owner.CLUSTER)));
  }

  @Override
  public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
    return Answer.of(AddressPlan.of(new AddressPlan.Supply(BRANCHES, AddressFamily.IPV4, AddressSource.given())));
  }

  @Override
  public Answer<Set<AddressFamily>> claim(AttachmentView attachment) {
    return attachment.pod().object().filter(o -> o.labels().containsKey(LABEL)).isPresent()
        ? Answer.of(Set.of(AddressFamily.IPV4)) : Answer.pass();
  }

  @Override
  public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
    ObjectView pod = attachment.pod().object().orElseThrow();
    String given = pod.annotations().get(ANNOTATION);
    if (given == null) {
      return Answer.waitFor(pod.ref(), Codes.WAIT_EXPIRED, "Pod " + attachment.pod().name() + " has no annotation "
          + ANNOTATION + " yet.", "Look whether whoever writes the annotation runs.");
    }
    String[] parts = given.split(" ", -1);
    if (parts.length != 5 || !parts[2].matches("[1-9]\\d{0,3}")) {
      return unreadable(given);
    }
    try {
      return Answer.of(List.of(AddressRequest.from(BRANCHES, AddressFamily.IPV4).particular(IpAddress.of(parts[0]))
          .on(parts[1]).withDetails(Fields.empty().with("vlan", Long.parseLong(parts[2]))
              .with("mac", MacAddress.of(parts[3]).toString()).with("router", IpAddress.of(parts[4]).toString()))));
    } catch (IllegalArgumentException e) {
      return unreadable(given);
    }
  }

  private static <T> Answer<T> unreadable(String given) {
    return Answer.refuse(Codes.OBJECT_INVALID, "The annotation " + ANNOTATION + " is \"" + given + "\", which names no branch.",
        "Write it as address, interface, VLAN id, hardware address and router.");
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    HeldAddressView held = attachment.addresses().getFirst();
    Optional<EniView> trunk =
        attachment.node().lane(TRUNK).flatMap(lane -> lane.enis().stream().findFirst());
    if (trunk.isEmpty()) {
      return Answer.refuse(Codes.OBJECT_INVALID, "The trunk for the branch of pod " + attachment.pod().name() + " is not there.",
          "Look at the interfaces of the instance.");
    }
    Fields details = held.request().details();
    int vlan = Math.toIntExact(details.number("vlan").orElseThrow());
    IpAddress router = IpAddress.of(details.required("router"));
    Device device = Device.named("vlan" + vlan);
    Table table = Table.own("vlan-" + vlan);
    return Answer.of(DatapathPlan.of(Routed.inPod(attachment))
        .and(ChildLink.vlan("vlan" + vlan, Space.HOST, Device.ofEni(trunk.get().id()), vlan).withMac(MacAddress.of(details.required("mac"))))
        .and(Route.to(Space.HOST, table, router.asCidr(), device))
        .and(Route.to(Space.HOST, table, Routed.everything(AddressFamily.IPV4), device).withVia(router))
        .and(Route.to(Space.HOST, table, held.address().asCidr(), Device.named(attachment.hostInterfaceName())))
        .and(PolicyRule.of("claim", table).withIncoming(device))
        .and(PolicyRule.of("claim", table).withIncoming(Device.named(attachment.hostInterfaceName()))));
  }
}
