package dev.patchbay.lab.vpc;

import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/** Makes and changes security groups. */
public final class GroupOperations {
  private final VpcModel model;

  GroupOperations(VpcModel model) {
    this.model = model;
  }

  /** Makes a group that allows nothing in and everything out. */
  public SecurityGroup create(String vpcId, String name, String description, Map<String, String> tags) {
    return model.change(
        draft -> {
          Vpc vpc = draft.state().vpc(vpcId);
          Tags.check(tags);
          if (name.equals("default")) {
            throw new Ec2Error("InvalidGroup.Reserved", "Cannot use reserved security group name: default");
          }
          if (name.isEmpty() || name.length() > 255 || name.startsWith("sg-")) {
            throw new Ec2Error("InvalidParameterValue", "Invalid security group name '" + name + "'");
          }
          boolean taken =
              draft.state().groups().values().stream()
                  .anyMatch(g -> g.vpcId().equals(vpcId) && g.name().equals(name));
          if (taken) {
            throw new Ec2Error(
                "InvalidGroup.Duplicate", "The security group '" + name + "' already exists for VPC '" + vpcId + "'");
          }
          SecurityGroup group =
              new SecurityGroup(
                  model.ids().next("sg-"), vpcId, name, description, List.of(), everythingOut(vpc.ipv6().isPresent()), tags);
          draft.put(group);
          return group;
        });
  }

  /** Deletes a group that nothing uses. */
  public void delete(String groupId) {
    model.change(
        draft -> {
          SecurityGroup group = draft.state().group(groupId);
          if (group.name().equals("default")) {
            throw new Ec2Error(
                "CannotDelete", "the specified group: \"" + groupId + "\" name: \"default\" cannot be deleted by a user");
          }
          boolean used =
              draft.state().interfaces().values().stream().anyMatch(i -> i.groups().contains(groupId))
                  || draft.state().groups().values().stream()
                      .filter(g -> !g.id().equals(groupId))
                      .anyMatch(g -> refersTo(g.ingress(), groupId) || refersTo(g.egress(), groupId));
          if (used) {
            throw new Ec2Error("DependencyViolation", "resource " + groupId + " has a dependent object");
          }
          draft.remove(group);
          return group;
        });
  }

  /** Allows what arrives. */
  public SecurityGroup authorizeIngress(String groupId, List<SecurityGroup.Rule> rules) {
    return ingress(groupId, rules, SecurityGroup::plus);
  }

  /** Allows it no longer. */
  public SecurityGroup revokeIngress(String groupId, List<SecurityGroup.Rule> rules) {
    return ingress(groupId, rules, SecurityGroup::minus);
  }

  /** Allows what leaves. */
  public SecurityGroup authorizeEgress(String groupId, List<SecurityGroup.Rule> rules) {
    return egress(groupId, rules, SecurityGroup::plus);
  }

  /** Allows it no longer. */
  public SecurityGroup revokeEgress(String groupId, List<SecurityGroup.Rule> rules) {
    return egress(groupId, rules, SecurityGroup::minus);
  }

  /** The first rules of a group: IPv6 has one where the VPC has IPv6. */
  static List<SecurityGroup.Rule> everythingOut(boolean six) {
    SecurityGroup.Rule four = SecurityGroup.Rule.all(new SecurityGroup.Block(Cidr.parse("0.0.0.0/0")));
    return six ? List.of(four, SecurityGroup.Rule.all(new SecurityGroup.Block(Cidr.parse("::/0")))) : List.of(four);
  }

  private SecurityGroup ingress(
      String groupId, List<SecurityGroup.Rule> rules, BinaryOperator<List<SecurityGroup.Rule>> combine) {
    return model.change(
        draft -> {
          SecurityGroup group = draft.state().group(groupId);
          SecurityGroup changed = group.withIngress(checked(draft, combine.apply(group.ingress(), rules)));
          draft.put(changed);
          return changed;
        });
  }

  private SecurityGroup egress(
      String groupId, List<SecurityGroup.Rule> rules, BinaryOperator<List<SecurityGroup.Rule>> combine) {
    return model.change(
        draft -> {
          SecurityGroup group = draft.state().group(groupId);
          SecurityGroup changed = group.withEgress(checked(draft, combine.apply(group.egress(), rules)));
          draft.put(changed);
          return changed;
        });
  }

  private List<SecurityGroup.Rule> checked(Draft draft, List<SecurityGroup.Rule> rules) {
    int most = model.behaviour().quotas().rulesPerGroup();
    if (rules.size() > most) {
      throw new Ec2Error(
          "RulesPerSecurityGroupLimitExceeded",
          "The maximum number of rules per security group has been reached: " + most + ".");
    }
    for (SecurityGroup.Rule rule : rules) {
      if (rule.peer() instanceof SecurityGroup.Members members) {
        draft.state().group(members.groupId());
      }
    }
    return rules;
  }

  private static boolean refersTo(List<SecurityGroup.Rule> rules, String groupId) {
    return rules.stream().anyMatch(r -> r.peer() instanceof SecurityGroup.Members m && m.groupId().equals(groupId));
  }
}
