package dev.patchbay.lab.fabric.vpc;

import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.fabric.InstanceSpec;
import dev.patchbay.lab.fabric.InterfaceSpec;
import dev.patchbay.lab.vpc.Attachment;
import dev.patchbay.lab.vpc.Change;
import dev.patchbay.lab.vpc.ChangeListener;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.Routing;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.TrunkAssociation;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A fabric that follows one VPC of a {@link VpcModel}: what the model says to be attached and assigned, packets find.
 *
 * <p>Changes are carried out in order by a thread of its own, some milliseconds after the model's operation has returned, as
 * on EC2; {@link #await} waits for that. An instance's namespace has the instance's id; its interfaces are {@code eth0} for
 * the primary one, then the first name of {@code eth1}, {@code eth2}, ... that is free, as the kernel names them. Instances
 * that don't run have no namespace. Branches are delivered behind their trunk, where the kernel has VLAN devices.
 */
public final class VpcFabric implements AutoCloseable {
  private final VpcModel model;
  private final String vpcId;
  private final Fabric fabric;
  private final Ways ways;
  private final ChangeListener listener = this::changed;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("vpc-fabric").factory());

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private long revision = -1;
  private @Nullable RuntimeException failure;

  /** Used by the worker alone. */
  private final Set<String> running = new HashSet<>();

  private VpcFabric(VpcModel model, String vpcId, Fabric fabric) {
    this.model = model;
    this.vpcId = vpcId;
    this.fabric = fabric;
    ways = new Ways(vpcId, fabric);
  }

  /**
   * Makes a fabric for a VPC and lets it follow. Returns when the fabric is as the model was at the start.
   *
   * @param fabricId the fabric's id, see {@link Fabric#create}
   * @throws dev.patchbay.lab.fabric.FabricException if that fails; nothing is left then
   */
  public static VpcFabric follow(VpcModel model, String vpcId, String fabricId) {
    Vpc vpc = model.state().vpc(vpcId);
    Fabric fabric = Fabric.create(fabricId, Translation.blocks(vpc));
    VpcFabric following = new VpcFabric(model, vpcId, fabric);
    try {
      following.start();
      return following;
    } catch (RuntimeException failure) {
      following.close();
      throw failure;
    }
  }

  /** The fabric. What the model decides must not be set there directly. */
  public Fabric fabric() {
    return fabric;
  }

  /**
   * Waits until packets go as the model says now.
   *
   * @throws IllegalStateException if a change could not be carried out, now or earlier, or it takes longer than that
   */
  public void await(Duration longest) {
    long wanted = model.state().revision();
    long left = longest.toNanos();
    lock.lock();
    try {
      while (revision < wanted && failure == null) {
        if (left <= 0) {
          throw new IllegalStateException("the fabric is at revision %d of the model, not yet at %d".formatted(revision, wanted));
        }
        left = progress.awaitNanos(left);
      }
      if (failure != null) {
        throw new IllegalStateException("the fabric no longer follows the model: " + failure.getMessage(), failure);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the fabric followed the model", interrupted);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Boots an instance that runs: its namespace goes with all that is in it, and a new one comes, in which its interfaces are devices
   * again, by their numbers. The model does not hear of it, as EC2 does not of a reboot from within. Returns when that is done.
   *
   * @throws IllegalArgumentException if it does not run
   */
  public void reboot(String instanceId) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    worker.execute(() -> {
      try {
        if (!running.contains(instanceId)) {
          throw new IllegalArgumentException("the instance " + instanceId + " does not run");
        }
        stop(instanceId);
        VpcState now = model.state();
        set(now.instance(instanceId), now);
        done.complete(null);
      } catch (RuntimeException refused) {
        done.completeExceptionally(refused);
      }
    });
    try {
      done.join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  /** Stops following and removes the fabric. */
  @Override
  public void close() {
    model.unlisten(listener);
    worker.shutdownNow();
    try {
      // What is being carried out is finished, so that it does not meet a fabric that is gone.
      if (!worker.awaitTermination(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the fabric's worker did not end within 30 s");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      fabric.close();
    }
  }

  private void start() {
    CompletableFuture<VpcState> first = new CompletableFuture<>();
    // Queued before the model can tell of any change.
    worker.execute(() -> carryOut(first.join().revision(), () -> load(first.join())));
    first.complete(model.listen(listener));
    await(Duration.ofMinutes(5));
  }

  private void changed(VpcState before, VpcState after, List<Change> changes) {
    worker.execute(() -> carryOut(after.revision(), () -> apply(changes, after)));
  }

  private void carryOut(long reached, Runnable work) {
    RuntimeException thrown = null;
    try {
      work.run();
    } catch (RuntimeException refused) {
      thrown = refused;
    }
    lock.lock();
    try {
      revision = reached;
      if (failure == null) {
        failure = thrown;
      }
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void load(VpcState state) {
    ways.prepare(state);
    state.groups().values().stream().filter(group -> group.vpcId().equals(vpcId)).forEach(group -> fabric.setGroup(Translation.group(group)));
    state.subnets().values().stream().filter(subnet -> subnet.vpcId().equals(vpcId)).forEach(subnet -> set(subnet, state));
    state.instances().values().stream().filter(instance -> instance.vpcId().equals(vpcId)).forEach(instance -> set(instance, state));
    state.interfaces().values().stream().filter(eni -> eni.vpcId().equals(vpcId)).forEach(this::publish);
    ways.clear(state);
  }

  private void apply(List<Change> changes, VpcState after) {
    ways.prepare(after);
    // A subnet's table may have changed without the subnet.
    after.subnets().values().stream().filter(subnet -> subnet.vpcId().equals(vpcId)).forEach(subnet -> set(subnet, after));
    changes.forEach(change -> apply(change, after));
    ways.clear(after);
  }

  private void apply(Change change, VpcState after) {
    switch (change) {
      case Change.OfVpc(var was, var is) -> is.filter(vpc -> vpc.id().equals(vpcId)).ifPresent(vpc -> fabric.setBlocks(Translation.blocks(vpc)));
      case Change.OfSubnet(var was, var is) -> {
        was.filter(subnet -> is.isEmpty() && subnet.vpcId().equals(vpcId)).ifPresent(subnet -> fabric.removeSubnet(subnet.id()));
        is.filter(subnet -> subnet.vpcId().equals(vpcId)).ifPresent(subnet -> set(subnet, after));
      }
      case Change.OfGroup(var was, var is) -> {
        was.filter(group -> is.isEmpty() && group.vpcId().equals(vpcId)).ifPresent(group -> fabric.removeGroup(group.id()));
        is.filter(group -> group.vpcId().equals(vpcId)).ifPresent(group -> fabric.setGroup(Translation.group(group)));
      }
      case Change.OfInstance(var was, var is) -> {
        was.filter(instance -> is.isEmpty() && instance.vpcId().equals(vpcId)).ifPresent(instance -> stop(instance.id()));
        is.filter(instance -> instance.vpcId().equals(vpcId)).ifPresent(instance -> set(instance, after));
      }
      case Change.OfInterface(var was, var is) -> changed(was, is, after);
      case Change.OfReservation(var was, var is) -> {
        // What is kept for later is delivered to nobody.
      }
      case Change.OfRouteTable(var was, var is) -> {
        // Ways come before and after all changes.
      }
      case Change.OfGateway(var was, var is) -> {
        // Likewise.
      }
      case Change.OfElasticAddress(var was, var is) -> {
        // NAT gateways have them.
      }
      case Change.OfAssociation(var was, var is) -> {
        was.filter(association -> is.isEmpty()).ifPresent(association -> fabric.detach(association.branchId()));
        is.ifPresent(association -> plugBranch(association, after));
      }
    }
  }

  private void set(Subnet subnet, VpcState state) {
    fabric.setSubnet(Translation.subnet(subnet, Routing.of(state).tableOf(subnet).id()));
  }

  private void set(Instance instance, VpcState state) {
    if (instance.state() != Instance.State.RUNNING) {
      stop(instance.id());
      return;
    }
    fabric.addInstance(InstanceSpec.node(instance.id()));
    running.add(instance.id());
    fabric.setMetadataHopLimit(instance.id(), instance.metadata().hopLimit());
    state.interfacesOf(instance.id()).forEach(eni -> plug(eni, state));
  }

  private void stop(String instanceId) {
    running.remove(instanceId);
    fabric.removeInstance(instanceId);
  }

  private void changed(Optional<NetworkInterface> was, Optional<NetworkInterface> is, VpcState after) {
    NetworkInterface any = is.or(() -> was).orElseThrow();
    if (!any.vpcId().equals(vpcId)) {
      return;
    }
    Optional<String> before = was.flatMap(NetworkInterface::deviceOf);
    Optional<String> now = is.flatMap(NetworkInterface::deviceOf);
    if (!before.equals(now)) {
      fabric.detach(any.id());
    }
    now.filter(id -> !running.contains(id))
        .map(after::instance)
        .ifPresentOrElse(instance -> set(instance, after), () -> is.ifPresent(eni -> plug(eni, after)));
    if (any.kind() == NetworkInterface.Kind.NAT_GATEWAY) {
      return;
    }
    Optional<NetworkInterface> publicBefore = was.filter(eni -> eni.publicAddress().isPresent());
    publicBefore
        .filter(eni -> is.flatMap(NetworkInterface::publicAddress).isEmpty())
        .flatMap(NetworkInterface::primary)
        .ifPresent(primary -> fabric.setPublicAddress(primary.inet(), Optional.empty()));
    is.ifPresent(this::publish);
  }

  private void publish(NetworkInterface eni) {
    // That of a NAT gateway is the gateway's, and nobody's to be reached by.
    if (eni.publicAddress().isPresent() && eni.kind() != NetworkInterface.Kind.NAT_GATEWAY) {
      eni.primary().ifPresent(primary -> fabric.setPublicAddress(primary.inet(), eni.publicAddress().map(ip -> ip.inet())));
    }
  }

  /** Attaches an interface whose instance has the device and runs, or tells what has changed of it. */
  private void plug(NetworkInterface eni, VpcState state) {
    state.trunkOf(eni.id()).ifPresent(association -> plugBranch(association, state));
    eni.deviceOf()
        .filter(running::contains)
        .ifPresent(
            instanceId -> {
              boolean primary = eni.attachment().map(Attachment::primary).orElse(false);
              fabric.attach(
                  Translation.networkInterface(
                      eni, instanceId, device(eni.id(), instanceId, primary), Optional.empty(), primary));
              state.branchesOf(eni.id()).forEach(association -> plugBranch(association, state));
            });
  }

  /** Attaches a branch whose trunk is attached, or tells what has changed of it. */
  private void plugBranch(TrunkAssociation association, VpcState state) {
    NetworkInterface branch = state.networkInterface(association.branchId());
    Optional<InterfaceSpec> trunk =
        fabric.interfaces().stream().filter(spec -> spec.id().equals(association.trunkId())).findFirst();
    if (branch.vpcId().equals(vpcId) && trunk.isPresent() && fabric.carriesBranches()) {
      Optional<InterfaceSpec.Behind> behind =
          Optional.of(new InterfaceSpec.Behind(association.trunkId(), association.vlan()));
      fabric.attach(
          Translation.networkInterface(branch, trunk.get().instanceId(), "vlan" + association.vlan(), behind, false));
    }
  }

  private String device(String eniId, String instanceId, boolean primary) {
    if (primary) {
      return "eth0";
    }
    Set<String> taken = new HashSet<>();
    for (InterfaceSpec spec : fabric.interfaces()) {
      if (spec.id().equals(eniId)) {
        return spec.device();
      }
      if (spec.instanceId().equals(instanceId)) {
        taken.add(spec.device());
      }
    }
    int number = 1;
    while (taken.contains("eth" + number)) {
      number++;
    }
    return "eth" + number;
  }
}
