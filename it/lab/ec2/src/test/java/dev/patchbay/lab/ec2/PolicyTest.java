package dev.patchbay.lab.ec2;

import static dev.patchbay.lab.ec2.World.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** Each caller may do what its policy allows, and nothing else. */
class PolicyTest {
  private final World world = new World();

  /** As a cluster's operator writes it: interfaces of this cluster alone. */
  private static final String SCOPED =
      """
      {
        "Version": "2012-10-17",
        "Statement": [
          {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"},
          {"Effect": "Allow", "Action": "ec2:CreateNetworkInterface",
           "Resource": ["arn:aws:ec2:*:*:subnet/*", "arn:aws:ec2:*:*:security-group/*"]},
          {"Effect": "Allow", "Action": "ec2:CreateNetworkInterface", "Resource": "arn:aws:ec2:*:*:network-interface/*",
           "Condition": {"StringEquals": {"aws:RequestTag/cluster": "blue"}}},
          {"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "arn:aws:ec2:*:*:network-interface/*",
           "Condition": {"StringEquals": {"ec2:CreateAction": "CreateNetworkInterface"},
                         "ForAllValues:StringEquals": {"aws:TagKeys": ["cluster", "Name"]}}},
          {"Effect": "Allow", "Action": ["ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses"], "Resource": "*",
           "Condition": {"StringEquals": {"aws:ResourceTag/cluster": "blue"}}},
          {"Effect": "Deny", "Action": "ec2:AssignPrivateIpAddresses", "Resource": "*",
           "Condition": {"StringLike": {"ec2:ResourceTag/Name": "frozen-*"}}}
        ]
      }
      """;

  private Ec2Client caller(String policy) {
    Ec2Client made = world.client("scoped", Set.of());
    world.server.callers().allow("scoped", Policy.parse(policy));
    return made;
  }

