package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.Deviation;
import dev.patchbay.core.kernel.KernelObject;
import dev.patchbay.core.kernel.Mended;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.linux.host.Sysctls;
import dev.patchbay.netlink.NetlinkException;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.nft.NftSocket;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.InterfaceAddress;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The datapath: plans rendered in the kernel, in one of the ways that {@link Rendering} names. What was rendered in another way before is
 * gone over to when the node's part is applied.
 *
 * <p>Thread-safe. All changes are made by one thread of its own, since the kernel takes them one after the other anyway (the RTNL lock);
 * links are deleted by another, many at once. Methods block until the kernel has done what they ask; call them from platform threads.
 * Everything that is made is recognised later by marks in the kernel itself, so a new process needs nothing of an old one but the plans.
 *
 * <p>The pod's namespace is needed during a call only. The caller closes this; what was made stays.
 */
public final class KernelDatapath implements AutoCloseable {
  private record Detach(AttachmentPath path, Optional<Netns> pod, CompletableFuture<Boolean> done) {}

  private final HostContext host;
  private final PacketFilter filter;
  private final Reaper reaper;
  /** While the node goes over from another rendering: the attachments that it made. Used by the writer alone. */
  private final Map<String, AttachmentPath> fromBefore = new LinkedHashMap<>();
  private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedQueue<Detach> detaches = new ConcurrentLinkedQueue<>();
  private final Thread writer;
  private final Object closing = new Object();
  private boolean closed;

  KernelDatapath(HostContext host, PacketFilter filter, Reaper.Connections connections) {
    this.host = host;
    this.filter = filter;
    this.reaper = new Reaper(host.node, connections);
    this.writer = Thread.ofPlatform().daemon().name("datapath-writer").start(this::write);
  }

  /**
   * Renders into a namespace.
   *
   * @param node the node's namespace; must stay open until this is closed
   * @param rendering how plans are rendered
   * @param random chooses hardware addresses and device indexes; used by one thread
   * @return the datapath; the caller closes it
   * @throws DatapathException with {@link DatapathException.Code#KERNEL_REFUSED} if the kernel's sockets can't be opened
   */
  public static KernelDatapath open(Netns node, Rendering rendering, RandomGenerator random) {
    return open(node, rendering, random, step -> {});
  }

  /**
   * Loads and links what the datapath needs of the C library and of netlink, which takes a while the first time in a process. Changes
   * nothing, and says nothing if it can't: opening the datapath does.
   */
  public static void prepare() {
    try (Netns own = Netns.current(); RouteSocket route = RouteSocket.open(own); NftSocket filter = NftSocket.open(own)) {
      route.links();
      filter.tables();
    } catch (RuntimeException | LinkageError e) {
      // Opening the datapath meets the same, and says so.
      return;
    }
  }

  static KernelDatapath open(Netns node, Rendering rendering, RandomGenerator random, HostContext.Steps steps) {
    try {
      HostContext host = new HostContext(node, Renderer.of(rendering), random, steps);
      return new KernelDatapath(host, host.renderer.filter(host), new ConntrackConnections(node));
    } catch (NetlinkException e) {
      throw Refusals.of(null, e);
    }
  }

  /**
   * Renders an attachment: all of it, or nothing.
   *
   * @param path the plan and the interfaces that it names
   * @param pod the pod's network namespace
   * @return what was chosen meanwhile
   * @throws DatapathException if it can't be rendered; then everything is as before
   */
  public Attached attach(AttachmentPath path, Netns pod) {
    return call(() -> AttachRun.attach(host, filter, path, pod));
  }

  /**
   * Brings a live attachment from one plan to another: all of it, or nothing. The pod's namespace is not needed, so what is in it stays.
   *
   * @param before the plan as it was attached
   * @param after the plan that should be there
   * @throws DatapathException if it can't be done, or the plans differ in links or in what is in the pod; then everything is as before
   */
  public void change(AttachmentPath before, AttachmentPath after) {
    call(() -> {
      ChangeRun.change(host, filter, before, after);
      return true;
    });
  }

  /**
   * Takes an attachment out, from its plan alone; succeeds if there is nothing of it. Returns when its devices are gone and the
   * connections of its addresses are forgotten. Concurrent calls share the cost.
   *
   * @param path the plan as it was attached
   * @param pod the pod's network namespace; empty if it is gone, and with it all that was in it
   * @throws DatapathException if the kernel refuses; detach again then
   */
  public void detach(AttachmentPath path, Optional<Netns> pod) {
    Detach detach = new Detach(path, pod, new CompletableFuture<>());
    detaches.add(detach);
    submit(this::detachAll);
    Threads.await(detach.done());
  }

  /**
   * Takes an attachment out whose pod's namespace is gone.
   *
   * @param path the plan as it was attached
   * @throws DatapathException if the kernel refuses; detach again then
   */
  public void detach(AttachmentPath path) {
    detach(path, Optional.empty());
  }

