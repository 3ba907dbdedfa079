package dev.patchbay.it.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.lab.vpc.CidrReservation;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every call does in EC2 what it says, and the answer says what was done. */
class AwsCallsTest {
  private final AwsLab lab = new AwsLab("m5.large");

  @AfterEach
  void close() {
    lab.close();
  }

  private CloudCall.CreateInterface creation(String token, AddressFamily family, int addresses, int prefixes) {
    return new CloudCall.CreateInterface(token, "interface", lab.subnet.id(), List.copyOf(lab.primary.groups()), "for pods",
        Map.of("purpose", "pods", "patchbay.dev/token", token), family, addresses, prefixes);
  }

  private EniRecord made(AddressFamily family, int addresses, int prefixes) {
    String token = "t-" + family + "-" + addresses + "-" + prefixes;
    return lab.call(creation(token, family, addresses, prefixes), CloudAnswer.Made.class).eni();
  }

  private List<String> texts(List<Cidr> units) {
    return units.stream().map(u -> u.length() == u.family().bits() ? u.address().toString() : u.toString()).toList();
  }

  private Set<String> held(String eniId, AddressFamily family) {
    NetworkInterface eni = lab.inModel(eniId);
    Set<String> held = new HashSet<>();
    switch (family) {
      case IPV4 -> {
        eni.secondaries().forEach(a -> held.add(a.toString()));
        eni.ipv4Prefixes().forEach(p -> held.add(p.toString()));
      }
      case IPV6 -> {
        eni.ipv6Addresses().forEach(a -> held.add(IpAddress.of(a.toString()).toString()));
        eni.ipv6Prefixes().forEach(p -> held.add(Cidr.of(p.toString()).toString()));
      }
    }
    return held;
  }

  @Test
  void anInterfaceIsMadeOnceForOneToken() {
    EniRecord eni = made(AddressFamily.IPV4, 4, 0);
    NetworkInterface real = lab.inModel(eni.id());
    assertThat(eni.mac().toString()).isEqualTo(real.mac());
    assertThat(eni.type()).isEqualTo("interface");
    assertThat(eni.subnetId()).isEqualTo(lab.subnet.id());
    assertThat(eni.groups()).containsExactlyElementsOf(lab.primary.groups());
    assertThat(eni.description()).isEqualTo("for pods");
    assertThat(eni.status()).isEqualTo("pending");
    assertThat(eni.attachment()).isEmpty();
    assertThat(eni.tags()).containsEntry("purpose", "pods").containsEntry("patchbay.dev/token", "t-IPV4-4-0");
    assertThat(eni.primary().orElseThrow().toString()).isEqualTo(real.primary().orElseThrow().toString());
    assertThat(texts(eni.units(AddressFamily.IPV4))).hasSize(4).containsExactlyInAnyOrderElementsOf(held(eni.id(), AddressFamily.IPV4));
    assertThat(made(AddressFamily.IPV4, 4, 0)).isEqualTo(eni);
    assertThat(lab.model.state().interfaces()).hasSize(2);
    assertThat(lab.described(eni.id())).usingRecursiveComparison().ignoringFields("status").isEqualTo(eni);
    assertThat(lab.described(eni.id()).status()).isEqualTo("available");
  }

  @Test
  void interfacesAreMadeWithPrefixesAndWithIpv6() {
    EniRecord four = made(AddressFamily.IPV4, 0, 2);
    assertThat(four.prefixes()).hasSize(2).allMatch(p -> p.length() == 28 && p.family() == AddressFamily.IPV4);
    assertThat(four.addresses()).isEmpty();
    EniRecord six = made(AddressFamily.IPV6, 3, 0);
    assertThat(six.addresses()).hasSize(3).allMatch(a -> a.family() == AddressFamily.IPV6);
    assertThat(six.primary()).isPresent();
    EniRecord sixPrefix = made(AddressFamily.IPV6, 0, 1);
    assertThat(sixPrefix.prefixes()).hasSize(1).allMatch(p -> p.length() == 80 && p.family() == AddressFamily.IPV6);
    for (EniRecord eni : List.of(four, six, sixPrefix)) {
      AddressFamily family = eni == four ? AddressFamily.IPV4 : AddressFamily.IPV6;
      assertThat(texts(eni.units(family))).containsExactlyInAnyOrderElementsOf(held(eni.id(), family));
    }
  }

  @Test
  void aTrunkIsMadeByItsType() {
    EniRecord trunk = lab.call(new CloudCall.CreateInterface("t", "trunk", lab.subnet.id(), List.copyOf(lab.primary.groups()),
        "", Map.of(), AddressFamily.IPV4, 0, 0), CloudAnswer.Made.class).eni();
    assertThat(trunk.type()).isEqualTo("trunk");
    assertThat(lab.inModel(trunk.id()).kind()).isEqualTo(NetworkInterface.Kind.TRUNK);
    assertThat(trunk.tags()).isEmpty();
    assertThat(trunk.description()).isEmpty();
  }

