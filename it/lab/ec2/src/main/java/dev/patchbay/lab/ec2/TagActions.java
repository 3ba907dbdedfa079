package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.EgressOnlyGateway;
import dev.patchbay.lab.vpc.Gateway;
import dev.patchbay.lab.vpc.InternetGateway;
import dev.patchbay.lab.vpc.NatGateway;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.model.CreateTagsRequest;
import software.amazon.awssdk.services.ec2.model.CreateTagsResponse;
import software.amazon.awssdk.services.ec2.model.DeleteTagsRequest;
import software.amazon.awssdk.services.ec2.model.DeleteTagsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeTagsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeTagsResponse;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagDescription;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** Actions on tags. */
final class TagActions {
  private final VpcModel model;
  private final Filters<TagDescription> filters =
      new Filters<TagDescription>(tag -> Map.of(tag.key(), tag.value()))
          .one("key", TagDescription::key)
          .one("value", TagDescription::value)
          .one("resource-id", TagDescription::resourceId)
          .one("resource-type", TagDescription::resourceTypeAsString);

  TagActions(VpcModel model) {
    this.model = model;
  }

  void register(Actions actions) {
    actions.change("CreateTags", CreateTagsRequest::builder, this::create);
    actions.change("DeleteTags", DeleteTagsRequest::builder, this::delete);
    actions.read("DescribeTags", DescribeTagsRequest::builder, this::describe);
  }

  /** The tags that a request gives to what it makes. */
  static Map<String, String> specified(List<TagSpecification> specifications, String resourceType) {
    Map<String, String> tags = new TreeMap<>();
    for (TagSpecification each : specifications) {
      if (!resourceType.equals(each.resourceTypeAsString())) {
        throw new Ec2Error(
            "InvalidParameterValue",
            "'" + each.resourceTypeAsString() + "' is not a valid taggable resource type for this operation.");
      }
      tags.putAll(map(each.tags()));
    }
    return tags;
  }

  private CreateTagsResponse create(CreateTagsRequest request) {
    require(request.resources(), "resourceIdSet");
    require(request.tags(), "tagSet");
    model.tags().create(request.resources(), map(request.tags()));
    return CreateTagsResponse.builder().build();
  }

  private DeleteTagsResponse delete(DeleteTagsRequest request) {
    require(request.resources(), "resourceIdSet");
    Map<String, Optional<String>> tags = new TreeMap<>();
    request.tags().forEach(tag -> tags.put(key(tag), Optional.ofNullable(tag.value())));
    model.tags().delete(request.resources(), tags);
    return DeleteTagsResponse.builder().build();
  }

  private DescribeTagsResponse describe(VpcState state, DescribeTagsRequest request) {
    List<TagDescription> all = new ArrayList<>();
    state.vpcs().values().forEach(each -> add(all, "vpc", each.id(), each.tags()));
    state.subnets().values().forEach(each -> add(all, "subnet", each.id(), each.tags()));
    state.groups().values().forEach(each -> add(all, "security-group", each.id(), each.tags()));
    state.instances().values().forEach(each -> add(all, "instance", each.id(), each.tags()));
    state.interfaces().values().forEach(each -> add(all, "network-interface", each.id(), each.tags()));
    state.routeTables().values().forEach(each -> add(all, "route-table", each.id(), each.tags()));
    state.gateways().values().forEach(each -> add(all, kind(each), each.id(), each.tags()));
    state.elasticAddresses().values().forEach(each -> add(all, "elastic-ip", each.allocationId(), each.tags()));
    state.reservations().values().forEach(each -> add(all, "subnet-cidr-reservation", each.id(), each.tags()));
    Page<TagDescription> page =
        Page.of(
            all.stream().filter(filters.of(request.filters())).toList(),
            tag -> tag.resourceId() + " " + tag.key(),
            request.maxResults(),
            request.nextToken(),
            0);
    return DescribeTagsResponse.builder().tags(page.items()).nextToken(page.nextToken()).build();
  }

  private static String kind(Gateway gateway) {
    return switch (gateway) {
      case InternetGateway internet -> "internet-gateway";
      case NatGateway nat -> "natgateway";
      case EgressOnlyGateway egressOnly -> "egress-only-internet-gateway";
    };
  }

  private static void add(List<TagDescription> into, String type, String id, Map<String, String> tags) {
    tags.forEach(
        (key, value) -> into.add(TagDescription.builder().resourceId(id).resourceType(type).key(key).value(value).build()));
  }

  private static Map<String, String> map(List<Tag> tags) {
    Map<String, String> map = new TreeMap<>();
    for (Tag tag : tags) {
      if (map.put(key(tag), tag.value() == null ? "" : tag.value()) != null) {
        throw new Ec2Error("InvalidParameterValue", "Duplicate tag key '" + tag.key() + "' specified.");
      }
    }
    return map;
  }

  private static String key(Tag tag) {
    if (tag.key() == null) {
      throw new Ec2Error("MissingParameter", "The request must contain the parameter Tag.Key");
    }
    return tag.key();
  }

  private static void require(List<?> values, String name) {
    if (values.isEmpty()) {
      throw new Ec2Error("MissingParameter", "The request must contain the parameter " + name);
    }
  }
}
