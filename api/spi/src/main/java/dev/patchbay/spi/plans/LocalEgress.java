package dev.patchbay.spi.plans;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.view.HeldAddressView;
import dev.patchbay.spi.view.NodeView;
import org.apiguardian.api.API;

/**
 * The family that a base mode does not give: a pod gets a hidden address of it from a block that every node has for itself, and reaches
 * everything of that family as the node. Nobody reaches the pod by it, and no EC2 call is made for it. Where another base gives pods
 * addresses of the family, this has no effect.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LocalEgress {
  /** Link-local, so it is nobody's address in a VPC; 1,022 pods. */
  private static final Cidr BLOCK_4 = Cidr.of("169.254.172.0/22");
  /** Unique local, so it is nobody's address in a VPC either; 1,023 pods. */
  private static final Cidr BLOCK_6 = Cidr.of("fd00::ac:0/118");

  private final AddressFamily family;

  private LocalEgress(AddressFamily family) {
    this.family = family;
  }

  /**
   * {@return the egress of a family}
   * @param family the family that pods have no address of otherwise
   */
  public static LocalEgress of(AddressFamily family) {
    return new LocalEgress(family);
  }

  /**
   * {@return the block of which pods have addresses}
   */
  public Cidr block() {
    return family == AddressFamily.IPV4 ? BLOCK_4 : BLOCK_6;
  }

  private String name() {
    return family == AddressFamily.IPV4 ? "ipv4-egress" : "ipv6-egress";
  }

  /**
   * {@return the lane, which has no interfaces: its addresses are the node's own affair}
   */
  public Lane lane() {
    return Lane.named(name()).withMost(0);
  }

  /**
   * {@return where the lane's addresses come from}
   */
  public AddressPlan.Supply supply() {
    return new AddressPlan.Supply(name(), family, AddressSource.local(block()));
  }

  /**
   * {@return what a pod asks for beside its own address}
   */
  public AddressRequest request() {
    return AddressRequest.from(name(), family).inRole(AddressRequest.ROLE_EGRESS).hidden();
  }

  /**
   * {@return whether an address is of this egress}
   * @param address an address of an attachment
   */
  public boolean holds(HeldAddressView address) {
    return address.lane().equals(name());
  }

  /**
   * Plans the node's part.
   *
   * @param node the node
   * @return the plan, with a finding where the node has no address of the family
   */
  public Answer<DatapathPlan> node(NodeView node) {
    Answer<DatapathPlan> local = PodEgress.ofLocalAddresses(node, block(), name());
    if (family == AddressFamily.IPV4 || !(local instanceof Answer.Planned<DatapathPlan> planned)) {
      return local;
    }
    // A router takes no router's advertisements unless it is told to, and the VPC announces the way out by them (ip-sysctl, accept_ra).
    DatapathPlan router = DatapathPlan.of(Sysctl.of(Space.HOST, "net.ipv6.conf.DEVICE.accept_ra", "2")
        .withDevice(Device.ofEni(node.primaryEni().id())));
    return Answer.of(router.and(planned.value()), planned.findings());
  }
}
