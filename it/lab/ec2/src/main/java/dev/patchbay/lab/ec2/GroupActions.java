package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.SecurityGroup;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupEgressRequest;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupEgressResponse;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupIngressRequest;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupIngressResponse;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupRequest;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupResponse;
import software.amazon.awssdk.services.ec2.model.DeleteSecurityGroupRequest;
import software.amazon.awssdk.services.ec2.model.DeleteSecurityGroupResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupRulesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupRulesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsResponse;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;
import software.amazon.awssdk.services.ec2.model.RevokeSecurityGroupEgressRequest;
import software.amazon.awssdk.services.ec2.model.RevokeSecurityGroupEgressResponse;
import software.amazon.awssdk.services.ec2.model.RevokeSecurityGroupIngressRequest;
import software.amazon.awssdk.services.ec2.model.RevokeSecurityGroupIngressResponse;
import software.amazon.awssdk.services.ec2.model.RevokedSecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;

/** Actions on security groups. A rule's id follows from what it says. */
final class GroupActions {
  private static final int HIGHEST_PORT = 65535;

  private final VpcModel model;
  private final Shapes shapes;
  private final Filters<SecurityGroup> filters;
  private final Filters<SecurityGroupRule> ruleFilters =
      new Filters<SecurityGroupRule>(rule -> Map.of())
          .one("group-id", SecurityGroupRule::groupId)
          .one("security-group-rule-id", SecurityGroupRule::securityGroupRuleId);

  GroupActions(VpcModel model, Shapes shapes) {
    this.model = model;
    this.shapes = shapes;
    filters =
        new Filters<>(SecurityGroup::tags)
            .one("group-id", SecurityGroup::id)
            .one("group-name", SecurityGroup::name)
            .one("description", SecurityGroup::description)
            .one("vpc-id", SecurityGroup::vpcId)
            .one("owner-id", group -> shapes.account())
            .many("ip-permission.from-port", group -> group.ingress().stream().map(r -> String.valueOf(r.fromPort())))
            .many("ip-permission.to-port", group -> group.ingress().stream().map(r -> String.valueOf(r.toPort())))
            .many("ip-permission.protocol", group -> group.ingress().stream().map(r -> Protocols.name(r.protocol())))
            .many("ip-permission.group-id", group -> members(group.ingress()))
            .many("egress.ip-permission.from-port", group -> group.egress().stream().map(r -> String.valueOf(r.fromPort())))
            .many("egress.ip-permission.to-port", group -> group.egress().stream().map(r -> String.valueOf(r.toPort())))
            .many("egress.ip-permission.protocol", group -> group.egress().stream().map(r -> Protocols.name(r.protocol())))
            .many("egress.ip-permission.group-id", group -> members(group.egress()))
            .many("egress.ip-permission.cidr", group -> blocks(group.egress(), false).stream())
            .many("egress.ip-permission.ipv6-cidr", group -> blocks(group.egress(), true).stream())
            .many("ip-permission.cidr", group -> blocks(group.ingress(), false).stream())
            .many("ip-permission.ipv6-cidr", group -> blocks(group.ingress(), true).stream());
  }

  void register(Actions actions) {
    actions.read("DescribeSecurityGroups", DescribeSecurityGroupsRequest::builder, this::describe);
    actions.change(
        "CreateSecurityGroup",
        CreateSecurityGroupRequest::builder,
        this::create,
        "GroupName",
        "GroupDescription");
    actions.read("DescribeSecurityGroupRules", DescribeSecurityGroupRulesRequest::builder, this::describeRules);
    actions.change("DeleteSecurityGroup", DeleteSecurityGroupRequest::builder, this::delete);
    actions.change("AuthorizeSecurityGroupIngress", AuthorizeSecurityGroupIngressRequest::builder, this::allowIn);
    actions.change("RevokeSecurityGroupIngress", RevokeSecurityGroupIngressRequest::builder, this::forbidIn);
    actions.change("AuthorizeSecurityGroupEgress", AuthorizeSecurityGroupEgressRequest::builder, this::allowOut);
    actions.change("RevokeSecurityGroupEgress", RevokeSecurityGroupEgressRequest::builder, this::forbidOut);
  }

