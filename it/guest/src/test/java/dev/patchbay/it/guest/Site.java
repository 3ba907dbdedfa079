package dev.patchbay.it.guest;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.fabric.vpc.VpcFabric;
import dev.patchbay.lab.vpc.AddressRequest;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.SecurityGroup;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.TrunkAssociation;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.linux.datapath.KernelDatapath;
import dev.patchbay.linux.datapath.Rendering;
import dev.patchbay.linux.host.Sysctls;
import dev.patchbay.netlink.Netns;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import dev.patchbay.spi.plans.PodEgress;
import dev.patchbay.spi.plans.RoutedPod;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.HeldAddressView;
import dev.patchbay.spi.view.LaneView;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.spi.view.SubnetView;
import dev.patchbay.tck.view.TestAttachment;
import dev.patchbay.tck.view.TestPod;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A VPC with two instances, on one of them the datapath of a node with a trunk: pods with branches, whose plans are the mode's, and pods
 * without, whose plans are those that base modes share. What the brain does between the two is not here, nor is any deadline.
 */
final class Site implements AutoCloseable {
  static final String KEY = "vpc.amazonaws.com/pod-eni";
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final String VETH_PREFIX = "eni";
  private static final int MTU = 9001;

  /** A pod that has its network. */
  record Pod(String name, NetworkNamespace netns, List<IpAddress> addresses, AttachmentPath path, Optional<TrunkAssociation> branch) {
    IpAddress address(AddressFamily family) {
      return addresses.stream().filter(a -> a.family() == family).findFirst().orElseThrow();
    }
  }

  final VpcModel model = new VpcModel(VpcModel.Settings.lab(1), InstantSource.system());
  final SecurityGroup nodes;
  final NetworkNamespace node;
  final NetworkNamespace far;
  final Netns netns;
  private final Vpc vpc;
  private final Subnet subnet;
  private final Instance instance;
  private final Instance other;
  private final NetworkInterface trunk;
  private final VpcFabric following;
  private final KernelDatapath datapath;
  private final Map<String, Pod> pods = new LinkedHashMap<>();

  Site() {
    vpc = model.network().createVpc(dev.patchbay.lab.vpc.Cidr.parse("10.0.0.0/16"),
        Optional.of(dev.patchbay.lab.vpc.Cidr.parse("2001:db8:1::/56")), Map.of());
    subnet = model.network().createSubnet(vpc.id(), "eu-west-1a", dev.patchbay.lab.vpc.Cidr.parse("10.0.0.0/24"),
        Optional.of(dev.patchbay.lab.vpc.Cidr.parse("2001:db8:1::/64")), false, Map.of());
    nodes = model.state().group(vpc.defaultGroupId());
    instance = launch();
    other = launch();
    following = VpcFabric.follow(model, vpc.id(), "g" + ProcessHandle.current().pid());
    trunk = model.interfaces().create(InterfaceRequest.in(subnet.id()).kind(NetworkInterface.Kind.TRUNK).build());
    model.attachments().attach(trunk.id(), instance.id(), 1, 0);
    settle();
    node = fabric().instance(instance.id());
    far = fabric().instance(other.id());
    netns = Netns.open(node.name());
    Sysctls.of(netns).set(Map.of(Sysctls.Key.of("net.ipv4.ip_forward"), "1", Sysctls.Key.of("net.ipv6.conf.all.forwarding"), "1"));
    datapath = KernelDatapath.open(netns, Rendering.FAST, new Random(1));
    datapath.applyNode(new NodeDatapath(List.of(path(primary(), true)), PodEgress.ofVpcAddresses(view()).plan().orElseThrow(), VETH_PREFIX,
        List.of()));
  }

  private Instance launch() {
    return model.instances().launch("m5.large", InterfaceRequest.in(subnet.id()).ipv6Count(1).build(), Optional.empty(), Map.of());
  }

  Fabric fabric() {
    return following.fabric();
  }

