package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.InstanceType;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.SecurityGroup;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the metadata service of one instance says at one moment, by path below {@code /latest/} (Amazon EC2 user guide,
 * "Instance metadata categories"). What does not apply is absent, as in EC2.
 */
final class ImdsTree {
  private final Map<String, String> leaves = new TreeMap<>();

  private ImdsTree() {}

  /**
   * The tree of an instance.
   *
   * @param role the instance's role
   * @param network whether the interfaces are shown; without, it is as if the service had not heard of them yet
   */
  static ImdsTree of(VpcModel.Settings settings, VpcState state, Instance instance, String role, boolean network) {
    ImdsTree tree = new ImdsTree();
    Shapes shapes = new Shapes(settings);
    tree.instance(settings, shapes, state, instance);
    tree.meta("iam/info", info(settings, instance, role));
    if (network) {
      for (NetworkInterface each : state.interfacesOf(instance.id())) {
        if (each.deviceOf().isPresent()) {
          tree.networkInterface(settings, shapes, state, instance.type(), each);
        }
      }
    }
    return tree;
  }

  /** The text at a path, with or without a slash at its end: a value, or the list of what is below. */
  Optional<String> get(String path) {
    String wanted = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    String value = leaves.get(wanted);
    if (value != null) {
      return Optional.of(value);
    }
    String below = wanted.isEmpty() ? "" : wanted + "/";
    TreeSet<String> names = new TreeSet<>();
    for (String leaf : leaves.keySet()) {
      if (leaf.startsWith(below)) {
        String rest = leaf.substring(below.length());
        int slash = rest.indexOf('/');
        names.add(slash < 0 ? rest : rest.substring(0, slash + 1));
      }
    }
    return names.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", names));
  }

  private void instance(VpcModel.Settings settings, Shapes shapes, VpcState state, Instance instance) {
    meta("ami-id", "ami-0123456789abcdef0");
    meta("ami-launch-index", "0");
    meta("instance-action", "none");
    meta("instance-id", instance.id());
    meta("instance-life-cycle", "on-demand");
    meta("instance-type", instance.type().name());
    meta("placement/availability-zone", instance.zone());
    meta("placement/availability-zone-id", Shapes.zoneId(instance.zone()));
    meta("placement/region", settings.region());
    meta("reservation-id", "r-" + Shapes.suffix(instance.id()));
    meta("services/domain", "amazonaws.com");
    meta("services/partition", "aws");
    Optional<NetworkInterface> primary = state.primaryOf(instance.id());
    primary.ifPresent(
        each -> {
          meta("mac", each.mac());
          meta("security-groups", lines(groupNames(state, each)));
          each.primary()
              .ifPresent(
                  address -> {
                    meta("hostname", shapes.privateName(address));
                    meta("local-hostname", shapes.privateName(address));
                    meta("local-ipv4", address.toString());
                  });
          each.publicAddress()
              .ifPresent(
                  address -> {
                    meta("public-hostname", shapes.publicName(address));
                    meta("public-ipv4", address.toString());
                  });
          each.ipv6Addresses().stream().findFirst().ifPresent(address -> meta("ipv6", address.toString()));
        });
    leaves.put(
        "dynamic/instance-identity/document",
        """
        {
          "accountId" : "%s",
          "architecture" : "x86_64",
          "availabilityZone" : "%s",
          "imageId" : "ami-0123456789abcdef0",
          "instanceId" : "%s",
          "instanceType" : "%s",
          "pendingTime" : "%s",
          "privateIp" : "%s",
          "region" : "%s",
          "version" : "2017-09-30"
        }"""
            .formatted(
                settings.accountId(),
                instance.zone(),
                instance.id(),
                instance.type().name(),
                instance.launchTime(),
                primary.flatMap(NetworkInterface::primary).map(Ip::toString).orElse(""),
                settings.region()));
  }

  private void networkInterface(
      VpcModel.Settings settings, Shapes shapes, VpcState state, InstanceType type, NetworkInterface each) {
    String at = "network/interfaces/macs/" + each.mac() + "/";
    Subnet subnet = state.subnet(each.subnetId());
    Vpc vpc = state.vpc(each.vpcId());
    each.attachment()
        .ifPresent(
            attachment -> {
              meta(at + "device-number", String.valueOf(attachment.deviceIndex()));
              if (type.interfacesPerCard().size() > 1) {
                meta(at + "network-card", String.valueOf(attachment.networkCard()));
              }
            });
    meta(at + "interface-id", each.id());
    meta(at + "mac", each.mac());
    meta(at + "owner-id", settings.accountId());
    meta(at + "security-group-ids", lines(each.groups()));
    meta(at + "security-groups", lines(groupNames(state, each)));
    meta(at + "subnet-id", each.subnetId());
    meta(at + "subnet-ipv4-cidr-block", subnet.cidr().toString());
    meta(at + "vpc-id", each.vpcId());
    meta(at + "vpc-ipv4-cidr-block", vpc.cidrs().getFirst().toString());
    meta(at + "vpc-ipv4-cidr-blocks", lines(vpc.cidrs()));
    subnet.ipv6().ifPresent(block -> meta(at + "subnet-ipv6-cidr-blocks", block.toString()));
    vpc.ipv6().ifPresent(block -> meta(at + "vpc-ipv6-cidr-blocks", block.toString()));
    each.primary().ifPresent(address -> meta(at + "local-hostname", shapes.privateName(address)));
    some(at + "local-ipv4s", each.ipv4Addresses());
    some(at + "ipv4-prefix", each.ipv4Prefixes());
    some(at + "ipv6s", each.ipv6Addresses());
    some(at + "ipv6-prefix", each.ipv6Prefixes());
    each.publicAddress()
        .ifPresent(
            address -> {
              meta(at + "public-hostname", shapes.publicName(address));
              meta(at + "public-ipv4s", address.toString());
              each.primary().ifPresent(own -> meta(at + "ipv4-associations/" + address, own.toString()));
            });
  }

  private void meta(String path, String value) {
    leaves.put("meta-data/" + path, value);
  }

  private void some(String path, Collection<?> values) {
    if (!values.isEmpty()) {
      meta(path, lines(values));
    }
  }

  private static List<String> groupNames(VpcState state, NetworkInterface each) {
    return each.groups().stream()
        .flatMap(id -> Stream.ofNullable(state.groups().get(id)))
        .map(SecurityGroup::name)
        .toList();
  }

  private static String lines(Collection<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining("\n"));
  }

  private static String info(VpcModel.Settings settings, Instance instance, String role) {
    return """
        {
          "Code" : "Success",
          "LastUpdated" : "%s",
          "InstanceProfileArn" : "arn:aws:iam::%s:instance-profile/%s",
          "InstanceProfileId" : "AIPA%s"
        }"""
        .formatted(instance.launchTime(), settings.accountId(), role, Shapes.suffix(instance.id()).toUpperCase(Locale.ROOT));
  }
}