  @Test
  void anInterfaceLivesFromAttachmentToDeletion() {
    String eni = made(AddressFamily.IPV4, 1, 0).id();
    String attachment =
        lab.call(new CloudCall.AttachInterface(eni, lab.node.id(), 1, 0), CloudAnswer.Attached.class).attachmentId();
    assertThat(lab.described(eni).attachment())
        .contains(new EniRecord.Attachment(attachment, lab.node.id(), 1, 0, false));
    assertThat(lab.described(eni).status()).isEqualTo("in-use");
    lab.call(new CloudCall.DeleteWithInstance(eni, attachment), CloudAnswer.Done.class);
    assertThat(lab.described(eni).attachment().orElseThrow().deleteOnTermination()).isTrue();
    assertThat(lab.call(new CloudCall.DescribeAttached(lab.node.id()), CloudAnswer.Interfaces.class).enis())
        .extracting(EniRecord::id).containsExactlyInAnyOrder(lab.primary.id(), eni);
    String group = lab.model.groups().create(lab.vpc.id(), "other", "another group", Map.of()).id();
    lab.call(new CloudCall.SetGroups(eni, List.of(group)), CloudAnswer.Done.class);
    assertThat(lab.described(eni).groups()).containsExactly(group);
    lab.call(new CloudCall.Tag(eni, Map.of("a", "1", "b", "")), CloudAnswer.Done.class);
    assertThat(lab.described(eni).tags()).containsEntry("a", "1").containsEntry("b", "").containsEntry("purpose", "pods");
    lab.call(new CloudCall.Detach(eni, attachment), CloudAnswer.Done.class);
    assertThat(lab.described(eni).attachment()).isEmpty();
    lab.call(new CloudCall.Delete(eni), CloudAnswer.Done.class);
    assertThat(lab.call(new CloudCall.DescribeInterface(eni), CloudAnswer.Interfaces.class).enis()).isEmpty();
    assertThat(lab.model.state().interfaces()).containsOnlyKeys(lab.primary.id());
  }

  @Test
  void addressesAndPrefixesComeAndGo() {
    for (AddressFamily family : AddressFamily.values()) {
      List<Cidr> addresses = lab.call(new CloudCall.AssignAddresses(lab.primary.id(), family, 3, 0), CloudAnswer.Assigned.class)
          .units();
      List<Cidr> prefixes = lab.call(new CloudCall.AssignAddresses(lab.primary.id(), family, 0, 2), CloudAnswer.Assigned.class)
          .units();
      assertThat(addresses).hasSize(3).allMatch(c -> c.family() == family && c.length() == family.bits());
      assertThat(prefixes).hasSize(2).allMatch(c -> c.length() == (family == AddressFamily.IPV4 ? 28 : 80));
      List<Cidr> all = Stream.concat(addresses.stream(), prefixes.stream()).toList();
      assertThat(held(lab.primary.id(), family)).containsExactlyInAnyOrderElementsOf(texts(all));
      assertThat(lab.described(lab.primary.id()).units(family)).containsExactlyInAnyOrderElementsOf(all);
      List<Cidr> some = List.of(addresses.get(1), prefixes.getFirst());
      lab.call(new CloudCall.Unassign(lab.primary.id(), some), CloudAnswer.Done.class);
      assertThat(held(lab.primary.id(), family))
          .containsExactlyInAnyOrderElementsOf(texts(List.of(addresses.get(0), addresses.get(2), prefixes.get(1))));
    }
  }

  @Test
  void aParticularAddressIsTakenFromNoOtherInterface() {
    EniRecord other = made(AddressFamily.IPV4, 1, 0);
    IpAddress four = other.addresses().getFirst();
    assertThat(lab.call(new CloudCall.AssignParticular(lab.primary.id(), four), CloudAnswer.Failed.class).kind())
        .isEqualTo(CloudAnswer.Kind.REFUSED);
    assertThat(held(other.id(), AddressFamily.IPV4)).containsExactly(four.toString());
    lab.call(new CloudCall.Unassign(other.id(), List.of(four.asCidr())), CloudAnswer.Done.class);
    assertThat(lab.call(new CloudCall.AssignParticular(lab.primary.id(), four), CloudAnswer.Assigned.class).units())
        .containsExactly(four.asCidr());
    assertThat(held(lab.primary.id(), AddressFamily.IPV4)).containsExactly(four.toString());
    assertThat(held(other.id(), AddressFamily.IPV4)).isEmpty();
    IpAddress six = IpAddress.of("2001:db8:0:101::77");
    assertThat(lab.call(new CloudCall.AssignParticular(lab.primary.id(), six), CloudAnswer.Assigned.class).units())
        .containsExactly(six.asCidr());
    assertThat(held(lab.primary.id(), AddressFamily.IPV6)).containsExactly(six.toString());
  }