  private DescribeSecurityGroupsResponse describe(VpcState state, DescribeSecurityGroupsRequest request) {
    List<SecurityGroup> named =
        request.groupIds().isEmpty()
            ? List.copyOf(state.groups().values())
            : request.groupIds().stream().map(state::group).toList();
    Page<SecurityGroup> page =
        Page.of(
            named.stream()
                .filter(group -> request.groupNames().isEmpty() || request.groupNames().contains(group.name()))
                .filter(filters.of(request.filters()))
                .toList(),
            SecurityGroup::id,
            request.maxResults(),
            request.nextToken(),
            request.groupIds().size());
    return DescribeSecurityGroupsResponse.builder()
        .securityGroups(page.items().stream().map(shapes::group).toList())
        .nextToken(page.nextToken())
        .build();
  }

  private CreateSecurityGroupResponse create(CreateSecurityGroupRequest request) {
    if (request.vpcId() == null) {
      throw new Ec2Error("VPCIdNotSpecified", "No default VPC for this user");
    }
    SecurityGroup made =
        model
            .groups()
            .create(
                request.vpcId(),
                request.groupName(),
                request.description(),
                TagActions.specified(request.tagSpecifications(), "security-group"));
    return CreateSecurityGroupResponse.builder()
        .groupId(made.id())
        .tags(Shapes.tags(made.tags()))
        .securityGroupArn(shapes.group(made).securityGroupArn())
        .build();
  }

  private DeleteSecurityGroupResponse delete(DeleteSecurityGroupRequest request) {
    Actions.notModelled(request.groupName(), "groupName");
    model.groups().delete(id(request.groupId()));
    return DeleteSecurityGroupResponse.builder().returnValue(true).groupId(request.groupId()).build();
  }

  private AuthorizeSecurityGroupIngressResponse allowIn(AuthorizeSecurityGroupIngressRequest request) {
    Actions.notModelled(request.groupName(), "groupName");
    Actions.notModelled(request.sourceSecurityGroupName(), "sourceSecurityGroupName");
    Actions.notModelled(request.sourceSecurityGroupOwnerId(), "sourceSecurityGroupOwnerId");
    Actions.notModelled(request.tagSpecifications().isEmpty() ? null : request.tagSpecifications(), "tagSpecification");
    List<SecurityGroup.Rule> rules =
        rules(request.ipPermissions(), request.ipProtocol(), request.fromPort(), request.toPort(), request.cidrIp());
    SecurityGroup group = model.groups().authorizeIngress(id(request.groupId()), rules);
    return AuthorizeSecurityGroupIngressResponse.builder()
        .returnValue(true)
        .securityGroupRules(rules.stream().map(rule -> shapes.rule(group, rule, false)).toList())
        .build();
  }

  private AuthorizeSecurityGroupEgressResponse allowOut(AuthorizeSecurityGroupEgressRequest request) {
    Actions.notModelled(request.sourceSecurityGroupName(), "sourceSecurityGroupName");
    Actions.notModelled(request.sourceSecurityGroupOwnerId(), "sourceSecurityGroupOwnerId");
    Actions.notModelled(request.tagSpecifications().isEmpty() ? null : request.tagSpecifications(), "tagSpecification");
    List<SecurityGroup.Rule> rules =
        rules(request.ipPermissions(), request.ipProtocol(), request.fromPort(), request.toPort(), request.cidrIp());
    SecurityGroup group = model.groups().authorizeEgress(id(request.groupId()), rules);
    return AuthorizeSecurityGroupEgressResponse.builder()
        .returnValue(true)
        .securityGroupRules(rules.stream().map(rule -> shapes.rule(group, rule, true)).toList())
        .build();
  }

