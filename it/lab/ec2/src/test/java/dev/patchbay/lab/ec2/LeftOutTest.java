package dev.patchbay.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.VpcModel;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Request;

/** What EC2 has and the lab has not is refused in plain words, and never as if it were misspelt. */
class LeftOutTest {
  private final Actions actions =
      new Actions(new VpcModel(VpcModel.Settings.lab(1), InstantSource.system()), InstantSource.system());

  /** All actions of EC2's, as the SDK has them. */
  private static TreeSet<String> ofEc2() {
    return Arrays.stream(Ec2Client.class.getMethods())
        .flatMap(method -> Stream.of(method.getParameterTypes()))
        .filter(Ec2Request.class::isAssignableFrom)
        .map(type -> type.getSimpleName().replaceFirst("Request$", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Ec2Error refusal(String action) {
    return catchThrowableOfType(Ec2Error.class, () -> actions.find(action));
  }

  @Test
  void everyOtherActionOfEc2sIsSaidNotToBeModelled() {
    TreeSet<String> all = ofEc2();
    assertThat(all).hasSizeGreaterThan(600).containsAll(actions.names());
    all.removeAll(actions.names());
    for (String action : all) {
      Ec2Error refusal = refusal(action);
      assertThat(refusal.code()).as(action).isEqualTo("UnsupportedOperation");
      assertThat(refusal.status()).as(action).isEqualTo(400);
      assertThat(refusal.text()).as(action).startsWith("The lab does not model " + action + ".");
    }
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          DescribeNetworkAcls,                 network ACLs
          CreateNetworkAclEntry,               network ACLs
          ReplaceNetworkAclAssociation,        network ACLs
          CreateVpcPeeringConnection,          VPC peering
          AcceptVpcPeeringConnection,          VPC peering
          CreateTransitGateway,                transit gateways
          CreateTransitGatewayVpcAttachment,   transit gateways
          SearchTransitGatewayRoutes,          transit gateways
          CreateVpnGateway,                    VPNs
          CreateVpcEndpoint,                   endpoints
          CreateFlowLogs,                      flow logs
          CreateManagedPrefixList,             managed prefix lists
          AssociateAddress,                    elastic addresses but those of NAT gateways
          RunInstances,                        launches of instances
          CreateVpc,                           'VPCs that are made, changed or deleted by a client'
          DeleteVpc,                           'VPCs that are made, changed or deleted by a client'
          CreateDhcpOptions,                   DHCP options
          CreateVolume,                        'volumes, images and keys'
          """)
  void whatItIsAboutIsSaid(String action, String words) {
    assertThat(refusal(action).text()).contains("It has no " + words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DescribeNetworkACLs", "DescribeNetworkAcl", "describeVpcs", "Ec2", "Describe", "../Vpcs", "DescribeVpcs ", "java.lang.String"})
  void whatIsMisspeltIsSaidToBe(String action) {
    assertThat(refusal(action).code()).isEqualTo("InvalidAction");
  }
}
