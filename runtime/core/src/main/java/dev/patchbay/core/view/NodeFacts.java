package dev.patchbay.core.view;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.NodeIdentity;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What is known of the node and its interfaces, from whichever witness knew it last.
 *
 * @param identity who the node is
 * @param type the limits of its instance type
 * @param enis the attached interfaces, in the order of card and device index
 * @param subnets the subnets that are known
 * @param vpcCidrs the VPC's networks of both families
 */
public record NodeFacts(NodeIdentity identity, InstanceTypeRecord type, List<Eni> enis, List<SubnetRecord> subnets,
    List<Cidr> vpcCidrs) {
  private static final Comparator<Eni> ORDER = Comparator.comparingInt(Eni::card).thenComparingInt(Eni::device);

  /**
   * Orders the interfaces and copies.
   */
  public NodeFacts {
    List<Eni> inOrder = new ArrayList<>(enis);
    inOrder.sort(ORDER);
    enis = List.copyOf(inOrder);
    subnets = List.copyOf(subnets);
    vpcCidrs = List.copyOf(vpcCidrs);
  }

  /**
   * An attached interface.
   *
   * @param record what a witness said of it
   * @param number its number on the node, 1 to 127, kept while it is attached
   * @param lane the lane that it belongs to; empty for one that is left alone
   */
  public record Eni(EniRecord record, int number, Optional<String> lane) {
    /**
     * {@return its id}
     */
    public String id() {
      return record.id();
    }

    int card() {
      return record.attachment().map(EniRecord.Attachment::networkCard).orElse(0);
    }

    int device() {
      return record.attachment().map(EniRecord.Attachment::deviceIndex).orElse(Integer.MAX_VALUE);
    }
  }

  /**
   * {@return an interface}
   * @param id its id
   */
  public Optional<Eni> eni(String id) {
    for (Eni eni : enis) {
      if (eni.id().equals(id)) {
        return Optional.of(eni);
      }
    }
    return Optional.empty();
  }

  /**
   * {@return the primary interface}
   */
  public Eni primary() {
    for (Eni eni : enis) {
      if (eni.record().mac().equals(identity.primaryMac())) {
        return eni;
      }
    }
    throw new IllegalStateException("no interface has the primary hardware address");
  }

  /**
   * {@return a subnet}
   * @param id its id
   */
  public Optional<SubnetRecord> subnet(String id) {
    for (SubnetRecord subnet : subnets) {
      if (subnet.id().equals(id)) {
        return Optional.of(subnet);
      }
    }
    return Optional.empty();
  }

  /**
   * {@return the VPC's networks of a family}
   * @param family the family
   */
  public List<Cidr> vpcCidrs(AddressFamily family) {
    return vpcCidrs.stream().filter(c -> c.family() == family).toList();
  }

  /**
   * {@return these facts with other interfaces}
   * @param enis the interfaces
   */
  public NodeFacts withEnis(List<Eni> enis) {
    return new NodeFacts(identity, type, enis, subnets, vpcCidrs);
  }

  /**
   * {@return these facts with other subnets}
   * @param subnets the subnets
   */
  public NodeFacts withSubnets(List<SubnetRecord> subnets) {
    return new NodeFacts(identity, type, enis, subnets, vpcCidrs);
  }

  /**
   * {@return these facts with other networks of the VPC}
   * @param cidrs the networks
   */
  public NodeFacts withVpcCidrs(List<Cidr> cidrs) {
    return new NodeFacts(identity, type, enis, subnets, cidrs);
  }
}
