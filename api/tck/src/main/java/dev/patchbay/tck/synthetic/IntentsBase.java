package dev.patchbay.tck.synthetic;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeContext;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.Setting;
import dev.patchbay.spi.SettingException;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.RateLimit;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Translation;
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
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import java.util.List;
import java.util.Optional;

/**
 * A base for IPv4 with a setting of every type, all of them used, and with every intent: translation with exceptions, return
 * paths, port mappings and rate limits. Live attachments may be planned again.
 */
final class IntentsBase extends Synthetic {
  IntentsBase() {
    super("intents");
  }

  @Override
  public ModeDescriptor descriptor() {
    return ModeDescriptor.of("Supplies IPv4 addresses, with a setting of every type.")
        .role(Role.base(AddressFamily.IPV4)).needs(StockBase.NEEDS)
        .setting(Setting.text("hostAddress", "The one address of the node for published ports. Empty for all.").withDefault(""))
        .setting(Setting.choice("ports", "How translation chooses ports.", "random-fully", "random", "kernel")
            .withDefault("random-fully").fromEnvironment("AWS_VPC_K8S_CNI_RANDOMIZESNAT"))
        .setting(Setting.number("most", "How many interfaces there are at most.", 1, 100).withDefault(3))
        .setting(Setting.number("least", "How many interfaces are reserved.", 0, 100).withDefault(0))
        .setting(Setting.truth("translate", "Whether pods leave the VPC as the node does.").withDefault(true))
        .setting(Setting.duration("burst", "How long a pod may exceed its rate.").withDefault(100))
        .setting(Setting.texts("protocols", "The protocols whose ports are published.").withDefault(List.of("tcp", "udp")))
        .setting(Setting.cidrs("exceptions", "Networks that are reached without translation.").withDefault(List.of()))
        .setting(Setting.fields("targets", "Further targets: warm, the number of free addresses.")
            .withDefault(Fields.empty().with("warm", 2)))
        .build();
  }

  @Override
  public NetworkMode create(ModeContext context) {
    Fields settings = context.settings();
    if (settings.number("least").orElse(0) > settings.number("most").orElse(0)) {
      throw new SettingException("least", "More interfaces are reserved than there may be.",
          "Write a number that is not greater than \"most\".");
    }
    String address = settings.text("hostAddress").orElse("");
    if (!address.isEmpty()) {
      try {
        IpAddress.of(address);
      } catch (IllegalArgumentException e) {
        throw new SettingException("hostAddress", "\"" + address + "\" is no address.", "Write an IPv4 address, or nothing.");
      }
    }
    return new Mode(settings);
  }

  private record Mode(Fields settings) implements NetworkMode, EniPlanner, AddressPlanner, DatapathPlanner {
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

    private int number(String name) {
      return Math.toIntExact(settings.number(name).orElseThrow());
    }

    @Override
    public Answer<EniPlan> plan(NodeView node) {
      return Answer.of(EniPlan.of(
          Lane.named(Lane.DEFAULT).withPrimary(true).withMost(number("most")).withReserve(number("least"))));
    }

    @Override
    public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
      int warm = (int) settings.fields("targets").number("warm").orElse(0);
      AddressSource stock = AddressSource.stock(List.of(Unit.SINGLE), Targets.none().withWarmAddresses(warm));
      return Answer.of(AddressPlan.of(lanes.lanes().stream().filter(Lane::pods)
          .map(lane -> new AddressPlan.Supply(lane.name(), AddressFamily.IPV4, stock)).toList()));
    }

    @Override
    public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
      return Answer.of(List.of(AddressRequest.fromChosenLane(AddressFamily.IPV4)));
    }

    @Override
    public Answer<DatapathPlan> node(NodeView node) {
      DatapathPlan plan = DatapathPlan.of(node.enis().stream().filter(e -> e.lane().isPresent())
          .map(e -> (dev.patchbay.spi.datapath.PlanElement) ReturnPath.of(e.id())).toList());
      Optional<IpAddress> own = node.primaryEni().primaryAddress(AddressFamily.IPV4);
      if (own.isEmpty() || !settings.isTrue("translate")) {
        return Answer.of(plan);
      }
      List<Cidr> exceptions = java.util.stream.Stream.concat(node.vpcCidrs(AddressFamily.IPV4).stream(),
          settings.texts("exceptions").stream().map(Cidr::of)).filter(c -> c.family() == AddressFamily.IPV4).toList();
      return Answer.of(plan.and(Translation.of(node.primaryEni().subnet().cidrs(AddressFamily.IPV4), own.get())
          .withExceptions(exceptions).withPorts(settings.required("ports"))));
    }

    @Override
    public Answer<DatapathPlan> attachment(AttachmentView attachment) {
      DatapathPlan plan = Routed.plan(attachment);
      IpAddress own = attachment.addresses().getFirst().address();
      Device device = Device.named(attachment.hostInterfaceName());
      for (Fields asked : attachment.capabilities().list("portMappings")) {
        if (settings.texts("protocols").contains(asked.required("protocol"))) {
          PortMapping mapping = PortMapping.of(asked.required("protocol"), (int) asked.number("hostPort").orElseThrow(), own,
              (int) asked.number("containerPort").orElseThrow());
          String host = settings.required("hostAddress");
          plan = plan.and(host.isEmpty() ? mapping : mapping.withHostAddress(IpAddress.of(host)));
        }
      }
      Fields bandwidth = attachment.capabilities().fields("bandwidth");
      long toPod = bandwidth.number("ingressRate").orElse(0);
      long fromPod = bandwidth.number("egressRate").orElse(0);
      if (toPod > 0) {
        plan = plan.and(RateLimit.toPod(device, toPod, burst(toPod)));
      }
      if (fromPod > 0) {
        plan = plan.and(RateLimit.fromPod(device, fromPod, burst(fromPod)));
      }
      return Answer.of(plan);
    }

    private long burst(long rate) {
      return Math.max(1, rate * settings.number("burst").orElseThrow() / 1_000);
    }

    @Override
    public boolean replansLiveAttachments() {
      return true;
    }
  }
}