  @Test
  void whatIsTaggedIsFoundOverAllPages() {
    Set<String> made = IntStream.range(0, 1_203).mapToObj(n -> lab.model.interfaces()
        .create(InterfaceRequest.in(lab.subnet.id()).tags(Map.of("owner", "node-1")).build()).id()).collect(Collectors.toSet());
    lab.model.interfaces().create(InterfaceRequest.in(lab.subnet.id()).tags(Map.of("owner", "node-2")).build());
    List<EniRecord> found = lab.call(new CloudCall.DescribeTagged("owner", "node-1"), CloudAnswer.Interfaces.class).enis();
    assertThat(found).extracting(EniRecord::id).hasSize(made.size()).containsExactlyInAnyOrderElementsOf(made);
    assertThat(lab.seen("DescribeNetworkInterfaces")).hasSize(2);
  }

  @Test
  void theSubnetsOfTheZoneAreDescribed() {
    String other = lab.subnet("10.0.32.0/24", Optional.empty()).id();
    lab.model.network().createSubnet(lab.vpc.id(), "eu-west-1b", dev.patchbay.lab.vpc.Cidr.parse("10.0.64.0/24"), Optional.empty(),
        false, Map.of());
    List<SubnetRecord> found =
        lab.call(new CloudCall.DescribeSubnets(lab.vpc.id(), "eu-west-1a"), CloudAnswer.Subnets.class).subnets();
    assertThat(found).containsExactlyInAnyOrder(
        new SubnetRecord(lab.subnet.id(), "eu-west-1a", List.of(Cidr.of("10.0.0.0/20"), Cidr.of("2001:db8:0:101::/64")),
            // Five addresses of each subnet are AWS's, one is the primary interface's.
            OptionalInt.of(4096 - 5 - 1), Map.of("Name", "10.0.0.0/20")),
        new SubnetRecord(other, "eu-west-1a", List.of(Cidr.of("10.0.32.0/24")), OptionalInt.of(256 - 5),
            Map.of("Name", "10.0.32.0/24")));
  }

  @Test
  void whatASubnetReservesForPrefixesIsTold() {
    lab.model.network().reserve(lab.subnet.id(), dev.patchbay.lab.vpc.Cidr.parse("10.0.1.0/24"), CidrReservation.Kind.PREFIX, "", Map.of());
    lab.model.network().reserve(lab.subnet.id(), dev.patchbay.lab.vpc.Cidr.parse("10.0.2.0/24"), CidrReservation.Kind.EXPLICIT, "",
        Map.of());
    assertThat(lab.call(new CloudCall.DescribeReservations(lab.subnet.id()), CloudAnswer.Reservations.class).forPrefixes())
        .containsExactly(Cidr.of("10.0.1.0/24"));
  }

  @Test
  void aTypeIsDescribedAsTheTableHasIt() {
    for (String name : List.of("m5.large", "p4d.24xlarge", "m4.large", "m5.metal")) {
      InstanceTypeRecord asked = lab.call(new CloudCall.DescribeType(name), CloudAnswer.Type.class).type();
      InstanceTypeRecord known = lab.client.type(name).orElseThrow();
      // EC2 tells nothing of trunks.
      assertThat(asked).isEqualTo(new InstanceTypeRecord(name, known.interfacesPerCard(), known.ipv4PerInterface(),
          known.ipv6PerInterface(), known.prefixes(), false, 0, known.vcpus()));
    }
  }

  @Test
  void whatIsDeniedIsToldByDryRuns() {
    List<String> all = List.of("CreateNetworkInterface", "AttachNetworkInterface", "DetachNetworkInterface",
        "DeleteNetworkInterface", "ModifyNetworkInterfaceAttribute", "CreateTags", "DescribeNetworkInterfaces", "DescribeSubnets",
        "DescribeInstances", "DescribeInstanceTypes", "DescribeSecurityGroups", "GetSubnetCidrReservations", "AssignPrivateIpAddresses");
    long before = lab.model.state().revision();
    assertThat(lab.client.denied(all)).isEmpty();
    // One has no dry run; and the attachment that is asked with must be known first.
    assertThat(lab.ec2.recorder().calls().stream().filter(c -> c.service().equals("ec2"))
        .filter(c -> c.parameters().getOrDefault("DryRun", "").equals("true")))
        .hasSize(all.size() - 1).allMatch(c -> c.outcome().equals("DryRunOperation"));
    lab.ec2.callers().allow("node", Set.of("ec2:Describe*", "ec2:CreateTags", "ec2:AttachNetworkInterface"));
    assertThat(lab.client.denied(all)).containsExactly("CreateNetworkInterface", "DetachNetworkInterface",
        "DeleteNetworkInterface", "ModifyNetworkInterfaceAttribute", "GetSubnetCidrReservations");
    assertThat(lab.model.state().revision()).isEqualTo(before);
  }
}