  /**
   * Compares an attachment with the kernel.
   *
   * @param path the plan as it was attached
   * @param pod the pod's network namespace; empty if what is in it is not to be looked at
   * @return each element that is missing or altered, in the order of the plan; empty if all is as it should be
   */
  public List<Deviation> check(AttachmentPath path, Optional<Netns> pod) {
    return examine(path, pod).stream().flatMap(o -> o.deviations().stream()).toList();
  }

  /**
   * Looks for every object of an attachment in the kernel.
   *
   * @param path the plan as it was attached
   * @param pod the pod's network namespace; empty if what is in it can't be looked at
   * @return what the elements stand for, and whether it is there, in the order of the plan
   */
  public List<KernelObject> examine(AttachmentPath path, Optional<Netns> pod) {
    return call(() -> {
      List<KernelObject> objects = new ArrayList<>();
      View hostView = View.of(host.routes);
      if (pod.isEmpty()) {
        objects.addAll(Verifier.examine(host, path, hostView, Optional.empty(), Optional.empty()));
      } else {
        try (RouteSocket podRoutes = RouteSocket.open(pod.get())) {
          objects.addAll(Verifier.examine(host, path, hostView, Optional.of(View.of(podRoutes)),
              Optional.of(Sysctls.of(pod.get()))));
        }
      }
      objects.addAll(filter.examine(path));
      objects.sort(java.util.Comparator.comparingInt(o -> path.plan().elements().indexOf(o.element())));
      return List.copyOf(objects);
    });
  }

  /**
   * Makes the node's own part what it should be. What is not in it and was made for the node goes; attachments stay.
   *
   * @param node the whole of it
   * @throws DatapathException the first of what could not be done, the others suppressed in it; all else is done. Apply again when the
   *     cause is gone: after {@link DatapathException.Code#ENI_DEVICE_MISSING}, when the device has appeared
   */
  public void applyNode(NodeDatapath node) {
    call(() -> {
      DatapathException.throwFirst(host.switching ? goOver(node) : apply(node));
      return true;
    });
  }

  private List<DatapathException> apply(NodeDatapath node) {
    List<DatapathException> problems = new ArrayList<>(NodeRun.apply(host, node));
    host.steps.before("node filter");
    try {
      filter.applyNode(node, host);
    } catch (DatapathException e) {
      problems.add(e);
    }
    return problems;
  }

  /** Until all of it was done, all of it is done again. */
  private List<DatapathException> goOver(NodeDatapath node) {
    List<DatapathException> problems = Switch.run(host, filter, node, fromBefore.values());
    if (problems.isEmpty()) {
      host.switching = false;
      fromBefore.clear();
    }
    return problems;
  }

  /**
   * Looks whether what was made is still there, and brings back what others have taken out.
   *
   * @param node the node's own part, as it was applied; empty if it is not to be looked at
   * @param attachments attachments as they were made; of these what is in the node's namespace. One whose device is gone is passed over
   * @return what was missing or altered, and whether it could be brought back; empty if all was there
   */
  public List<Mended> mend(Optional<NodeDatapath> node, Collection<AttachmentPath> attachments) {
    return call(() -> {
      List<Mended> mended = new ArrayList<>();
      node.ifPresent(n -> mendNode(n).ifPresent(mended::add));
      if (!attachments.isEmpty()) {
        mended.addAll(MendRun.mend(host, filter, attachments));
      }
      return List.copyOf(mended);
    });
  }

  /**
   * {@return the keys of those attachments of which no device is there: nothing of theirs leads anywhere}
   * @param attachments attachments as they were made; one whose plan has no device of its own is not looked for
   */
  public Set<String> absent(Collection<AttachmentPath> attachments) {
    return attachments.isEmpty() ? Set.of() : call(() -> MendRun.absent(host, attachments));
  }

  private Optional<Mended> mendNode(NodeDatapath node) {
    List<String> found = Stream.concat(NodeRun.examine(host, node).stream(), filter.examineNode(node, host).stream())
        .flatMap(o -> o.found().stream()).distinct().toList();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    List<DatapathException> problems = apply(node);
    return Optional.of(new Mended(Mended.NODE, found, problems.stream().findFirst().map(DatapathException::finding)));
  }

  /** Listens until it is closed; then its listener is not called any more. */
  public interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Watches the devices of the node, and what others do to what is ours there. Devices and routes that were there when it was opened are
   * not told.
   *
   * @param listener is told, on threads of the watch's own; two may call it at once
   * @return the watch; the caller closes it, before this
   */
  public Watch watch(Consumer<DeviceEvent> listener) {
    try {
      DeviceWatch devices = DeviceWatch.open(host.node, listener);
      try {
        FilterWatch inFilter = new FilterWatch(host.node, filter, listener);
        return () -> {
          inFilter.close();
          devices.close();
        };
      } catch (RuntimeException e) {
        devices.close();
        throw e;
      }
    } catch (NetlinkException e) {
      throw Refusals.of(null, e);
    }
  }

  /**
   * Compares the node's own part with the kernel.
   *
   * @param node the whole of it
   * @return what is missing or altered; what every node has is named by the element that would ask for it
   */
  public List<Deviation> checkNode(NodeDatapath node) {
    return examineNode(node).stream().flatMap(o -> o.deviations().stream()).toList();
  }

