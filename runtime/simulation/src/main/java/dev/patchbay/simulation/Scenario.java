package dev.patchbay.simulation;

import dev.patchbay.core.brain.Report;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.simulation.model.Fault;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A history that somebody has written down step by step, on one node: nothing in it is left to chance, and a fault happens whenever it
 * can as long as it is wished for. The invariants are watched as in any history: what violates one throws.
 */
public final class Scenario {
  private static final int ALWAYS = 1000;

  private final World world;
  private final Node node;
  private final EnumMap<Fault, Integer> rates = new EnumMap<>(Fault.class);

  /**
   * Begins one; the daemon is started and has come to rest.
   *
   * @param seed what EC2 chooses addresses with, and what delays are drawn from
   * @param interfaces how many interfaces the instance can have
   * @param addresses how many IPv4 addresses an interface can have
   * @param choices the modes; the daemon starts with the first
   */
  public Scenario(long seed, int interfaces, int addresses, List<Choice> choices) {
    Profile profile = new Profile(seed, 1, interfaces, addresses, 24, 100, 30_000, 60_000, 0, rates);
    this.world = new World(profile, choices, Sabotage.NONE, new Story(true));
    this.node = world.nodes.getFirst();
    start();
    pass(60_000);
  }

  /**
   * From now on faults happen whenever they can.
   *
   * @param faults the faults
   */
  public void with(Fault... faults) {
    for (Fault fault : faults) {
      rates.put(fault, ALWAYS);
    }
  }

  /** From now on no fault happens. */
  public void withoutFaults() {
    rates.clear();
  }

  /**
   * Lets time pass.
   *
   * @param millis how much
   */
  public void pass(long millis) {
    world.advance(world.now + millis);
  }

  /**
   * The container runtime wants a pod's network.
   *
   * @return the sandbox's id
   */
  public String add() {
    int before = node.sandboxes.size();
    node.add();
    List<String> ids = new ArrayList<>(node.sandboxes.keySet());
    if (ids.size() == before) {
      throw new IllegalStateException("no daemon is there");
    }
    return ids.getLast();
  }

  /**
   * {@return the addresses of a pod that has its network; empty if it has not, or not yet}
   * @param sandbox the sandbox's id
   */
  public List<IpAddress> addressesOf(String sandbox) {
    return Optional.ofNullable(node.sandboxes.get(sandbox)).filter(s -> s.state == Sandbox.State.LIVE).map(s -> s.addresses)
        .orElse(List.of());
  }

  /**
   * The container runtime wants a sandbox's end.
   *
   * @param sandbox its id
   */
  public void del(String sandbox) {
    node.del(java.util.Objects.requireNonNull(node.sandboxes.get(sandbox), sandbox));
  }

  /**
   * {@return whether the container runtime still has a sandbox: it forgets one when its DEL was accepted}
   * @param sandbox its id
   */
  public boolean knows(String sandbox) {
    return node.sandboxes.containsKey(sandbox);
  }

  /**
   * The node's wall clock is set.
   *
   * @param millis by how much; back if it is negative
   */
  public void setClock(long millis) {
    node.wallShift += millis;
  }

  /** The daemon is killed; what is under way is done or not as the seed has it. */
  public void kill() {
    node.kill();
  }

  /** The daemon is started, if it does not run. */
  public void start() {
    node.start();
  }

  /**
   * The daemon is killed and started with other modes.
   *
   * @param choice which of the choices
   */
  public void restartWith(int choice) {
    kill();
    node.choice = choice;
    start();
  }

  /** The daemon is killed and started again. */
  public void restart() {
    kill();
    start();
  }

  /** The node is rebooted, and its daemon started. */
  public void reboot() {
    node.reboot();
    node.start();
  }

  /**
   * EC2 is away.
   *
   * @param millis for how long
   */
  public void ec2Away(long millis) {
    world.ec2AwayUntil = world.now + millis;
  }

  /**
   * IMDS is away.
   *
   * @param millis for how long
   */
  public void imdsAway(long millis) {
    node.imdsAwayUntil = world.now + millis;
  }

  /**
   * The disk stands still: it neither writes nor refuses.
   *
   * @param millis for how long
   */
  public void diskStandsStill(long millis) {
    node.diskStillUntil = world.now + millis;
  }

  /**
   * The API server is not heard.
   *
   * @param millis for how long
   */
  public void apiCut(long millis) {
    node.apiCutUntil = world.now + millis;
    if (node.isUp()) {
      node.daemon().cutFromApi();
    }
  }

  /**
   * Somebody else takes an address from the node's interfaces.
   *
   * @param address the address
   */
  public void take(IpAddress address) {
    if (!world.ec2.take(node.instance, address, world.now)) {
      throw new IllegalArgumentException("the node has no address " + address);
    }
  }

  /** Others fill the subnets. */
  public void fillSubnets() {
    world.ec2.fill(0, world.chance);
  }

  /**
   * Others fill the subnets.
   *
   * @param left how many addresses they leave
   */
  public void fillSubnets(int left) {
    world.ec2.fill(left, world.chance);
  }

  /** Others take one address of each free block of the subnets. */
  public void fragmentSubnets() {
    world.ec2.fragment();
  }

  /**
   * Somebody puts an address on an interface of the instance by hand.
   *
   * @return what was done; empty if there was no room
   */
  public Optional<String> putByHand() {
    return world.ec2.putByHand(node.instance, world.now, world.chance);
  }

  /**
   * Somebody attaches an interface to the instance by hand.
   *
   * @return which; empty if there was no room
   */
  public Optional<String> attachByHand() {
    Optional<String> what = world.ec2.attachByHand(node.instance, world.now, world.chance);
    if (node.isUp()) {
      node.daemon().devicesChanged();
    }
    return what;
  }

  /**
   * A pod's network namespace goes away before its DEL.
   *
   * @param sandbox the sandbox's id
   */
  public void netnsGone(String sandbox) {
    node.netnsGone(java.util.Objects.requireNonNull(node.sandboxes.get(sandbox), sandbox));
  }

  /** Others give back what they took. */
  public void emptySubnets() {
    world.ec2.empty();
  }

  /**
   * All faults end; within bounded time all invariants must hold.
   *
   * @throws IllegalStateException if one does not
   */
  public void calm() {
    withoutFaults();
    world.ec2AwayUntil = 0;
    node.diskStillUntil = 0;
    new Calm(world).run();
  }

  /**
   * {@return what the daemon says of itself}
   */
  public Report report() {
    return node.daemon().report();
  }

  /**
   * {@return the interfaces that are attached to the instance, as they are in EC2}
   */
  public List<EniRecord> attached() {
    return world.ec2.attached(node.instance, world.now);
  }

  /**
   * {@return the interfaces whose tags say that the instance made them, attached or not, as they are in EC2}
   */
  public List<EniRecord> made() {
    return world.ec2.tagged(node.instance);
  }

  /**
   * {@return how often EC2 was called, whatever came of it}
   */
  public long calls() {
    return node.cloudCalls;
  }

  /**
   * {@return the pods that run and whose network nobody has asked to end}
   */
  public Set<String> live() {
    Set<String> ids = new java.util.TreeSet<>();
    node.in(Sandbox.State.LIVE).forEach(s -> ids.add(s.id));
    return ids;
  }

  /**
   * {@return what has happened so far}
   */
  public List<String> lines() {
    return world.story.lines();
  }
}
