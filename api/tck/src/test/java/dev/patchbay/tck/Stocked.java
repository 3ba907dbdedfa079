package dev.patchbay.tck;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeContext;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.EniPlanner;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressPlanner;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.tck.synthetic.SyntheticModes;
import java.util.List;
import java.util.Optional;

/** A sound base, of which tests spoil one thing each. */
class Stocked implements NetworkModeProvider, NetworkMode, EniPlanner, AddressPlanner, DatapathPlanner {
  private final NetworkModeProvider sound = SyntheticModes.stock();
  private final NetworkMode mode = sound.create(Fields::empty);

  @Override
  public String id() {
    return "stocked";
  }

  Needs needs() {
    return sound.descriptor().needs();
  }

  ModeDescriptor.Builder described() {
    return ModeDescriptor.of("Supplies IPv4 addresses from a stock.").role(Role.base(AddressFamily.IPV4)).needs(needs());
  }

  @Override
  public ModeDescriptor descriptor() {
    return described().build();
  }

  @Override
  public NetworkMode create(ModeContext context) {
    return this;
  }

  @Override
  public Optional<EniPlanner> eniPlanner() {
    return Optional.of(this);
  }

  @Override
  public Optional<AddressPlanner> addressPlanner() {
    return Optional.of(this);
  }

  @Override
  public Optional<DatapathPlanner> datapathPlanner() {
    return Optional.of(this);
  }

  @Override
  public Answer<EniPlan> plan(NodeView node) {
    return mode.eniPlanner().orElseThrow().plan(node);
  }

  @Override
  public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
    return mode.addressPlanner().orElseThrow().plan(node, lanes);
  }

  @Override
  public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
    return mode.addressPlanner().orElseThrow().addresses(attachment);
  }

  @Override
  public Answer<DatapathPlan> node(NodeView node) {
    return mode.datapathPlanner().orElseThrow().node(node);
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    return mode.datapathPlanner().orElseThrow().attachment(attachment);
  }
}