  /**
   * Looks for every object of the node's own part in the kernel.
   *
   * @param node the whole of it
   * @return what should be there, and whether it is; what every node has is named by the element that would ask for it
   */
  public List<KernelObject> examineNode(NodeDatapath node) {
    return call(() -> {
      List<KernelObject> objects = new ArrayList<>(NodeRun.examine(host, node));
      objects.addAll(filter.examineNode(node, host));
      return List.copyOf(objects);
    });
  }

  /**
   * {@return everything in the node's namespace that carries our mark}
   */
  public Inventory inventory() {
    return call(() -> LeftoverRun.inventory(host, filter));
  }

  /**
   * Takes out everything of attachments that carries our mark and belongs to none of those given. The node's own part stays.
   *
   * @param keep the attachments that are known, with their plans
   * @throws DatapathException if the kernel refuses
   */
  public void removeLeftovers(Collection<AttachmentPath> keep) {
    LeftoverRun.Found found = call(() -> {
      host.switching = Switch.isNeeded(host);
      fromBefore.clear();
      if (host.switching) {
        keep.forEach(path -> fromBefore.put(path.key(), path));
      }
      return LeftoverRun.remove(host, filter, keep);
    });
    Threads.await(reaper.order(found.links(), found.addresses()));
  }

  /**
   * Takes out everything that carries our mark, the node's own part included: for an uninstall. Interfaces of the instance stay as
   * they are, but for the addresses that were put on them here.
   *
   * @throws DatapathException if the kernel refuses
   */
  public void removeAll() {
    removeLeftovers(List.of());
    call(() -> {
      NodeRun.removeAll(host);
      filter.takeOver(List.of());
      filter.removeAll();
      return true;
    });
    Threads.await(reaper.order(true, Set.of()));
  }

  // Threads

  private void detachAll() {
    List<Detach> taken = new ArrayList<>();
    for (Detach next = detaches.poll(); next != null; next = detaches.poll()) {
      taken.add(next);
    }
    if (taken.isEmpty()) {
      return;
    }
    List<Detach> done = new ArrayList<>();
    boolean links = false;
    Set<IpAddress> addresses = new TreeSet<>();
    RuntimeException refused = null;
    try {
      filter.remove(taken.stream().map(Detach::path).toList());
    } catch (RuntimeException e) {
      refused = e;
    }
    for (Detach detach : taken) {
      try {
        fromBefore.remove(detach.path().key());
        links |= DetachRun.detach(host, detach.path(), detach.pod());
        if (refused != null) {
          throw refused;
        }
        addresses.addAll(addresses(detach.path()));
        done.add(detach);
      } catch (RuntimeException | Error e) {
        detach.done().completeExceptionally(e instanceof NetlinkException failure ? Refusals.of(null, failure) : e);
      }
    }
    reaper.order(links, addresses).whenComplete((worked, failure) -> {
      for (Detach detach : done) {
        if (failure == null) {
          detach.done().complete(true);
        } else {
          detach.done().completeExceptionally(failure instanceof NetlinkException e ? Refusals.of(null, e) : failure);
        }
      }
    });
  }

  private static Set<IpAddress> addresses(AttachmentPath path) {
    Set<IpAddress> addresses = new TreeSet<>();
    path.plan().elements(Delivery.class).forEach(d -> addresses.add(d.address()));
    path.plan().elements(InterfaceAddress.class).stream().filter(a -> a.space() == Space.POD).forEach(a -> addresses.add(a.address()));
    addresses.removeIf(IpAddress::isLinkLocal);
    return addresses;
  }

  private <T> T call(Supplier<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    submit(() -> {
      try {
        result.complete(task.get());
      } catch (NetlinkException e) {
        result.completeExceptionally(Refusals.of(null, e));
      } catch (RuntimeException | Error e) {
        // An error too is for the caller, who would wait for ever otherwise.
        result.completeExceptionally(e);
      }
    });
    return Threads.await(result);
  }

  private void submit(Runnable task) {
    synchronized (closing) {
      if (closed) {
        throw new DatapathException(DatapathException.Code.CLOSED, "the datapath was closed", "Open it again.");
      }
      work.add(task);
    }
  }

  private void write() {
    boolean last = false;
    while (!last) {
      try {
        Runnable task = work.take();
        last = task == Last.TASK;
        task.run();
      } catch (InterruptedException e) {
        // Nobody has a reason to interrupt this thread; what was accepted must be done.
        continue;
      }
    }
  }

  /** Ends the writer. */
  private enum Last implements Runnable {
    TASK;

    @Override
    public void run() {
      // The loop ends by itself.
    }
  }

  /**
   * Finishes what was begun. What was made stays in the kernel.
   */
  @Override
  public void close() {
    synchronized (closing) {
      if (closed) {
        return;
      }
      closed = true;
      work.add(Last.TASK);
    }
    Threads.join(writer);
    reaper.close();
    filter.close();
    host.close();
  }
}
