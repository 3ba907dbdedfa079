package dev.patchbay.core.brain;

import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.EniPlanner;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressPlanner;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import java.util.List;
import java.util.Optional;

/** A base of one family with a lane and a source as given. */
record PlainBase(AddressFamily family, Lane lane, AddressSource source) implements NetworkMode {
  /** On the default lane, without the primary interface. */
  static ModeInstance of(AddressFamily family, AddressSource source) {
    return of(family, Lane.named(Lane.DEFAULT), source);
  }

  static ModeInstance of(AddressFamily family, Lane lane, AddressSource source) {
    return new ModeInstance("base-" + family, "1", ModeDescriptor.of("A base.").role(Role.base(family)).build(),
        new PlainBase(family, lane, source));
  }

  @Override
  public Optional<EniPlanner> eniPlanner() {
    return Optional.of(node -> Answer.of(EniPlan.of(lane)));
  }

  @Override
  public Optional<AddressPlanner> addressPlanner() {
    return Optional.of(new AddressPlanner() {
      @Override
      public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
        return Answer.of(AddressPlan.of(new AddressPlan.Supply(lane.name(), family, source)));
      }

      @Override
      public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
        return Answer.of(List.of(AddressRequest.fromChosenLane(family)));
      }
    });
  }

  @Override
  public Optional<DatapathPlanner> datapathPlanner() {
    return Optional.of(new DatapathPlanner() {
      @Override
      public Answer<DatapathPlan> node(NodeView node) {
        return Answer.of(DatapathPlan.empty());
      }

      @Override
      public Answer<DatapathPlan> attachment(AttachmentView attachment) {
        return Answer.of(DatapathPlan.of(VethPair.of(attachment.interfaceName(), attachment.hostInterfaceName(), 9001)));
      }
    });
  }
}
