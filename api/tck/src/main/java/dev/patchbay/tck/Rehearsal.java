package dev.patchbay.tck;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.DatapathPlanner;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.EniPlanner;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.LaneModifier;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressPlanner;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.ExtraAttachment;
import dev.patchbay.spi.ipam.ExtraPlanner;
import dev.patchbay.spi.ipam.PodClaim;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.spi.object.ObjectPlanner;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.tck.synthetic.SyntheticModes;
import dev.patchbay.tck.view.TestAttachment;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestPod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What the runtime does with a mode, rehearsed in memory: lanes get interfaces, pods get addresses, acts get outcomes, and at
 * the end stands the plan. A mode that is no base plays beside one. Not for several threads.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Rehearsal {
  /** More rounds of acts than any plan needs. */
  private static final int MOST_ROUNDS = 16;

  private final ModeUnderTest under;
  private final Player player;
  private final Player base;
  private final Answer<EniPlan> baseLanes;
  private final Answer<EniPlan> ownLanes;
  private final Answer<AddressPlan> supplies;
  private final Answer<AddressPlan> baseSupplies;
  private final TestNode node;
  private final Stage stage;

  private Rehearsal(ModeUnderTest under, Player player, TestNode bare) {
    this.under = under;
    this.player = player;
    this.base = isBase() ? player
        : new Player(under.base().orElseGet(SyntheticModes::stock), baseSettings(under), false);

    TestNode seen = seenBy(player, bare);
    Answer<EniPlan> planned = base.mode().eniPlanner().isEmpty() ? Answer.pass()
        : base.ask("lanes", NodeView.class, seenBy(base, bare), (m, n) -> m.eniPlanner().map(p -> p.plan(n)).orElseThrow());
    this.baseLanes = modified(planned, seen);
    this.ownLanes = isBase() || player.mode().eniPlanner().isEmpty() ? Answer.pass()
        : player.ask("lanes", NodeView.class, seen, (m, n) -> m.eniPlanner().map(p -> p.plan(n)).orElseThrow());

    List<Lane> lanes = new ArrayList<>();
    baseLanes.plan().ifPresent(p -> lanes.addAll(p.lanes()));
    ownLanes.plan().ifPresent(p -> lanes.addAll(p.lanes()));
    TestNode populated = Stage.populate(seen, lanes);
    this.baseSupplies = supplies(base, populated, baseLanes);
    this.supplies = isBase() ? baseSupplies
        : supplies(player, populated, ownLanes instanceof Answer.Pass<EniPlan> ? baseLanes : ownLanes);
    TestNode stocked = Stage.stock(Stage.stock(populated, baseSupplies), supplies);
    this.node = stocked;
    this.stage = new Stage(stocked);
  }

  /**
   * {@return a rehearsal of a mode with its defaults on {@link TestNode#create()}}
   * @param mode the mode
   */
  public static Rehearsal of(ModeUnderTest mode) {
    return of(mode, Fields.empty(), TestNode.create());
  }

  /**
   * {@return a rehearsal of a mode}
   * @param mode the mode
   * @param settings settings that differ from the defaults
   * @param node the node, without lanes
   */
  public static Rehearsal of(ModeUnderTest mode, Fields settings, TestNode node) {
    return new Rehearsal(mode, new Player(mode.provider(), mode.complete(settings), false), mode.prepared(node));
  }

  static Rehearsal of(ModeUnderTest mode, Player player, TestNode prepared) {
    return new Rehearsal(mode, player, prepared);
  }

  private static Fields baseSettings(ModeUnderTest under) {
    return ModeUnderTest.of(under.base().orElseGet(SyntheticModes::stock)).complete(Fields.empty());
  }

  private boolean isBase() {
    return player.descriptor().roles().stream().anyMatch(r -> r instanceof Role.Base);
  }

  private static TestNode seenBy(Player who, TestNode node) {
    return node.withObjects(node.objects().restrictedTo(who.descriptor().nodeReads()));
  }

  private Answer<EniPlan> modified(Answer<EniPlan> planned, TestNode seen) {
    if (player.mode().laneModifier().isEmpty() || planned.plan().isEmpty()) {
      return planned;
    }
    Answer<EniPlan> changed = player.ask("modified lanes", NodeView.class, seen,
        (m, n) -> m.laneModifier().map(p -> p.modify(n, planned.plan().orElseThrow())).orElseThrow());
    return changed instanceof Answer.Pass<EniPlan> ? planned : changed;
  }

  private static Answer<AddressPlan> supplies(Player who, TestNode node, Answer<EniPlan> lanes) {
    if (who.mode().addressPlanner().isEmpty() || lanes.plan().isEmpty()) {
      return Answer.pass();
    }
    return who.ask("supplies", NodeView.class, seenBy(who, node),
        (m, n) -> m.addressPlanner().map(p -> p.plan(n, lanes.plan().orElseThrow())).orElseThrow());
  }

  /**
   * {@return the lanes that the base planned, as changed by the mode if it is a modifier}
   */
  public Answer<EniPlan> baseLanes() {
    return baseLanes;
  }

  /**
   * {@return the lanes that the mode planned for itself beside the base's; {@link Answer#pass()} if it is the base or plans none}
   */
  public Answer<EniPlan> ownLanes() {
    return ownLanes;
  }

  /**
   * {@return how the mode supplies lanes; {@link Answer#pass()} if it does not}
   */
  public Answer<AddressPlan> supplies() {
    return supplies;
  }

  /**
   * {@return the node with the lanes' interfaces, as the mode sees it}
   */
  public TestNode node() {
    return node;
  }

  /**
   * {@return the node's part of the datapath, as the mode plans it; {@link Answer#pass()} if it plans none}
   */
  public Answer<DatapathPlan> nodePlan() {
    return player.mode().datapathPlanner().isEmpty() ? Answer.pass()
        : player.ask("node's datapath", NodeView.class, node,
            (m, n) -> m.datapathPlanner().map(p -> p.node(n)).orElseThrow());
  }

  /**
   * {@return what objects should hold for the node, as the mode plans it; {@link Answer#pass()} if it plans none}
   */
  public Answer<ObjectPlan> nodeObjects() {
    return player.mode().objectPlanner().isEmpty() ? Answer.pass()
        : player.ask("node's objects", NodeView.class, node,
            (m, n) -> m.objectPlanner().map(p -> p.node(n)).orElseThrow());
  }

  /**
   * Attaches a pod: its first interface, then, if the mode adds some, the others. Where lanes were refused, nothing is asked
   * for the pod, and it ends with that refusal.
   *
   * @param pod the pod
   * @return what came of it
   */
  public Attached attach(TestPod pod) {
    Attached attached = new Attached(pod);
    if (!attached.go(baseLanes) || (!(ownLanes instanceof Answer.Pass<EniPlan>) && !attached.go(ownLanes))) {
      return attached;
    }
    TestAttachment first = TestAttachment.of(node, pod);
    boolean claimed = claimed(attached, first);
    if (attached.ended()) {
      return attached;
    }
    Player planner = claimed ? player : base;
    String lane = chosenLane(attached, first);
    if (attached.ended()) {
      return attached;
    }
    Optional<TestAttachment> complete = planned(attached, planner, first, lane);
    if (complete.isEmpty() || player.mode().extraPlanner().isEmpty()) {
      return attached;
    }
    Answer<List<ExtraAttachment>> extras = player.ask("extras", AttachmentView.class, complete.get(),
        (m, a) -> m.extraPlanner().map(p -> p.extras(a)).orElseThrow());
    if (!attached.go(extras)) {
      return attached;
    }
    TestAttachment before = complete.get();
    for (ExtraAttachment extra : extras.plan().orElseThrow()) {
      Optional<TestAttachment> next =
          planned(attached, player, before.next(extra.interfaceName(), extra.request()), Lane.DEFAULT);
      if (next.isEmpty()) {
        return attached;
      }
      before = next.get();
    }
    return attached;
  }

  private boolean claimed(Attached attached, TestAttachment first) {
    if (player.mode().podClaim().isEmpty() || first.pod().object().isEmpty()) {
      return false;
    }
    Answer<Set<AddressFamily>> claim = player.ask("claim", AttachmentView.class, first,
        (m, a) -> m.podClaim().map(p -> p.claim(a)).orElseThrow());
    attached.claim = claim;
    return !(claim instanceof Answer.Pass<Set<AddressFamily>>) && attached.go(claim);
  }

  private String chosenLane(Attached attached, TestAttachment first) {
    if (player.mode().laneModifier().isEmpty()) {
      return Lane.DEFAULT;
    }
    Answer<String> choice = player.ask("choice of lane", AttachmentView.class, first,
        (m, a) -> m.laneModifier().map(p -> p.choose(a)).orElseThrow());
    attached.choice = choice;
    if (choice instanceof Answer.Pass<String>) {
      return Lane.DEFAULT;
    }
    return attached.go(choice) ? choice.plan().orElseThrow() : Lane.DEFAULT;
  }

  private Optional<TestAttachment> planned(Attached attached, Player planner, TestAttachment bare, String lane) {
    Interface made = new Interface(planner == player);
    TestAttachment attachment = bare;
    if (planner.mode().addressPlanner().isPresent()) {
      Answer<List<AddressRequest>> requests = planner.ask("addresses", AttachmentView.class, bare,
          (m, a) -> m.addressPlanner().map(p -> p.addresses(a)).orElseThrow());
      if (!attached.go(requests)) {
        return Optional.empty();
      }
      made.requests = requests.plan().orElseThrow();
      Answer<AddressPlan> from = planner == player ? supplies : baseSupplies;
      for (AddressRequest request : made.requests) {
        Answer<TestAttachment> drawn = stage.draw(attachment, request, lane, from.plan().orElse(AddressPlan.of()));
        if (!attached.go(drawn)) {
          return Optional.empty();
        }
        attachment = drawn.plan().orElseThrow();
      }
    }
    Optional<TestAttachment> done = rounds(attached, planner, attachment, made);
    if (done.isPresent()) {
      attached.interfaces.add(made);
      if (player.mode().objectPlanner().isPresent()) {
        made.objects = player.ask("attachment's objects", AttachmentView.class, done.get(),
            (m, a) -> m.objectPlanner().map(p -> p.attachment(a)).orElseThrow());
      }
    }
    return done;
  }

  private Optional<TestAttachment> rounds(Attached attached, Player planner, TestAttachment bare, Interface made) {
    TestAttachment attachment = bare;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      TestAttachment now = attachment;
      Answer<DatapathPlan> answer = planner.mode().datapathPlanner().isEmpty() ? Answer.of(DatapathPlan.empty())
          : planner.ask("attachment's datapath", AttachmentView.class, now,
              (m, a) -> m.datapathPlanner().map(p -> p.attachment(a)).orElseThrow());
      if (!attached.go(answer)) {
        return Optional.empty();
      }
      made.rounds.add(answer.plan().orElseThrow());
      made.attachment = now;
      Optional<Act> undone = made.plan().elements(Act.class).stream()
          .filter(act -> now.outcome(act.id()).equals(Fields.empty())).findFirst();
      if (undone.isEmpty()) {
        return Optional.of(now);
      }
      Act act = undone.get();
      attachment = now.withOutcome(act.id(), under.outcomes().getOrDefault(act.id(), Stage.outcome(act)));
    }
    throw new AssertionError(planner.id() + " still names new acts after " + MOST_ROUNDS + " rounds: " + made.plan());
  }

  /** One interface of a pod, as it was planned. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Interface {
    private final boolean own;
    private List<AddressRequest> requests = List.of();
    private final List<DatapathPlan> rounds = new ArrayList<>();
    private @Nullable TestAttachment attachment;
    private Answer<ObjectPlan> objects = Answer.pass();

    private Interface(boolean own) {
      this.own = own;
    }

    /**
     * {@return whether the mode planned it, and not the base beside it}
     */
    public boolean own() {
      return own;
    }

    /**
     * {@return the addresses that were asked for}
     */
    public List<AddressRequest> requests() {
      return requests;
    }

    /**
     * {@return the attachment with its addresses and outcomes}
     */
    public TestAttachment attachment() {
      return java.util.Objects.requireNonNull(attachment);
    }

    /**
     * {@return the plans, one for each round of acts}
     */
    public List<DatapathPlan> rounds() {
      return List.copyOf(rounds);
    }

    /**
     * {@return the plan in the end}
     */
    public DatapathPlan plan() {
      return rounds.getLast();
    }

    /**
     * {@return what objects should hold; {@link Answer#pass()} if the mode says nothing}
     */
    public Answer<ObjectPlan> objects() {
      return objects;
    }
  }

  /** What came of a pod. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Attached {
    private final TestPod pod;
    private final List<Interface> interfaces = new ArrayList<>();
    private Answer<Set<AddressFamily>> claim = Answer.pass();
    private Answer<String> choice = Answer.pass();
    private @Nullable Answer<?> end;

    private Attached(TestPod pod) {
      this.pod = pod;
    }

    private boolean go(Answer<?> answer) {
      if (answer.plan().isEmpty()) {
        end = answer;
        return false;
      }
      return true;
    }

    private boolean ended() {
      return end != null;
    }

    /**
     * {@return the pod}
     */
    public TestPod pod() {
      return pod;
    }

    /**
     * {@return its interfaces, in order, as far as they were planned}
     */
    public List<Interface> interfaces() {
      return List.copyOf(interfaces);
    }

    /**
     * {@return what the mode's claim said}
     */
    public Answer<Set<AddressFamily>> claim() {
      return claim;
    }

    /**
     * {@return what the mode's modifier chose}
     */
    public Answer<String> choice() {
      return choice;
    }

    /**
     * {@return the answer at which it ended before all was planned: a wait or a refusal}
     */
    public Optional<Answer<?>> end() {
      return Optional.ofNullable(end);
    }
  }
}
