package dev.patchbay.lab.vpc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The VPCs of one account in one region.
 *
 * <p>Operations are grouped by what they act on; each either happens whole or throws {@link Ec2Error} and changes nothing.
 * Operations may be called from any thread; one lock orders them. {@link #state()} never waits.
 *
 * <p>Nothing happens by itself: attachments that take time settle when {@link #settle()} is called after
 * {@link #nextSettling()}.
 */
public final class VpcModel {
  /** How long former states are kept for {@link #stateAt}. */
  public static final Duration MEMORY = Duration.ofMinutes(2);

  /**
   * What stays the same for the life of a model.
   *
   * @param region such as {@code eu-west-1}
   * @param accountId the account's 12 digits
   * @param seed decides ids, MAC addresses and scattered placement
   * @param types the instance types
   */
  public record Settings(String region, String accountId, long seed, InstanceTypes types) {
    /** A region and account for the lab, with the types that AWS publishes. */
    public static Settings lab(long seed) {
      return new Settings("eu-west-1", "111122223333", seed, InstanceTypes.published());
    }
  }

  /**
   * What may be changed while the model is in use.
   *
   * @param attachDelay how long an attachment is attaching; zero: attached at once
   * @param detachDelay how long an attachment is detaching; zero: gone at once
   * @param placement which free addresses are given out
   * @param quotas how many there may be
   */
  public record Behaviour(Duration attachDelay, Duration detachDelay, Placement placement, Quotas quotas) {
    /** At once, lowest addresses first, the usual quotas. */
    public static final Behaviour PROMPT = new Behaviour(Duration.ZERO, Duration.ZERO, Placement.LOWEST, Quotas.USUAL);
  }

  private record Token(String fingerprint, String result) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Settings settings;
  private final InstantSource clock;
  private final Ids ids;
  private final List<ChangeListener> listeners = new CopyOnWriteArrayList<>();
  private final Deque<VpcState> history = new ArrayDeque<>();
  private final Map<String, Token> tokens = new HashMap<>();
  private volatile Behaviour behaviour = Behaviour.PROMPT;
  private volatile VpcState state;

  private final NetworkOperations network;
  private final GroupOperations groups;
  private final InstanceOperations instances;
  private final InterfaceOperations interfaces;
  private final AddressOperations addresses;
  private final AttachmentOperations attachments;
  private final TrunkOperations trunks;
  private final TagOperations tags;
  private final OtherOperations others;
  private final BlockOperations blocks;
  private final RouteTableOperations routeTables;
  private final RouteOperations routes;
  private final GatewayOperations gateways;
  private final NatOperations nats;

  /**
   * An empty model.
   *
   * @param clock the time; read, never waited for
   */
  public VpcModel(Settings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    ids = new Ids(settings.seed());
    state = VpcState.empty(clock.instant());
    history.add(state);
    network = new NetworkOperations(this);
    groups = new GroupOperations(this);
    interfaces = new InterfaceOperations(this);
    addresses = new AddressOperations(this);
    attachments = new AttachmentOperations(this);
    instances = new InstanceOperations(this);
    trunks = new TrunkOperations(this);
    tags = new TagOperations(this);
    others = new OtherOperations(this);
    blocks = new BlockOperations(this);
    routeTables = new RouteTableOperations(this);
    routes = new RouteOperations(this);
    gateways = new GatewayOperations(this);
    nats = new NatOperations(this);
  }

  /** Region, account, seed and types. */
  public Settings settings() {
    return settings;
  }

  /** Delays, placement and quotas as they are now. */
  public Behaviour behaviour() {
    return behaviour;
  }

  /** Changes delays, placement and quotas from the next operation on. */
  public void behave(Behaviour changed) {
    behaviour = changed;
  }

  /** The state as it is now. */
  public VpcState state() {
    return state;
  }

  /** The state as it was at an instant, at most {@link #MEMORY} ago; for answers that lag behind. */
  public VpcState stateAt(Instant instant) {
    lock.lock();
    try {
      Iterator<VpcState> newestFirst = history.descendingIterator();
      VpcState found = state;
      while (newestFirst.hasNext()) {
        found = newestFirst.next();
        if (!found.since().isAfter(instant)) {
          return found;
        }
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  /** Adds a listener and returns the state from which on it hears of every change. */
  public VpcState listen(ChangeListener listener) {
    lock.lock();
    try {
      listeners.add(listener);
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** Removes a listener; it is called no more when this returns. */
  public void unlisten(ChangeListener listener) {
    lock.lock();
    try {
      listeners.remove(listener);
    } finally {
      lock.unlock();
    }
  }

  /** VPCs and subnets. */
  public NetworkOperations network() {
    return network;
  }

  /** Security groups. */
  public GroupOperations groups() {
    return groups;
  }

  /** Instances. */
  public InstanceOperations instances() {
    return instances;
  }

  /** Interfaces: create, modify, delete. */
  public InterfaceOperations interfaces() {
    return interfaces;
  }

  /** Addresses and prefixes of interfaces. */
  public AddressOperations addresses() {
    return addresses;
  }

  /** Attach and detach. */
  public AttachmentOperations attachments() {
    return attachments;
  }

  /** Branches behind trunks. */
  public TrunkOperations trunks() {
    return trunks;
  }

  /** Tags of anything. */
  public TagOperations tags() {
    return tags;
  }

  /** What somebody else does in the same account. */
  public OtherOperations others() {
    return others;
  }

  /** Blocks of VPCs and subnets. */
  public BlockOperations blocks() {
    return blocks;
  }

  /** Route tables, and whose they are. */
  public RouteTableOperations routeTables() {
    return routeTables;
  }

  /** The routes of tables. */
  public RouteOperations routes() {
    return routes;
  }

  /** Internet gateways and egress-only ones. */
  public GatewayOperations gateways() {
    return gateways;
  }

  /** NAT gateways and elastic addresses. */
  public NatOperations nats() {
    return nats;
  }

  /** When the next attachment settles, if one is on its way. */
  public Optional<Instant> nextSettling() {
    return state.interfaces().values().stream()
        .flatMap(i -> i.attachment().stream())
        .filter(a -> a.status() != Attachment.Status.ATTACHED)
        .map(Attachment::settles)
        .min(Instant::compareTo);
  }

  /** Settles the attachments whose time has come. */
  public void settle() {
    attachments.settle(clock.instant());
  }

  Ids ids() {
    return ids;
  }

  /**
   * Makes the next state and tells the listeners, or throws and changes nothing. With nested calls on one thread the
   * outer draft would not see the inner one's changes, so operations build on each other's drafts, not on each other.
   */
  <T> T change(Function<Draft, T> operation) {
    lock.lock();
    try {
      VpcState before = state;
      Draft draft = new Draft(before, clock.instant());
      T result = operation.apply(draft);
      List<Change> changes = draft.changes();
      if (!changes.isEmpty()) {
        VpcState after = draft.state();
        state = after;
        remember(after);
        tell(before, after, changes);
      }
      return result;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The same, once for each client token of an action (EC2 API reference, "Ensuring idempotency").
   *
   * @param action whose token it is
   * @param token the caller's token; empty: no idempotency asked for
   * @param fingerprint all other parameters of the request
   * @param operation returns the id of what it made
   */
  String once(String action, String token, String fingerprint, Function<Draft, String> operation) {
    if (token.isEmpty()) {
      return change(operation);
    }
    if (token.length() > 64) {
      throw new Ec2Error("InvalidParameterValue", "Client token is longer than 64 characters.");
    }
    lock.lock();
    try {
      Token known = tokens.get(action + " " + token);
      if (known != null) {
        if (!known.fingerprint().equals(fingerprint)) {
          throw new Ec2Error(
              "IdempotentParameterMismatch",
              "The client token you have provided was used before, with other parameters.");
        }
        return known.result();
      }
      String result = change(operation);
      tokens.put(action + " " + token, new Token(fingerprint, result));
      return result;
    } finally {
      lock.unlock();
    }
  }

  /** A listener that fails does not keep the others from hearing; the caller gets its failure, the change stays. */
  private void tell(VpcState before, VpcState after, List<Change> changes) {
    RuntimeException failure = null;
    for (ChangeListener listener : listeners) {
      try {
        listener.changed(before, after, changes);
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw new IllegalStateException("a listener of the VPC's changes failed; the change itself is made", failure);
    }
  }

  private void remember(VpcState after) {
    history.add(after);
    Instant horizon = after.since().minus(MEMORY);
    // The first entry covers all the time before the second, so it may go only when the second is old enough.
    while (history.size() > 1 && second().since().isBefore(horizon)) {
      history.removeFirst();
    }
  }

  private VpcState second() {
    Iterator<VpcState> oldestFirst = history.iterator();
    oldestFirst.next();
    return oldestFirst.next();
  }
}
