package dev.patchbay.core.cloud;

import dev.patchbay.spi.net.Cidr;
import java.util.List;

/**
 * What IMDS said, at one moment. It may lag behind EC2 by seconds after a change.
 *
 * @param identity who the node is
 * @param enis the attached interfaces
 * @param subnets their subnets
 * @param vpcCidrs the VPC's networks of both families
 */
public record InstanceMetadata(NodeIdentity identity, List<EniRecord> enis, List<SubnetRecord> subnets,
    List<Cidr> vpcCidrs) {
  /**
   * Copies the lists.
   */
  public InstanceMetadata {
    enis = List.copyOf(enis);
    subnets = List.copyOf(subnets);
    vpcCidrs = List.copyOf(vpcCidrs);
  }
}
