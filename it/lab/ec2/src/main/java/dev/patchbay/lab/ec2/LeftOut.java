package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ec2.model.Ec2Request;

/** What EC2 has and the lab has not, in words for who asks for it: not to be mistaken for a slip of the pen. */
final class LeftOut {
  private record Family(Pattern actions, String words) {}

  private static final List<Family> FAMILIES =
      List.of(
          family("NetworkAcl", "network ACLs: its packets pass as if every subnet had the default one, which allows all"),
          family("VpcPeering", "VPC peering: no packet goes from one VPC to another"),
          family("TransitGateway|CoreNetwork", "transit gateways: no packet goes from one VPC to another"),
          family("VpnGateway|VpnConnection|VpnTunnel|CustomerGateway|VpnConcentrator|ClientVpn|VgwRoute", "VPNs"),
          family("VpcEndpoint|VpcBlockPublicAccess|VpcEncryption", "endpoints, block-public-access and encryption of VPCs"),
          family("FlowLog|NetworkInsights|TrafficMirror|NetworkPerformance", "flow logs, traffic mirrors and analyses of the network"),
          family("PrefixList", "managed prefix lists"),
          family("Ipam|ByoipCidr|Byoasn|PublicIpv4Pool|Ipv6Pool|CoipPool|CoipCidr", "address managers and pools of one's own"),
          family("DhcpOptions", "DHCP options"),
          family("LocalGateway|CarrierGateway|RouteServer", "gateways of outposts and carriers, and route servers"),
          family("(Associate|Disassociate|Move|Restore)\\w*(Address|NatGatewayAddress)|AddressTransfer|AddressAttribute|AddressesAttribute|AddressToVpc|AddressToClassic",
              "elastic addresses but those of NAT gateways, one for each"),
          family("RunInstances|RunScheduledInstances|LaunchTemplate|SpotInstance|SpotFleet|Fleet|CapacityReservation|ReservedInstances|DedicatedHost|Hosts$",
              "launches of instances; the lab's own commands and tests launch them"),
          family("Vpcs?$|VpcAttribute|DefaultVpc|VpcTenancy|VpcClassicLink", "VPCs that are made, changed or deleted by a client"),
          family("Volume|Snapshot|Image|FpgaImage|KeyPair|Bundle|Conversion|ExportTask|ImportTask", "volumes, images and keys"));

  private LeftOut() {}

  private static Family family(String actions, String words) {
    return new Family(Pattern.compile(actions), words);
  }

  /** The refusal of an action that the lab has not. */
  static Ec2Error refusal(String action, Set<String> modelled) {
    if (!known(action)) {
      return new Ec2Error("InvalidAction", "The action " + action + " is not valid for this web service.");
    }
    String why =
        FAMILIES.stream()
            .filter(each -> each.actions().matcher(action).find())
            .findFirst()
            .map(each -> " It has no " + each.words() + ".")
            .orElse("");
    return new Ec2Error(
        "UnsupportedOperation",
        "The lab does not model " + action + "." + why + " It models " + String.join(", ", modelled) + ".");
  }

  /** Whether it is an action of EC2's at all: the SDK has a request for each. */
  private static boolean known(String name) {
    if (!name.matches("[A-Z][A-Za-z0-9]{2,80}")) {
      return false;
    }
    try {
      Class<?> request = Class.forName(Ec2Request.class.getPackageName() + "." + name + "Request");
      return Ec2Request.class.isAssignableFrom(request) && request != Ec2Request.class;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
