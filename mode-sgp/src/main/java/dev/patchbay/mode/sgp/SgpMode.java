package dev.patchbay.mode.sgp;

import dev.patchbay.mode.sgp.admission.SgpAdmission;
import dev.patchbay.mode.sgp.cluster.SgpCluster;
import dev.patchbay.mode.sgp.policy.Answers;
import dev.patchbay.mode.sgp.policy.Requests;
import dev.patchbay.mode.sgp.policy.WithoutTrunk;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.cluster.AdmissionPlanner;
import dev.patchbay.spi.cluster.ClusterPlanner;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.EniPlanner;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressPlanner;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.PodClaim;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.object.ObjectPlanner;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.spi.view.ObjectView;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Claims pods that asked for a branch, and gives them what the controller's annotation says. Branches are the controller's: the node
 * neither makes nor sees them, and their trunk alone is an interface of the instance. Where there is no trunk, such pods may share
 * interfaces that the node makes.
 */
final class SgpMode implements NetworkMode, EniPlanner, AddressPlanner, DatapathPlanner, PodClaim {
  static final String TRUNK = "trunk";
  static final String BRANCHES = "branches";

  private final BranchPath path;
  private final SharedPath sharedPath;
  private final SharedInterfaces shared;
  private final SgpAdmission admission;
  private final Optional<ClusterPlanner> cluster;

  SgpMode(Fields settings) {
    boolean strict = settings.required(SgpProvider.ENFORCING).equals(SgpProvider.STRICT);
    boolean ours = settings.required(SgpProvider.CONTROLLER).equals(SgpProvider.PATCHBAY);
    this.path = new BranchPath(strict);
    this.sharedPath = new SharedPath(strict);
    this.shared = new SharedInterfaces(WithoutTrunk.of(settings, ours), SgpCluster.ipv6(settings));
    this.admission = new SgpAdmission(settings.texts(SgpProvider.WRITERS));
    this.cluster = ours ? Optional.of(new SgpCluster(settings)) : Optional.empty();
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
  public Optional<ObjectPlanner> objectPlanner() {
    return Optional.of(new TrunkRequest());
  }

  @Override
  public Optional<AdmissionPlanner> admissionPlanner() {
    return Optional.of(admission);
  }

  @Override
  public Optional<ClusterPlanner> clusterPlanner() {
    return cluster;
  }

  /** The trunk's place is kept before there is one, so that pods' interfaces never take it. */
  @Override
  public Answer<EniPlan> plan(NodeView node) {
    Answer<EniPlan> lanes = shared.lanes(node);
    if (lanes.plan().isEmpty() || shared.holds(node)) {
      return lanes;
    }
    if (!node.instanceType().trunking()) {
      return Answer.refuse(Codes.INSTANCE_TYPE_UNSUITABLE, "The instance type " + node.instanceType().name() + " carries no trunk, so"
          + " no pod of this node can have a branch.", "Use a type with trunking, let such pods share ordinary"
              + " interfaces (" + WithoutTrunk.NAME + ": " + WithoutTrunk.SHARED_ENI + "), or leave the mode out for such nodes by an override.");
    }
    Lane trunk = Lane.named(TRUNK).withInterfaceType("trunk").withOwner(Lane.Owner.CLUSTER).withPods(false).withReserve(1)
        .withMost(1).withPriority(10);
    Lane branches = Lane.named(BRANCHES).withInterfaceType("branch").withOwner(Lane.Owner.CLUSTER);
    List<Lane> all = new ArrayList<>(List.of(trunk, branches));
    // Pods that started before there was a trunk keep what they have.
    all.addAll(lanes.plan().orElseThrow().lanes());
    return Answer.of(EniPlan.of(all));
  }

  @Override
  public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
    List<AddressPlan.Supply> supplies = new ArrayList<>(shared.supplies(node, lanes));
    if (lanes.lane(BRANCHES).isPresent()) {
      supplies.add(new AddressPlan.Supply(BRANCHES, AddressFamily.IPV4, AddressSource.given()));
      supplies.add(new AddressPlan.Supply(BRANCHES, AddressFamily.IPV6, AddressSource.given()));
    }
    return Answer.of(AddressPlan.of(supplies));
  }

  /** Both families, whatever the branch has: an address of another interface would be a way round its groups. */
  @Override
  public Answer<Set<AddressFamily>> claim(AttachmentView attachment) {
    Optional<ObjectView> pod = attachment.pod().object();
    if (pod.isEmpty()) {
      return Answer.pass();
    }
    if (Requests.asked(pod.get())) {
      return Answer.of(EnumSet.allOf(AddressFamily.class));
    }
    return Unasked.claim(attachment, pod.get());
  }

  @Override
  public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
    ObjectView pod = attachment.pod().object().orElseThrow();
    if (shared.holds(attachment.node()) && !pod.annotations().containsKey(Requests.KEY)) {
      return shared.addresses(attachment, pod);
    }
    Answer<Branch> read = Branch.of(attachment, pod);
    Optional<Branch> branch = read.plan();
    if (branch.isEmpty()) {
      return Answers.instead(read);
    }
    Answer<EniView> trunk = trunk(attachment);
    if (trunk.plan().isEmpty()) {
      return Answers.instead(trunk);
    }
    List<AddressRequest> requests = new ArrayList<>();
    branch.get().addresses().forEach(address -> requests.add(AddressRequest.from(BRANCHES, address.family()).particular(address)
        .on(branch.get().eni()).withDetails(branch.get().details(address.family()))));
    return Answer.of(requests);
  }

  /** The trunk of the node; its place in IMDS may show a moment after the annotation was written. */
  private static Answer<EniView> trunk(AttachmentView attachment) {
    Optional<EniView> trunk = attachment.node().lane(TRUNK).flatMap(lane -> lane.enis().stream().findFirst());
    return trunk.map(Answer::of).orElseGet(() -> Answer.refuse(Codes.OBJECT_INVALID, "Pod " + attachment.pod().name()
        + " has a branch, and the node sees no trunk among its interfaces yet.", "Look whether the instance has an interface of type"
        + " trunk; a pod that is tried again finds it once instance metadata and EC2 show it."));
  }

  @Override
  public Answer<DatapathPlan> node(NodeView node) {
    return sharedPath.node(node);
  }

  @Override
  public Answer<DatapathPlan> attachment(AttachmentView attachment) {
    if (SharedInterfaces.isOf(attachment)) {
      return sharedPath.attachment(attachment);
    }
    Answer<EniView> trunk = trunk(attachment);
    return trunk.plan().isEmpty() ? Answers.instead(trunk) : path.attachment(attachment, trunk.plan().orElseThrow());
  }
}
