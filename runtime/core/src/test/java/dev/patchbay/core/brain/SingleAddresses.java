package dev.patchbay.core.brain;

import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.EniPlanner;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressPlanner;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import java.util.List;
import java.util.Optional;

/** The least base mode: single IPv4 addresses from the default lane, with targets as given. */
record SingleAddresses(Targets targets) implements NetworkMode {
  static ModeInstance with(Targets targets) {
    return new ModeInstance("single", "1", ModeDescriptor.of("Single addresses.").role(Role.base(AddressFamily.IPV4)).build(),
        new SingleAddresses(targets));
  }

  @Override
  public Optional<EniPlanner> eniPlanner() {
    return Optional.of(node -> Answer.of(EniPlan.of(Lane.named(Lane.DEFAULT).withPrimary(true))));
  }

  @Override
  public Optional<AddressPlanner> addressPlanner() {
    return Optional.of(new AddressPlanner() {
      @Override
      public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
        return Answer.of(AddressPlan.of(lanes.lanes().stream().map(l -> new AddressPlan.Supply(l.name(), AddressFamily.IPV4,
            AddressSource.stock(List.of(Unit.SINGLE), targets))).toList()));
      }

      @Override
      public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
        return Answer.of(List.of(AddressRequest.fromChosenLane(AddressFamily.IPV4)));
      }
    });
  }

  @Override
  public Optional<DatapathPlanner> datapathPlanner() {
    return Optional.of(new DatapathPlanner() {
      @Override
      public Answer<DatapathPlan> node(NodeView node) {
        return Answer.of(DatapathPlan.of(node.enis().stream().<PlanElement>map(eni ->
            Sysctl.of(Space.HOST, "net.ipv4.conf.DEVICE.rp_filter", "2").withDevice(Device.ofEni(eni.id()))).toList())
            .and(ReturnPath.of(node.primaryEni().id())));
      }

      @Override
      public Answer<DatapathPlan> attachment(AttachmentView attachment) {
        return Answer.of(DatapathPlan.of(
            VethPair.of(attachment.interfaceName(), attachment.hostInterfaceName(), 9001),
            Delivery.of(attachment.addresses().getFirst().address(), Device.named(attachment.hostInterfaceName()))));
      }
    });
  }
}