  /** Waits until packets go as the model says. */
  void settle() {
    following.await(LONGEST);
  }

  private NetworkInterface primary() {
    return model.state().primaryOf(instance.id()).orElseThrow();
  }

  IpAddress address(AddressFamily family) {
    return own(primary(), family).orElseThrow();
  }

  IpAddress addressOfFar(AddressFamily family) {
    return own(model.state().primaryOf(other.id()).orElseThrow(), family).orElseThrow();
  }

  private static Optional<IpAddress> own(NetworkInterface eni, AddressFamily family) {
    Optional<Ip> ip = family == AddressFamily.IPV4 ? eni.primary() : eni.ipv6Addresses().stream().findFirst();
    return ip.map(Ip::toString).map(IpAddress::of);
  }

  private List<Cidr> cidrs(AddressFamily family) {
    return family == AddressFamily.IPV4 ? List.of(Cidr.of(subnet.cidr().toString()))
        : subnet.ipv6().stream().map(c -> Cidr.of(c.toString())).toList();
  }

  private EniPath path(NetworkInterface eni, boolean first) {
    List<EniPath.Own> own = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      own(eni, family).ifPresent(a -> own.add(new EniPath.Own(a, cidrs(family).getFirst())));
    }
    return new EniPath(eni.id(), MacAddress.of(eni.mac()), first, first ? 1 : 2, first ? 254 : 10_001, MTU, own,
        List.of(cidrs(AddressFamily.IPV4).getFirst().at(1), IpAddress.of("fe80:ec2::1")));
  }

  // What modes see

  private EniView view(NetworkInterface eni, boolean first) {
    SubnetView there = Views.of(SubnetView.class, Map.of("id", x -> subnet.id(), "cidrs", f -> cidrs((AddressFamily) f)));
    return Views.of(EniView.class, Map.of("id", x -> eni.id(), "primary", x -> first, "subnet", x -> there,
        "lane", x -> Optional.of(first ? "default" : "trunk"), "primaryAddress", f -> own(eni, (AddressFamily) f)));
  }

  private NodeView view() {
    EniView first = view(primary(), true);
    LaneView lane = Views.of(LaneView.class, Map.of("enis", x -> List.of(view(trunk, false))));
    return Views.of(NodeView.class, Map.of("name", x -> "node", "vpcId", x -> vpc.id(), "primaryEni", x -> first,
        "enis", x -> List.of(first), "datapath", x -> Fields.empty(),
        "lane", name -> name.equals("trunk") ? Optional.of(lane) : Optional.empty(),
        "vpcCidrs", f -> f == AddressFamily.IPV4 ? List.of(Cidr.of("10.0.0.0/16")) : List.of(Cidr.of("2001:db8:1::/56"))));
  }

  // Pods

  /** A group that lets out everything, and in what comes from members of others. */
  SecurityGroup group(String name, String... from) {
    SecurityGroup group = model.groups().create(vpc.id(), name, name, Map.of());
    for (String id : from) {
      model.groups().authorizeIngress(group.id(), List.of(SecurityGroup.Rule.all(new SecurityGroup.Members(id))));
    }
    return group;
  }

  /** Makes a pod on a branch with a group of its own, under the lowest VLAN id that is free, as the controller and the daemon would. */
  Pod add(String name, NetworkMode mode, SecurityGroup group) {
    int vlan = 1;
    while (isTaken(vlan)) {
      vlan++;
    }
    NetworkInterface branch =
        model.interfaces().create(InterfaceRequest.in(subnet.id()).ipv6Count(1).groups(List.of(group.id())).build());
    TrunkAssociation association = model.trunks().associate(branch.id(), trunk.id(), vlan, "");
    settle();
    String annotation = "[{\"eniId\":\"" + branch.id() + "\",\"ifAddress\":\"" + branch.mac() + "\",\"privateIp\":\""
        + own(branch, AddressFamily.IPV4).orElseThrow() + "\",\"ipv6Addr\":\"" + own(branch, AddressFamily.IPV6).orElseThrow()
        + "\",\"vlanId\":" + vlan + ",\"subnetCidr\":\"" + subnet.cidr() + "\",\"subnetV6Cidr\":\"\",\"associationID\":\""
        + association.id() + "\"}]";
    TestAttachment asked = TestAttachment.of(view(), TestPod.named(name).withAnnotation(KEY, annotation));
    TestAttachment attachment = asked;
    for (var request : mode.addressPlanner().orElseThrow().addresses(asked).plan().orElseThrow()) {
      attachment = attachment.withAddress(Views.of(HeldAddressView.class, Map.of("address", x -> request.particular().orElseThrow(),
          "eni", x -> Optional.empty(), "request", x -> request, "lane", x -> "branches")));
    }
    DatapathPlan plan = mode.datapathPlanner().orElseThrow().attachment(attachment).plan().orElseThrow();
    return attach(attachment, plan, List.of(path(primary(), true), path(trunk, false)), Optional.of(association));
  }

  private boolean isTaken(int vlan) {
    return model.state().branchesOf(trunk.id()).anyMatch(a -> a.vlan() == vlan);
  }

  /** Makes a pod with addresses of the primary interface. */
  Pod addPlain(String name) {
    model.addresses().assignIpv4(primary().id(), AddressRequest.count(1));
    model.addresses().assignIpv6(primary().id(), AddressRequest.count(1));
    settle();
    EniView first = view(primary(), true);
    IpAddress four = IpAddress.of(new ArrayList<>(primary().secondaries()).getLast().toString());
    IpAddress six = IpAddress.of(new ArrayList<>(primary().ipv6Addresses()).getLast().toString());
    TestAttachment attachment = TestAttachment.of(view(), TestPod.named(name)).withAddress(four.toString(), first)
        .withAddress(six.toString(), first);
    DatapathPlan plan = RoutedPod.attachment(attachment, attachment.addresses()).plan().orElseThrow();
    return attach(attachment, plan, List.of(path(primary(), true)), Optional.empty());
  }

  private Pod attach(TestAttachment attachment, DatapathPlan plan, List<EniPath> enis, Optional<TrunkAssociation> branch) {
    String name = attachment.pod().name();
    NetworkNamespace inPod = fabric().addNamespace("pod-" + name);
    AttachmentPath path = new AttachmentPath(name + ":eth0", plan, enis);
    try (Netns open = Netns.open(inPod.name())) {
      datapath.attach(path, open);
    }
    Pod pod = new Pod(name, inPod, attachment.addresses().stream().map(HeldAddressView::address).toList(), path, branch);
    pods.put(name, pod);
    return pod;
  }

  List<Pod> pods() {
    return List.copyOf(pods.values());
  }

  /** What of a pod's network deviates from its plan, in words. */
  List<String> deviations(Pod pod) {
    try (Netns open = Netns.open(pod.netns().name())) {
      return datapath.check(pod.path(), Optional.of(open)).stream().map(Object::toString).toList();
    }
  }

  /** Brings back what is missing, as the daemon does when the kernel tells of it. */
  void mend() {
    datapath.mend(Optional.empty(), pods.values().stream().map(Pod::path).toList());
  }

  /** Ends a pod, and takes its branch away. */
  void remove(Pod pod) {
    pods.remove(pod.name());
    try (Netns open = Netns.open(pod.netns().name())) {
      datapath.detach(pod.path(), Optional.of(open));
    }
    fabric().removeNamespace("pod-" + pod.name());
    pod.branch().ifPresent(association -> {
      model.trunks().disassociate(association.id(), "");
      model.interfaces().delete(association.branchId());
      settle();
    });
  }

  @Override
  public void close() {
    datapath.close();
    netns.close();
    following.close();
  }
}