  private RevokeSecurityGroupIngressResponse forbidIn(RevokeSecurityGroupIngressRequest request) {
    Actions.notModelled(request.groupName(), "groupName");
    Actions.notModelled(request.sourceSecurityGroupName(), "sourceSecurityGroupName");
    Actions.notModelled(request.sourceSecurityGroupOwnerId(), "sourceSecurityGroupOwnerId");
    SecurityGroup group = model.state().group(id(request.groupId()));
    List<SecurityGroup.Rule> rules =
        request.securityGroupRuleIds().isEmpty()
            ? rules(request.ipPermissions(), request.ipProtocol(), request.fromPort(), request.toPort(), request.cidrIp())
            : named(group, group.ingress(), false, request.securityGroupRuleIds());
    model.groups().revokeIngress(group.id(), rules);
    return RevokeSecurityGroupIngressResponse.builder()
        .returnValue(true)
        .revokedSecurityGroupRules(rules.stream().map(rule -> revoked(group, rule, false)).toList())
        .build();
  }

  private RevokeSecurityGroupEgressResponse forbidOut(RevokeSecurityGroupEgressRequest request) {
    Actions.notModelled(request.sourceSecurityGroupName(), "sourceSecurityGroupName");
    Actions.notModelled(request.sourceSecurityGroupOwnerId(), "sourceSecurityGroupOwnerId");
    SecurityGroup group = model.state().group(id(request.groupId()));
    List<SecurityGroup.Rule> rules =
        request.securityGroupRuleIds().isEmpty()
            ? rules(request.ipPermissions(), request.ipProtocol(), request.fromPort(), request.toPort(), request.cidrIp())
            : named(group, group.egress(), true, request.securityGroupRuleIds());
    model.groups().revokeEgress(group.id(), rules);
    return RevokeSecurityGroupEgressResponse.builder()
        .returnValue(true)
        .revokedSecurityGroupRules(rules.stream().map(rule -> revoked(group, rule, true)).toList())
        .build();
  }

  private RevokedSecurityGroupRule revoked(SecurityGroup group, SecurityGroup.Rule each, boolean egress) {
    SecurityGroupRule rule = shapes.rule(group, each, egress);
    return RevokedSecurityGroupRule.builder()
        .securityGroupRuleId(rule.securityGroupRuleId())
        .groupId(rule.groupId())
        .isEgress(rule.isEgress())
        .ipProtocol(rule.ipProtocol())
        .fromPort(rule.fromPort())
        .toPort(rule.toPort())
        .cidrIpv4(rule.cidrIpv4())
        .cidrIpv6(rule.cidrIpv6())
        .referencedGroupId(rule.referencedGroupInfo() == null ? null : rule.referencedGroupInfo().groupId())
        .description(rule.description())
        .build();
  }

  private static List<SecurityGroup.Rule> named(
      SecurityGroup group, List<SecurityGroup.Rule> rules, boolean egress, List<String> ids) {
    List<SecurityGroup.Rule> found = new ArrayList<>();
    for (String id : ids) {
      found.add(
          rules.stream()
              .filter(rule -> Shapes.ruleId(group, rule, egress).equals(id))
              .findFirst()
              .orElseThrow(() -> noSuchRule(id)));
    }
    return found;
  }

  private static Ec2Error noSuchRule(String id) {
    return id.matches("sgr-([0-9a-f]{8}|[0-9a-f]{17})")
        ? new Ec2Error("InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '" + id + "' does not exist")
        : new Ec2Error("InvalidSecurityGroupRuleId.Malformed", "Invalid id: \"" + id + "\" (expecting \"sgr-...\")");
  }

