package dev.patchbay.core.kernel;

import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.net.Cidr;
import java.util.List;

/**
 * The node's own part of the datapath, whole: what is not in it and carries our mark goes.
 *
 * @param enis the interfaces that carry pods, and the primary one
 * @param plan the elements that modes planned for the node, in the order of the modes
 * @param vethPrefix the prefix of the names of pods' devices on the node
 * @param vpc the VPC's networks, as far as they are known
 */
public record NodeDatapath(List<EniPath> enis, DatapathPlan plan, String vethPrefix, List<Cidr> vpc) {
  /**
   * Copies the lists.
   */
  public NodeDatapath {
    enis = List.copyOf(enis);
    vpc = List.copyOf(vpc);
  }
}
