package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcModel;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.AssociateSubnetCidrBlockRequest;
import software.amazon.awssdk.services.ec2.model.AssociateSubnetCidrBlockResponse;
import software.amazon.awssdk.services.ec2.model.AssociateVpcCidrBlockRequest;
import software.amazon.awssdk.services.ec2.model.AssociateVpcCidrBlockResponse;
import software.amazon.awssdk.services.ec2.model.DisassociateSubnetCidrBlockRequest;
import software.amazon.awssdk.services.ec2.model.DisassociateSubnetCidrBlockResponse;
import software.amazon.awssdk.services.ec2.model.DisassociateVpcCidrBlockRequest;
import software.amazon.awssdk.services.ec2.model.DisassociateVpcCidrBlockResponse;

/** Actions on the blocks of VPCs and subnets. */
final class BlockActions {
  private final VpcModel model;
  private final Shapes shapes;

  BlockActions(VpcModel model, Shapes shapes) {
    this.model = model;
    this.shapes = shapes;
  }

  void register(Actions actions) {
    actions.change("AssociateVpcCidrBlock", AssociateVpcCidrBlockRequest::builder, this::add, "VpcId");
    actions.change("DisassociateVpcCidrBlock", DisassociateVpcCidrBlockRequest::builder, this::remove, "AssociationId");
    actions.change("AssociateSubnetCidrBlock", AssociateSubnetCidrBlockRequest::builder, this::addToSubnet, "SubnetId");
    actions.change(
        "DisassociateSubnetCidrBlock",
        DisassociateSubnetCidrBlockRequest::builder,
        this::removeFromSubnet,
        "AssociationId");
  }

  private AssociateVpcCidrBlockResponse add(AssociateVpcCidrBlockRequest request) {
    Actions.notModelled(request.ipv6CidrBlock(), "ipv6CidrBlock");
    Actions.notModelled(request.ipv6Pool(), "ipv6Pool");
    Actions.notModelled(request.ipv6CidrBlockNetworkBorderGroup(), "ipv6CidrBlockNetworkBorderGroup");
    Actions.notModelled(request.ipv4IpamPoolId(), "ipv4IpamPoolId");
    Actions.notModelled(request.ipv4NetmaskLength(), "ipv4NetmaskLength");
    Actions.notModelled(request.ipv6IpamPoolId(), "ipv6IpamPoolId");
    Actions.notModelled(request.ipv6NetmaskLength(), "ipv6NetmaskLength");
    boolean six = Boolean.TRUE.equals(request.amazonProvidedIpv6CidrBlock());
    if (six == (request.cidrBlock() != null)) {
      throw new Ec2Error(
          six ? "InvalidParameterCombination" : "MissingParameter",
          "The request must contain exactly one of cidrBlock and amazonProvidedIpv6CidrBlock");
    }
    if (six) {
      Vpc changed = model.blocks().addIpv6(request.vpcId());
      return AssociateVpcCidrBlockResponse.builder()
          .vpcId(changed.id())
          .ipv6CidrBlockAssociation(shapes.association6(changed, changed.ipv6().orElseThrow(), "associating"))
          .build();
    }
    Cidr block = SubnetActions.block(request.cidrBlock(), "cidrBlock");
    Vpc changed = model.blocks().add(request.vpcId(), block);
    return AssociateVpcCidrBlockResponse.builder()
        .vpcId(changed.id())
        .cidrBlockAssociation(Shapes.association(changed, block, "associating"))
        .build();
  }

  private DisassociateVpcCidrBlockResponse remove(DisassociateVpcCidrBlockRequest request) {
    for (Vpc vpc : model.state().vpcs().values()) {
      for (Cidr block : vpc.cidrs()) {
        if (Shapes.cidrAssociation(vpc.id(), block).equals(request.associationId())) {
          Vpc changed = model.blocks().remove(vpc.id(), block);
          return DisassociateVpcCidrBlockResponse.builder()
              .vpcId(changed.id())
              .cidrBlockAssociation(Shapes.association(changed, block, "disassociating"))
              .build();
        }
      }
      @Nullable Cidr six = vpc.ipv6().orElse(null);
      if (six != null && Shapes.cidrAssociation(vpc.id(), six).equals(request.associationId())) {
        Vpc changed = model.blocks().removeIpv6(vpc.id());
        return DisassociateVpcCidrBlockResponse.builder()
            .vpcId(changed.id())
            .ipv6CidrBlockAssociation(shapes.association6(changed, six, "disassociating"))
            .build();
      }
    }
    throw new Ec2Error(
        "InvalidVpcCidrBlockAssociationID.NotFound",
        "The vpc CIDR block association ID '" + request.associationId() + "' does not exist");
  }

  private AssociateSubnetCidrBlockResponse addToSubnet(AssociateSubnetCidrBlockRequest request) {
    Actions.notModelled(request.ipv6IpamPoolId(), "ipv6IpamPoolId");
    Actions.notModelled(request.ipv6NetmaskLength(), "ipv6NetmaskLength");
    if (request.ipv6CidrBlock() == null) {
      throw new Ec2Error("MissingParameter", "The request must contain the parameter ipv6CidrBlock");
    }
    Cidr block = SubnetActions.block(request.ipv6CidrBlock(), "ipv6CidrBlock");
    Subnet changed = model.blocks().addIpv6(request.subnetId(), block);
    return AssociateSubnetCidrBlockResponse.builder()
        .subnetId(changed.id())
        .ipv6CidrBlockAssociation(Shapes.association6(changed, block, "associating"))
        .build();
  }

  private DisassociateSubnetCidrBlockResponse removeFromSubnet(DisassociateSubnetCidrBlockRequest request) {
    for (Subnet subnet : model.state().subnets().values()) {
      @Nullable Cidr six = subnet.ipv6().orElse(null);
      if (six != null && Shapes.cidrAssociation6(subnet, six).equals(request.associationId())) {
        Subnet changed = model.blocks().removeSubnetIpv6(subnet.id());
        return DisassociateSubnetCidrBlockResponse.builder()
            .subnetId(changed.id())
            .ipv6CidrBlockAssociation(Shapes.association6(changed, six, "disassociating"))
            .build();
      }
    }
    throw new Ec2Error(
        "InvalidSubnetCidrBlockAssociationID.NotFound",
        "The subnet CIDR block association ID '" + request.associationId() + "' does not exist");
  }
}
