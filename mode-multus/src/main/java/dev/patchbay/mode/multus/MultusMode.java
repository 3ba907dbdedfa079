package dev.patchbay.mode.multus;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.EniPlanner;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressPlanner;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.ExtraAttachment;
import dev.patchbay.spi.ipam.ExtraPlanner;
import dev.patchbay.spi.ipam.PodClaim;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.object.ObjectPlanner;
import dev.patchbay.spi.plans.RoutedPod;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.spi.view.ObjectView;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Adds the interfaces that pods ask for, and takes the first of a pod to another lane where it asks for that. Everything about an
 * interface is decided from its objects once, before it is made.
 */
final class MultusMode implements NetworkMode, EniPlanner, AddressPlanner, DatapathPlanner, PodClaim, ExtraPlanner {
  private final Networks networks;
  private final NetworkStatus status;

  MultusMode(Fields settings) {
    this.networks = new Networks(settings);
    this.status = new NetworkStatus(settings.isTrue(MultusProvider.STATUS_OF_ALL));
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
  public Optional<PodClaim> podClaim() {
    return Optional.of(this);
  }

  @Override
  public Optional<ExtraPlanner> extraPlanner() {
    return Optional.of(this);
  }

  @Override
  public Optional<ObjectPlanner> objectPlanner() {
    return Optional.of(status);
  }

  /** A lane for each network whose addresses come from the VPC; no interface is made for it before a pod asks for it. */
  @Override
  public Answer<EniPlan> plan(NodeView node) {
    if (!node.objects().complete(Definitions.KIND)) {
      return Answer.waitFor(new ObjectRef(Definitions.KIND, "", ""), Codes.OBJECT_UNREADABLE, "NetworkAttachmentDefinitions have not been"
          + " heard of yet, so it is not known which networks have addresses of the VPC.", "Check that the node reaches the API server.");
    }
    if (!node.objects().complete(ObjectKind.NETWORK_FILE)) {
      return Answer.waitFor(new ObjectRef(ObjectKind.NETWORK_FILE, "", ""), Codes.OBJECT_UNREADABLE, "The node's files of networks have not"
          + " been read yet.", "Wait; they are read within a moment.");
    }
    Found found = networks(node);
    List<Lane> lanes = new ArrayList<>();
    found.lanes().forEach(network -> lanes.add(network.lane()));
    found.borrowed().stream().map(BorrowedNetwork.OnNode::lane).distinct().forEach(lanes::add);
    return Answer.of(EniPlan.of(lanes), found.findings());
  }

  /** The networks of which this node gives addresses, and what is wrong with others. */
  private record Found(List<LaneNetwork> lanes, List<BorrowedNetwork.OnNode> borrowed, List<Finding> findings) {}

  private static Found networks(NodeView node) {
    Found found = new Found(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (ObjectView object : node.objects().list(Definitions.KIND)) {
      try {
        if (Definitions.mayHaveOurAddresses(node, object)) {
          Definitions.Definition definition = Definitions.read(node, object);
          Optional<BorrowedNetwork> borrowed = BorrowedNetwork.of(definition);
          if (definition.configuration().isOurs()) {
            found.lanes().add(LaneNetwork.of(definition));
          } else if (borrowed.isPresent()) {
            on(node, borrowed.get()).ifPresent(found.borrowed()::add);
          }
        }
      } catch (Refusal e) {
        found.findings().add(e.reason().about(object.ref().namespace() + "/" + object.ref().name()));
      }
    }
    return found;
  }

  /** That a node has no such interface is of interest when a pod asks for it. */
  private static Optional<BorrowedNetwork.OnNode> on(NodeView node, BorrowedNetwork network) {
    try {
      return Optional.of(network.on(node));
    } catch (Refusal e) {
      return Optional.empty();
    }
  }

  @Override
  public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
    Set<AddressPlan.Supply> supplies = new LinkedHashSet<>();
    Found found = networks(node);
    for (BorrowedNetwork.OnNode network : found.borrowed()) {
      if (lanes.lane(network.lane().name()).isPresent()) {
        supplies.addAll(network.supplies());
      }
    }
    for (LaneNetwork network : found.lanes()) {
      if (lanes.lane(network.lane().name()).isPresent()) {
        supplies.addAll(network.supplies());
      }
    }
    return Answer.of(AddressPlan.of(supplies.toArray(new AddressPlan.Supply[0])));
  }

  @Override
  public Answer<Set<AddressFamily>> claim(AttachmentView attachment) {
    try {
      // Another plugin gives what it gives; of a lane, the other family is left to its base.
      return networks.ofFirst(attachment).<Answer<Set<AddressFamily>>>map(request -> Answer.of(request.isLane() ? request.families()
          : EnumSet.allOf(AddressFamily.class))).orElseGet(Answer::pass);
    } catch (Refusal e) {
      return e.answer();
    }
  }

  @Override
  public Answer<List<ExtraAttachment>> extras(AttachmentView first) {
    try {
      List<ExtraAttachment> extras = networks.further(first);
      return extras.isEmpty() ? Answer.pass() : Answer.of(extras);
    } catch (Refusal e) {
      return e.answer();
    }
  }

  @Override
  public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
    if (!attachment.request().has("network")) {
      try {
        return Answer.of(networks.ofFirst(attachment).map(MultusMode::requests).orElse(List.of()));
      } catch (Refusal e) {
        return e.answer();
      }
    }
    return Answer.of(requests(new Request(attachment.request())));
  }

  private static List<AddressRequest> requests(Request request) {
    return request.isLane() ? LaneNetwork.requests(request.lane(), request.families())
        : request.borrowed().map(lane -> BorrowedNetwork.requests(lane, request.families())).orElse(List.of());
  }

  @Override
  public Answer<DatapathPlan> node(NodeView node) {
    return Answer.of(DatapathPlan.of(List.copyOf(networks.ofEveryPod(node))));
  }

  private Answer<DatapathPlan> first(AttachmentView attachment) {
    if (attachment.addresses().stream().anyMatch(held -> !held.request().role().equals(AddressRequest.ROLE_PLUGIN))) {
      return RoutedPod.attachment(attachment, attachment.addresses());
    }
    try {
      Optional<Request> request = networks.ofFirst(attachment);
      return request.isEmpty() ? Answer.pass() : Plugins.plan(attachment, request.get(), DatapathPlan.empty());
    } catch (Refusal e) {
      return e.answer();
    }
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    if (!attachment.request().has("network")) {
      return first(attachment);
    }
    Request request = new Request(attachment.request());
    DatapathPlan defaults = DatapathPlan.of(DefaultRoutes.elements(attachment));
    if (!request.isLane()) {
      return Plugins.plan(attachment, request, defaults);
    }
    Answer<DatapathPlan> path = LanePath.plan(attachment, request);
    return path.plan().map(p -> Answer.of(p.and(defaults))).orElse(path);
  }
}
