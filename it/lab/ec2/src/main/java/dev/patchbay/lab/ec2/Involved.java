package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Attachment;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * On which resources a call is checked (AWS service authorization reference, "Actions, resources, and condition keys for
 * Amazon EC2").
 */
final class Involved {
  private static final String INTERFACE = "network-interface";
  private static final String INSTANCE = "instance";
  private static final String SUBNET = "subnet";
  private static final String GROUP = "security-group";
  private static final String VPC = "vpc";
  private static final String TABLE = "route-table";
  private static final String INTERNET = "internet-gateway";
  private static final String EGRESS_ONLY = "egress-only-internet-gateway";
  private static final String NAT = "natgateway";
  private static final String ELASTIC = "elastic-ip";

  /** Kinds of resources by action; those that the call names are checked. Describing actions, and others, have none. */
  private static final Map<String, Set<String>> KINDS =
      Map.ofEntries(
          Map.entry("AllocateAddress", Set.of(ELASTIC)),
          Map.entry("AssignIpv6Addresses", Set.of(INTERFACE)),
          Map.entry("AssignPrivateIpAddresses", Set.of(INTERFACE)),
          Map.entry("AssociateRouteTable", Set.of(TABLE, SUBNET)),
          Map.entry("AssociateSubnetCidrBlock", Set.of(SUBNET)),
          Map.entry("AssociateVpcCidrBlock", Set.of(VPC)),
          Map.entry("AttachInternetGateway", Set.of(INTERNET, VPC)),
          Map.entry("AttachNetworkInterface", Set.of(INSTANCE, INTERFACE)),
          Map.entry("AuthorizeSecurityGroupEgress", Set.of(GROUP)),
          Map.entry("AuthorizeSecurityGroupIngress", Set.of(GROUP)),
          Map.entry("CreateEgressOnlyInternetGateway", Set.of(EGRESS_ONLY, VPC)),
          Map.entry("CreateInternetGateway", Set.of(INTERNET)),
          Map.entry("CreateNatGateway", Set.of(NAT, SUBNET, ELASTIC)),
          Map.entry("CreateNetworkInterface", Set.of(INTERFACE, SUBNET, GROUP)),
          Map.entry("CreateNetworkInterfacePermission", Set.of(INTERFACE)),
          Map.entry("CreateRoute", Set.of(TABLE)),
          Map.entry("CreateRouteTable", Set.of(TABLE, VPC)),
          Map.entry("CreateSecurityGroup", Set.of(GROUP, VPC)),
          Map.entry("CreateSubnet", Set.of(SUBNET, VPC)),
          Map.entry("CreateSubnetCidrReservation", Set.of(SUBNET)),
          Map.entry("DeleteEgressOnlyInternetGateway", Set.of(EGRESS_ONLY)),
          Map.entry("DeleteInternetGateway", Set.of(INTERNET)),
          Map.entry("DeleteNatGateway", Set.of(NAT)),
          Map.entry("DeleteNetworkInterface", Set.of(INTERFACE)),
          Map.entry("DeleteRoute", Set.of(TABLE)),
          Map.entry("DeleteRouteTable", Set.of(TABLE)),
          Map.entry("DeleteSecurityGroup", Set.of(GROUP)),
          Map.entry("DeleteSubnet", Set.of(SUBNET)),
          Map.entry("DetachInternetGateway", Set.of(INTERNET, VPC)),
          Map.entry("DetachNetworkInterface", Set.of(INSTANCE, INTERFACE)),
          Map.entry("DisassociateRouteTable", Set.of(TABLE, SUBNET)),
          Map.entry("ModifyInstanceMetadataOptions", Set.of(INSTANCE)),
          Map.entry("ModifyNetworkInterfaceAttribute", Set.of(INSTANCE, INTERFACE, GROUP)),
          Map.entry("ModifySubnetAttribute", Set.of(SUBNET)),
          Map.entry("ReleaseAddress", Set.of(ELASTIC)),
          Map.entry("ReplaceRoute", Set.of(TABLE)),
          Map.entry("ReplaceRouteTableAssociation", Set.of(TABLE, SUBNET)),
          Map.entry("RevokeSecurityGroupEgress", Set.of(GROUP)),
          Map.entry("RevokeSecurityGroupIngress", Set.of(GROUP)),
          Map.entry("StartInstances", Set.of(INSTANCE)),
          Map.entry("StopInstances", Set.of(INSTANCE)),
          Map.entry("TerminateInstances", Set.of(INSTANCE)),
          Map.entry("UnassignIpv6Addresses", Set.of(INTERFACE)),
          Map.entry("UnassignPrivateIpAddresses", Set.of(INTERFACE)));

  /** What an action makes, which has no id yet. */
  private static final Map<String, List<String>> MADE =
      Map.of(
          "AllocateAddress", List.of(ELASTIC),
          "CreateEgressOnlyInternetGateway", List.of(EGRESS_ONLY),
          "CreateInternetGateway", List.of(INTERNET),
          "CreateNatGateway", List.of(NAT),
          "CreateNetworkInterface", List.of(INTERFACE),
          "CreateRouteTable", List.of(TABLE),
          "CreateSecurityGroup", List.of(GROUP),
          "CreateSubnet", List.of(SUBNET));

  private final VpcModel model;

  Involved(VpcModel model) {
    this.model = model;
  }

  /**
   * A permission that a call needs.
   *
   * @param action the action, with {@code ec2:}
   * @param resource on what
   */
  record Needed(String action, Resource resource) {}

  /** All permissions that a call needs, in a fixed order. */
  List<Needed> of(String action, Form form) {
    List<Needed> all = new ArrayList<>();
    Map<String, String> tags = new LinkedHashMap<>(numbered(form, "Tag"));
    Map<String, Map<String, String>> given = specified(form);
    if (action.equals("CreateTags") || action.equals("DeleteTags")) {
      values(form, "ResourceId").forEach(id -> all.add(new Needed("ec2:" + action, of(id, tags))));
    }
    Set<String> kinds = KINDS.getOrDefault(action, Set.of());
    List<String> made = MADE.getOrDefault(action, List.of());
    for (String kind : made) {
      all.add(new Needed("ec2:" + action, fresh(kind, given.getOrDefault(kind, Map.of()))));
    }
    for (String id : ids(form)) {
      if (kinds.contains(kind(id)) && !made.contains(kind(id))) {
        all.add(new Needed("ec2:" + action, of(id, Map.of())));
      }
    }
    // Tags that come with what is made need the permission to tag, too.
    given.forEach(
        (kind, own) -> {
          Resource fresh = fresh(kind, own);
          Map<String, List<String>> keys = new HashMap<>(fresh.keys());
          keys.put("ec2:createaction", List.of(action));
          all.add(new Needed("ec2:CreateTags", new Resource(fresh.arn(), keys)));
        });
    if (all.isEmpty()) {
      all.add(new Needed("ec2:" + action, new Resource("*", region())));
    }
    return all;
  }

  private Map<String, List<String>> region() {
    String region = model.settings().region();
    return Map.of("ec2:region", List.of(region), "aws:requestedregion", List.of(region));
  }

  private String arn(String kind, String id) {
    return "arn:aws:ec2:" + model.settings().region() + ":" + model.settings().accountId() + ":" + kind + "/" + id;
  }

  private Resource fresh(String kind, Map<String, String> requestTags) {
    return new Resource(arn(kind, "*"), requested(requestTags));
  }

  private Map<String, List<String>> requested(Map<String, String> tags) {
    Map<String, List<String>> keys = new HashMap<>(region());
    tags.forEach((key, value) -> keys.put("aws:requesttag/" + key.toLowerCase(Locale.ROOT), List.of(value)));
    if (!tags.isEmpty()) {
      keys.put("aws:tagkeys", List.copyOf(tags.keySet()));
    }
    return keys;
  }

  private Resource of(String id, Map<String, String> requestTags) {
    Map<String, List<String>> keys = new HashMap<>(requested(requestTags));
    VpcState state = model.state();
    state
        .tags(id)
        .forEach(
            (key, value) -> {
              keys.put("aws:resourcetag/" + key.toLowerCase(Locale.ROOT), List.of(value));
              keys.put("ec2:resourcetag/" + key.toLowerCase(Locale.ROOT), List.of(value));
            });
    Optional<String> vpc =
        Optional.ofNullable(state.interfaces().get(id))
            .map(NetworkInterface::vpcId)
            .or(() -> Optional.ofNullable(state.subnets().get(id)).map(each -> each.vpcId()))
            .or(() -> Optional.ofNullable(state.groups().get(id)).map(each -> each.vpcId()))
            .or(() -> Optional.ofNullable(state.routeTables().get(id)).map(each -> each.vpcId()));
    vpc.ifPresent(vpcId -> keys.put("ec2:vpc", List.of(arn(VPC, vpcId))));
    Optional.ofNullable(state.interfaces().get(id))
        .ifPresent(each -> keys.put("ec2:subnet", List.of(arn(SUBNET, each.subnetId()))));
    return new Resource(arn(kind(id), id), keys);
  }

  /** Every id that a call names, those behind an attachment included. */
  private List<String> ids(Form form) {
    Set<String> ids = new LinkedHashSet<>();
    form.parameters()
        .forEach(
            (name, value) -> {
              if (name.equals("Attachment.AttachmentId") || name.equals("AttachmentId")) {
                attachment(value).forEach(ids::add);
              } else if (name.equals("AssociationId")) {
                association(value).forEach(ids::add);
              } else if (name.matches("(NetworkInterface\\.\\d+\\.)?(NetworkInterfaceId|InstanceId|SubnetId|SecurityGroupId|GroupId|VpcId|RouteTableId|InternetGatewayId|EgressOnlyInternetGatewayId|NatGatewayId|AllocationId)(\\.\\d+)?")) {
                ids.add(value);
              }
            });
    return List.copyOf(ids);
  }

  private Stream<String> attachment(String attachmentId) {
    return model.state().interfaces().values().stream()
        .filter(each -> each.attachment().map(Attachment::id).equals(Optional.of(attachmentId)))
        .flatMap(each -> Stream.of(each.id(), each.attachment().map(Attachment::instanceId).orElse("")));
  }

  /** The table and the subnet of a route table's association. */
  private Stream<String> association(String associationId) {
    return model.state().routeTables().values().stream()
        .flatMap(
            table ->
                table.associations().stream()
                    .filter(each -> each.id().equals(associationId))
                    .flatMap(each -> Stream.concat(Stream.of(table.id()), each.subnetId().stream())));
  }

  private static String kind(String id) {
    int dash = id.lastIndexOf('-');
    return switch (dash < 0 ? id : id.substring(0, dash)) {
      case "eni" -> INTERFACE;
      case "i" -> INSTANCE;
      case "sg" -> GROUP;
      case "rtb" -> TABLE;
      case "igw" -> INTERNET;
      case "eigw" -> EGRESS_ONLY;
      case "nat" -> NAT;
      case "eipalloc" -> ELASTIC;
      default -> dash < 0 ? id : id.substring(0, dash);
    };
  }

  private static List<String> values(Form form, String name) {
    return form.parameters().entrySet().stream()
        .filter(each -> each.getKey().matches(name + "\\.\\d+"))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** {@code Tag.1.Key} and {@code Tag.1.Value} below a name. */
  private static Map<String, String> numbered(Form form, String below) {
    Map<String, String> tags = new LinkedHashMap<>();
    String head = below + ".";
    form.parameters()
        .forEach(
            (name, key) -> {
              if (name.startsWith(head) && name.substring(head.length()).matches("\\d+\\.Key")) {
                String value = form.parameters().get(name.substring(0, name.length() - "Key".length()) + "Value");
                tags.put(key, value == null ? "" : value);
              }
            });
    return tags;
  }

  private static Map<String, Map<String, String>> specified(Form form) {
    Map<String, Map<String, String>> all = new LinkedHashMap<>();
    form.parameters()
        .forEach(
            (name, kind) -> {
              if (name.matches("TagSpecification\\.\\d+\\.ResourceType")) {
                String specification = name.substring(0, name.lastIndexOf('.'));
                Map<String, String> tags = numbered(form, specification + ".Tag");
                if (!tags.isEmpty()) {
                  all.put(kind, tags);
                }
              }
            });
    return all;
  }
}
