package dev.patchbay.tck;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.tck.view.TestAttachment;
import dev.patchbay.tck.view.TestEni;
import dev.patchbay.tck.view.TestHeldAddress;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestSubnet;
import java.util.List;
import java.util.Optional;

/**
 * Plays EC2 and the ledger for {@link Rehearsal}: puts interfaces into lanes, prefixes on interfaces, addresses into hands.
 */
final class Stage {
  private final TestNode node;
  private int drawn;

  Stage(TestNode node) {
    this.node = node;
  }

  /** Gives each lane an interface or two, as far as the instance has slots. */
  static TestNode populate(TestNode bare, List<Lane> lanes) {
    TestNode node = bare;
    int subnet = 20;
    for (Lane lane : lanes) {
      subnet++;
      node = node.withLane(lane.name(), lane.origin());
      if (!lane.borrowed().isEmpty()) {
        continue;
      }
      if (node.interfaces().stream().anyMatch(e -> e.lane().equals(Optional.of(lane.name())))) {
        continue;
      }
      int wanted = lane.pods() ? 2 : 1;
      if (lane.primary()) {
        node = node.withEni(node.primaryEni().inLane(lane.name()));
        wanted--;
      }
      wanted = Math.min(wanted, lane.most().map(most -> lane.primary() ? most - 1 : most).orElse(wanted));
      for (int i = 0; i < wanted && room(node, lane); i++) {
        int number = node.interfaces().size();
        node = node.withEni(TestEni.numbered(number, subnet(node, lane, subnet)).withType(lane.interfaceType())
            .withNetworkCard(lane.networkCard()).inLane(lane.name()));
      }
    }
    return node;
  }

  private static boolean room(TestNode node, Lane lane) {
    if (lane.interfaceType().equals("branch")) {
      return true;
    }
    List<Integer> cards = node.instanceType().interfacesPerCard();
    int card = lane.networkCard();
    long used = node.interfaces().stream().filter(e -> e.networkCard() == card && !e.type().equals("branch")).count();
    return card < cards.size() && used < cards.get(card);
  }

  private static TestSubnet subnet(TestNode node, Lane lane, int number) {
    if (lane.subnets().isOfNode()) {
      return node.primaryEni().subnet();
    }
    TestSubnet subnet = TestSubnet.numbered(number).withTags(lane.subnets().tags());
    return lane.subnets().ids().isEmpty() ? subnet : subnet.withId(lane.subnets().ids().getFirst());
  }

  /** Puts a prefix on each interface of a lane that is supplied with prefixes first. */
  static TestNode stock(TestNode bare, Answer<AddressPlan> supplies) {
    TestNode node = bare;
    for (AddressPlan.Supply supply : supplies.plan().orElse(AddressPlan.of()).supplies()) {
      int length = switch (supply.source()) {
        case AddressSource.Stock stock when stock.units().getFirst() == Unit.PREFIX -> Unit.PREFIX.length(supply.family());
        case AddressSource.Range range when range.block().isEmpty() -> range.length();
        case AddressSource.Stock ignored -> 0;
        case AddressSource.Range ignored -> 0;
        case AddressSource.Given ignored -> 0;
        case AddressSource.OnDemand ignored -> 0;
      };
      if (length == 0) {
        continue;
      }
      int place = 1;
      for (TestEni eni : node.interfaces()) {
        if (eni.lane().equals(Optional.of(supply.lane())) && eni.prefixes(supply.family()).isEmpty()) {
          Cidr network = eni.subnet().cidrs(supply.family()).getFirst();
          // Above what single addresses and the interfaces' own are drawn from.
          long offset = supply.family() == AddressFamily.IPV4 ? 128 + 16L * place : (long) place << 48;
          node = node.withEni(eni.withPrefix(Cidr.containing(network.at(offset), length)));
          place++;
        }
      }
    }
    return node;
  }

  /** Draws an address; a refusal where the lane can't give one. */
  Answer<TestAttachment> draw(TestAttachment attachment, AddressRequest request, String chosen, AddressPlan supplies) {
    String lane = request.lane().orElse(chosen);
    AddressPlan.Supply supply = supplies.supply(lane, request.family()).orElseThrow(() -> new AssertionError(
        "The address plan supplies no " + request.family() + " to lane " + lane + ", from which it is asked: " + request));
    drawn++;
    boolean borrowed = request.role().equals(AddressRequest.ROLE_PLUGIN);
    List<TestEni> enis = node.interfaces().stream()
        .filter(e -> borrowed ? e.lane().isEmpty() && !e.primary() : e.lane().equals(Optional.of(lane))).toList();
    if (supply.source() instanceof AddressSource.Range range && range.block().isPresent()) {
      return held(attachment, range.block().get().at(1 + drawn), Optional.empty(), lane, request);
    }
    if (supply.source() instanceof AddressSource.Given) {
      IpAddress address = request.particular().orElseThrow(() -> new AssertionError("An address given is named: " + request));
      String eni = request.eni().orElseThrow(() -> new AssertionError("An address given lies on an interface: " + request));
      return held(attachment, address, node.eni(eni), lane, request);
    }
    if (enis.isEmpty()) {
      return Answer.refuse(Codes.INSTANCE_FULL, "Lane " + lane + " has no interface on this instance.",
          "Rehearse on another instance type.");
    }
    TestEni eni = enis.get(drawn % enis.size());
    IpAddress address = request.particular().orElseGet(() -> {
      List<Cidr> prefixes = eni.prefixes(request.family());
      return prefixes.isEmpty() ? eni.subnet().cidrs(request.family()).getFirst().at(50 + drawn)
          : prefixes.getFirst().at(1 + drawn);
    });
    return held(attachment, address, Optional.of(eni), lane, request);
  }

  private static Answer<TestAttachment> held(TestAttachment attachment, IpAddress address, Optional<? extends EniView> eni,
      String lane, AddressRequest request) {
    return Answer.of(attachment.withAddress(new TestHeldAddress(address, eni.map(e -> e), lane, request)));
  }

  /** What acts come to when a test says nothing else: a plugin that made its interface, a device that kubelet gave. */
  static Fields outcome(Act act) {
    if (act.type().equals("device")) {
      return Fields.empty().with("ids", List.of("0000:00:1f.6"));
    }
    Fields made = Fields.empty().with("name", act.interfaceName().orElse("net0")).with("sandbox", "/proc/self/ns/net");
    Fields ip = Fields.empty().with("address", "192.0.2.7/24").with("interface", 0);
    return Fields.empty().with("result",
        Fields.empty().with("cniVersion", "1.0.0").with("interfaces", List.of(made)).with("ips", List.of(ip)));
  }
}
