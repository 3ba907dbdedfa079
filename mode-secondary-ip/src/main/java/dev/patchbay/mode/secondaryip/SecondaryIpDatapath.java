package dev.patchbay.mode.secondaryip;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.plans.PodEgress;
import dev.patchbay.spi.plans.RoutedPod;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;

/**
 * Routed pods with addresses of the VPC.
 */
final class SecondaryIpDatapath implements DatapathPlanner {
  @Override
  public Answer<DatapathPlan> node(NodeView node) {
    return PodEgress.ofVpcAddresses(node);
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    return RoutedPod.attachment(attachment,
        attachment.addresses().stream().filter(a -> a.address().family() == AddressFamily.IPV4).toList());
  }
}
