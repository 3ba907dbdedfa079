package dev.patchbay.mode.secondaryip;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.plans.LocalEgress;
import dev.patchbay.spi.plans.PodEgress;
import dev.patchbay.spi.plans.RoutedPod;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;

/**
 * Routed pods with addresses of the VPC.
 */
final class SecondaryIpDatapath implements DatapathPlanner {
  private static final LocalEgress IPV6 = LocalEgress.of(AddressFamily.IPV6);

  private final boolean egress;

  /**
   * Makes it.
   *
   * @param egress whether pods reach IPv6 as the node
   */
  SecondaryIpDatapath(boolean egress) {
    this.egress = egress;
  }

  @Override
  public Answer<DatapathPlan> node(NodeView node) {
    Answer<DatapathPlan> own = PodEgress.ofVpcAddresses(node);
    return egress ? PodEgress.both(own, IPV6.node(node)) : own;
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    return RoutedPod.attachment(attachment,
        attachment.addresses().stream().filter(a -> a.address().family() == AddressFamily.IPV4 || IPV6.holds(a)).toList());
  }
}
