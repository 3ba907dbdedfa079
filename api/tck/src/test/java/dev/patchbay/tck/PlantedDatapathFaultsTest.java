package dev.patchbay.tck;

import static dev.patchbay.tck.Contracts.assertFound;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Modes whose plans for the kernel have a fault each: the contract finds it, and says what is wrong. */
class PlantedDatapathFaultsTest {
  private static final String PLAN = "itsAttachmentPlansCanBeDone";

  @Test
  void findsAMissingKernelFeature() {
    assertFound(new Stocked() {
      @Override
      Needs needs() {
        return Needs.none().withNodeActions(super.needs().nodeActions().toArray(String[]::new)).withKernelFeatures("nftables");
      }
    }, PLAN, "veth");
  }

  @Test
  void findsASysctlThatIsNotDeclared() {
    assertFound(new Stocked() {
      @Override
      public Answer<DatapathPlan> node(NodeView node) {
        return Answer.of(DatapathPlan.of(Sysctl.of(Space.HOST, "net.ipv4.conf.all.rp_filter", "0")));
      }
    }, "itsNodePlanCanBeDone", "rp_filter");
  }

  /** A base whose attachments have one more element at the end. */

  private static Stocked with(java.util.function.Function<AttachmentView, PlanElement> element) {
    return new Stocked() {
      @Override
      public Answer<DatapathPlan> attachment(AttachmentView attachment) {
        return Answer.of(super.attachment(attachment).plan().orElseThrow().and(element.apply(attachment)));
      }
    };
  }

  @Test
  void findsAnAddressThatNobodyGave() {
    IpAddress foreign = IpAddress.of("10.0.1.99");
    assertFound(with(a -> Delivery.of(foreign, Device.named(a.hostInterfaceName()))), PLAN, "10.0.1.99");
    assertFound(with(a -> PortMapping.of("tcp", 80, foreign, 80)), PLAN, "10.0.1.99");
  }

  @Test
  void findsADeviceThatNobodyMade() {
    assertFound(with(a -> Route.to(Space.POD, Table.MAIN, Cidr.of("192.0.2.0/24"), Device.named("eth9"))), PLAN, "eth9");
    assertFound(with(a -> Route.to(Space.HOST, Table.PODS, Cidr.of("192.0.2.0/24"), Device.named("docker0"))), PLAN, "docker0");
    assertFound(with(a -> Route.to(Space.HOST, Table.MAIN, Cidr.of("192.0.2.0/24"), Device.ofEni("eni-nowhere"))), PLAN,
        "eni-nowhere");
  }

  @Test
  void findsAnOrderThatTheKernelWouldRefuse() {
    assertFound(new Stocked() {
      @Override
      public Answer<DatapathPlan> attachment(AttachmentView attachment) {
        return Answer.of(DatapathPlan.of(super.attachment(attachment).plan().orElseThrow().elements().reversed()));
      }
    }, PLAN, "devices of namespace");
  }

  @Test
  void findsAWayOutByTheWrongInterface() {
    assertFound(with(a -> SourceEgress.of(a.addresses().getFirst().address().asCidr(),
        a.node().enis().stream().map(e -> e.id()).filter(id -> !id.equals(
            a.addresses().getFirst().eni().orElseThrow().id())).findFirst().orElseThrow())), PLAN, "a VPC drops");
  }

  @Test
  void findsAnAttachmentThatChangesTheNode() {
    assertFound(with(a -> Sysctl.of(Space.HOST, "net.ipv4.ip_forward", "1")), PLAN, "changes the whole node");
  }

  @Test
  void findsTwoPodsWithOneDevice() {
    assertFound(new Stocked() {
      @Override
      public Answer<DatapathPlan> attachment(AttachmentView attachment) {
        return Answer.of(DatapathPlan.of(VethPair.of("eth0", "pod0", 1500)));
      }
    }, "twoPodsShareNoDevice", "pod0");
  }

  @Test
  void findsAnElementOfAnotherVersion() {
    assertFound(with(a -> PlanElement.of("element-of-tomorrow", Fields.empty())), PLAN, "no element of this version");
  }

  @Test
  void findsAnActThatIsForgotten() {
    assertFound(new Stocked() {
      @Override
      public Answer<DatapathPlan> attachment(AttachmentView attachment) {
        return attachment.outcome("plugin").equals(Fields.empty())
            ? Answer.of(DatapathPlan.of(Act.plugin("plugin", "{}", "net1"))) : super.attachment(attachment);
      }
    }, "itsActsCanBeUndone", "plugin");
  }

  @Test
  void findsActsWithoutEnd() {
    assertFound(new Stocked() {
      @Override
      public Answer<DatapathPlan> attachment(AttachmentView attachment) {
        List<PlanElement> acts = new ArrayList<>();
        do {
          acts.add(Act.device("device-" + acts.size(), "example.com/card"));
        } while (!attachment.outcome("device-" + (acts.size() - 1)).equals(Fields.empty()));
        return Answer.of(DatapathPlan.of(acts));
      }
    }, PLAN, "new acts");
  }
}