  private DescribeSecurityGroupRulesResponse describeRules(VpcState state, DescribeSecurityGroupRulesRequest request) {
    List<SecurityGroupRule> all = new ArrayList<>();
    for (SecurityGroup group : state.groups().values()) {
      group.ingress().forEach(rule -> all.add(shapes.rule(group, rule, false)));
      group.egress().forEach(rule -> all.add(shapes.rule(group, rule, true)));
    }
    for (String id : request.securityGroupRuleIds()) {
      if (all.stream().noneMatch(rule -> rule.securityGroupRuleId().equals(id))) {
        throw noSuchRule(id);
      }
    }
    Page<SecurityGroupRule> page =
        Page.of(
            all.stream()
                .filter(
                    rule ->
                        request.securityGroupRuleIds().isEmpty()
                            || request.securityGroupRuleIds().contains(rule.securityGroupRuleId()))
                .filter(ruleFilters.of(request.filters()))
                .toList(),
            SecurityGroupRule::securityGroupRuleId,
            request.maxResults(),
            request.nextToken(),
            request.securityGroupRuleIds().size());
    return DescribeSecurityGroupRulesResponse.builder()
        .securityGroupRules(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  private static List<SecurityGroup.Rule> rules(
      List<IpPermission> permissions,
      @Nullable String protocol,
      @Nullable Integer fromPort,
      @Nullable Integer toPort,
      @Nullable String cidr) {
    List<IpPermission> all = new ArrayList<>(permissions);
    if (cidr != null) {
      all.add(
          IpPermission.builder()
              .ipProtocol(protocol)
              .fromPort(fromPort)
              .toPort(toPort)
              .ipRanges(IpRange.builder().cidrIp(cidr).build())
              .build());
    }
    List<SecurityGroup.Rule> rules = all.stream().flatMap(each -> rules(each).stream()).toList();
    if (rules.isEmpty()) {
      throw new Ec2Error("MissingParameter", "The request must contain a rule with a CIDR block or a group.");
    }
    return rules;
  }

  private static List<SecurityGroup.Rule> rules(IpPermission permission) {
    if (permission.ipProtocol() == null) {
      throw new Ec2Error("MissingParameter", "The request must contain the parameter ipProtocol");
    }
    Actions.notModelled(permission.prefixListIds().isEmpty() ? null : permission.prefixListIds(), "prefixListIds");
    int protocol = Protocols.number(permission.ipProtocol());
    boolean all = protocol == Protocols.ALL;
    int from = all || permission.fromPort() == null ? -1 : permission.fromPort();
    int to = all || permission.toPort() == null ? -1 : permission.toPort();
    boolean ported = protocol == 6 || protocol == 17;
    if (ported && (from < 0 || to < from || to > HIGHEST_PORT)) {
      throw new Ec2Error("InvalidParameterValue", "Invalid TCP/UDP port range (" + from + "-" + to + ")");
    }
    List<SecurityGroup.Rule> rules = new ArrayList<>();
    for (IpRange range : permission.ipRanges()) {
      rules.add(new SecurityGroup.Rule(protocol, from, to, block(range.cidrIp()), text(range.description())));
    }
    for (Ipv6Range range : permission.ipv6Ranges()) {
      rules.add(new SecurityGroup.Rule(protocol, from, to, block(range.cidrIpv6()), text(range.description())));
    }
    for (UserIdGroupPair pair : permission.userIdGroupPairs()) {
      rules.add(
          new SecurityGroup.Rule(
              protocol, from, to, new SecurityGroup.Members(id(pair.groupId())), text(pair.description())));
    }
    return rules;
  }

  private static SecurityGroup.Peer block(@Nullable String text) {
    try {
      return new SecurityGroup.Block(Cidr.parse(text(text)));
    } catch (IllegalArgumentException e) {
      throw new Ec2Error("InvalidParameterValue", "CIDR block " + text + " is malformed");
    }
  }

  private static List<String> blocks(List<SecurityGroup.Rule> rules, boolean six) {
    List<String> blocks = new ArrayList<>();
    for (SecurityGroup.Rule rule : rules) {
      if (rule.peer() instanceof SecurityGroup.Block(Cidr block) && block.six() == six) {
        blocks.add(block.toString());
      }
    }
    return blocks;
  }

  private static Stream<String> members(List<SecurityGroup.Rule> rules) {
    return rules.stream()
        .flatMap(rule -> rule.peer() instanceof SecurityGroup.Members(String groupId) ? Stream.of(groupId) : Stream.empty());
  }

  private static String id(@Nullable String groupId) {
    if (groupId == null) {
      throw new Ec2Error("MissingParameter", "The request must contain the parameter groupId");
    }
    return groupId;
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