  private static TagSpecification tags(String... keysAndValues) {
    List<Tag> tags = new java.util.ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      tags.add(Tag.builder().key(keysAndValues[i]).value(keysAndValues[i + 1]).build());
    }
    return TagSpecification.builder().resourceType(ResourceType.NETWORK_INTERFACE).tags(tags).build();
  }

  private String create(Ec2Client client, TagSpecification... tags) {
    return client
        .createNetworkInterface(r -> r.subnetId(world.subnet.id()).tagSpecifications(tags))
        .networkInterface()
        .networkInterfaceId();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void interfacesOfOneClusterAlone() {
    Ec2Client scoped = caller(SCOPED);
    refused("UnauthorizedOperation", () -> create(scoped));
    refused("UnauthorizedOperation", () -> create(scoped, tags("cluster", "green")));
    refused("UnauthorizedOperation", () -> create(scoped, tags("cluster", "blue", "other", "key")));
    String own = create(scoped, tags("cluster", "blue"));
    scoped.assignPrivateIpAddresses(r -> r.networkInterfaceId(own).secondaryPrivateIpAddressCount(1));
    refused(
        "UnauthorizedOperation",
        () -> scoped.createTags(r -> r.resources(own).tags(Tag.builder().key("Name").value("x").build())));
    String frozen = create(scoped, tags("cluster", "blue", "Name", "frozen-1"));
    assertThatThrownBy(() -> scoped.assignPrivateIpAddresses(r -> r.networkInterfaceId(frozen).secondaryPrivateIpAddressCount(1)))
        .isInstanceOf(Ec2Exception.class)
        .hasMessageContaining("with an explicit deny")
        .hasMessageContaining("arn:aws:ec2:eu-west-1:111122223333:network-interface/" + frozen);
    String other = create(world.client, tags("cluster", "green"));
    refused("UnauthorizedOperation", () -> scoped.deleteNetworkInterface(r -> r.networkInterfaceId(other)));
    scoped.deleteNetworkInterface(r -> r.networkInterfaceId(own));
    assertThat(world.model.state().interfaces()).containsKey(other).doesNotContainKey(own);
  }

  @Test
  void tagsThatComeWithAnInterfaceNeedThePermissionToTag() {
    Ec2Client maker = world.client("maker", Set.of("ec2:CreateNetworkInterface"));
    create(maker);
    assertThatThrownBy(() -> create(maker, tags("a", "b")))
        .isInstanceOf(Ec2Exception.class)
        .hasMessageContaining("ec2:CreateTags on resource: arn:aws:ec2:eu-west-1:111122223333:network-interface/*");
    assertThat(world.model.state().interfaces()).hasSize(2);
  }

  @Test
  void bothEndsOfAnAttachment() {
    String eni = create(world.client);
    String statement = "{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"ec2:A*Interface\", \"Resource\": %s}}";
    String interfaces = "\"arn:aws:ec2:*:*:network-interface/*\"";
    Ec2Client half = caller(statement.formatted(interfaces));
    refused(
        "UnauthorizedOperation",
        () -> half.attachNetworkInterface(r -> r.networkInterfaceId(eni).instanceId(world.node.id()).deviceIndex(1)));
    Ec2Client whole = caller(statement.formatted("[" + interfaces + ", \"arn:aws:ec2:*:*:instance/*\"]"));
    String attachment =
        whole
            .attachNetworkInterface(r -> r.networkInterfaceId(eni).instanceId(world.node.id()).deviceIndex(1))
            .attachmentId();
    Ec2Client detacher = caller(statement.formatted(interfaces).replace("A*", "Detach*Network"));
    refused("UnauthorizedOperation", () -> detacher.detachNetworkInterface(r -> r.attachmentId(attachment)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"StringEquals": {"aws:ResourceTag/a": ["x", "y"]}}          | true
          {"StringEquals": {"AWS:resourceTag/A": "y"}}                 | true
          {"StringEquals": {"aws:ResourceTag/a": "z"}}                 | false
          {"StringNotEquals": {"aws:ResourceTag/a": "z"}}              | true
          {"StringNotEquals": {"aws:ResourceTag/none": "z"}}           | true
          {"StringEquals": {"aws:ResourceTag/none": "z"}}              | false
          {"StringEqualsIfExists": {"aws:ResourceTag/none": "z"}}      | true
          {"StringLike": {"aws:ResourceTag/a": "?"}}                   | true
          {"StringNotLike": {"aws:ResourceTag/a": "?"}}                | false
          {"StringEqualsIgnoreCase": {"aws:ResourceTag/a": "Y"}}       | true
          {"Null": {"aws:ResourceTag/a": "false"}}                     | true
          {"Null": {"aws:ResourceTag/a": true}}                        | false
          {"Null": {"aws:ResourceTag/none": "true"}}                   | true
          {"ForAnyValue:StringEquals": {"aws:TagKeys": ["k", "m"]}}    | true
          {"ForAnyValue:StringEquals": {"aws:TagKeys": ["m"]}}         | false
          {"ForAllValues:StringEquals": {"aws:TagKeys": ["k"]}}        | false
          {"ForAllValues:StringEquals": {"aws:TagKeys": ["k", "l"]}}   | true
          {"ForAllValues:StringEquals": {"aws:None": ["k"]}}           | true
          {"StringEquals": {"ec2:Region": "x"}, "Null": {"aws:None": true}} | false
          """)
  void conditionsHold(String condition, boolean holds) {
    Policy policy =
        Policy.parse(
            "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"ec2:*\", \"Resource\": \"*\", \"Condition\": %s}]}"
                .formatted(condition));
    Resource resource =
        new Resource("arn:aws:ec2:r:1:x/y", Map.of("aws:resourcetag/a", List.of("y"), "aws:tagkeys", List.of("k", "l")));
    assertThat(policy.allows("ec2:CreateTags", resource)).isEqualTo(holds);
  }

  @Test
  void whatThePolicyLeavesOut() {
    Resource any = new Resource("arn:aws:ec2:r:1:instance/i-1", Map.of());
    Policy policy =
        Policy.parse("{\"Statement\": {\"Effect\": \"Allow\", \"NotAction\": \"ec2:Delete*\", \"NotResource\": \"*/i-2\"}}");
    assertThat(policy.allows("ec2:CreateTags", any)).isTrue();
    assertThat(policy.allows("ec2:DeleteTags", any)).isFalse();
    assertThat(policy.allows("ec2:CreateTags", new Resource("arn:aws:ec2:r:1:instance/i-2", Map.of()))).isFalse();
    assertThat(Policy.allowing(Set.of("ec2:describe*")).allows("ec2:DescribeVpcs", any)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nonsense                                                                       | no IAM policy
          {}                                                                             | no Statement
          {"Statement": 3}                                                               | no IAM policy
          {"Statement": {"Effect": "Maybe", "Action": "a", "Resource": "*"}}             | Allow or Deny
          {"Statement": {"Effect": "Allow", "Resource": "*"}}                            | needs Action or NotAction
          {"Statement": {"Effect": "Allow", "Action": "a"}}                              | needs Resource or NotResource
          {"Statement": {"Effect": "Allow", "Action": "a", "Resource": "*", "Principal": "*"}} | knows no Principal
          {"Statement": {"Effect": "Allow", "Action": "a", "Resource": "*", "Condition": {"IpAddress": {"a": "b"}}}} | no operator IpAddress
          """)
  void whatIsNoPolicyIsRefused(String json, String reason) {
    assertThatIllegalArgumentException().isThrownBy(() -> Policy.parse(json)).withMessageContaining(reason);
  }
}
