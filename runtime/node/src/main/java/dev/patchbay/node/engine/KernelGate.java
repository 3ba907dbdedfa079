package dev.patchbay.node.engine;

import dev.patchbay.core.brain.BrainCodes;
import dev.patchbay.core.brain.Effect;
import dev.patchbay.core.brain.Event;
import dev.patchbay.core.invariants.KernelLook;
import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.Deviation;
import dev.patchbay.core.kernel.Mended;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.linux.datapath.Attached;
import dev.patchbay.linux.datapath.DatapathException;
import dev.patchbay.linux.datapath.Inventory;
import dev.patchbay.linux.datapath.KernelDatapath;
import dev.patchbay.netlink.Netns;
import dev.patchbay.node.cni.CniResult;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.VethPair;
import dev.patchbay.spi.net.MacAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the kernel. Each effect has a platform thread while it lasts: netlink blocks, and deletions wait for one another to be
 * done together.
 */
public final class KernelGate implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KernelGate.class);

  private final Engine engine;
  private final Calls calls;
  private final KernelDatapath datapath;
  private final ExecutorService threads = new ThreadPoolExecutor(4, 256, 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
      Thread.ofPlatform().daemon().name("kernel-", 0).factory(), new ThreadPoolExecutor.CallerRunsPolicy());

  /**
   * Makes it.
   *
   * @param engine who is told what came of effects
   * @param calls the open calls, which bring namespaces
   * @param datapath the datapath; closed with this
   */
  public KernelGate(Engine engine, Calls calls, KernelDatapath datapath) {
    this.engine = engine;
    this.calls = calls;
    this.datapath = datapath;
  }

  void applyNode(Effect.ApplyNode effect) {
    run(effect.token(), () -> {
      datapath.applyNode(effect.datapath());
      return new Event.KernelDone(effect.token());
    });
  }

  void apply(Effect.Apply effect) {
    run(effect.token(), () -> {
      Optional<Netns> netns = calls.netns(effect.request());
      if (netns.isEmpty()) {
        return new Event.KernelFailed(effect.token(), Finding.of(EngineCodes.NETNS_UNUSABLE,
            "The pod's network namespace is no longer there.", "The container runtime makes a new sandbox."));
      }
      try (Netns pod = netns.get()) {
        Attached made = datapath.attach(effect.path(), pod);
        CniResult.Ends ends = ends(effect, made);
        calls.made(effect.request(), effect.path().key(), ends);
        return new Event.KernelDone(effect.token(), ends.pod());
      }
    });
  }

  private static CniResult.Ends ends(Effect.Apply effect, Attached made) {
    Optional<VethPair> pair = effect.path().plan().elements(VethPair.class).stream().findFirst();
    return new CniResult.Ends(pair.flatMap(p -> mac(made, Space.HOST, p.hostName())),
        pair.flatMap(p -> mac(made, Space.POD, p.podName())));
  }

  private static Optional<MacAddress> mac(Attached made, Space space, String name) {
    return made.find(space, name).flatMap(Attached.Interface::mac);
  }

  void change(Effect.Change effect) {
    run(effect.token(), () -> {
      datapath.change(effect.before(), effect.after());
      return new Event.KernelDone(effect.token());
    });
  }

  void undo(Effect.Undo effect) {
    run(effect.token(), () -> {
      Optional<Netns> netns = effect.request().isPresent() ? open(effect.request().getAsLong()) : Optional.empty();
      try {
        datapath.detach(effect.path(), netns);
      } finally {
        netns.ifPresent(Netns::close);
      }
      return new Event.KernelDone(effect.token());
    });
  }

  /** A namespace that can no longer be opened is gone, and with it what was in it. */
  private Optional<Netns> open(long request) {
    try {
      return calls.netns(request);
    } catch (RuntimeException e) {
      LOG.debug("The namespace of a call can't be opened; it is taken to be gone.", e);
      return Optional.empty();
    }
  }

  void compare(Effect.Compare effect) {
    run(effect.token(), () -> {
      Optional<Netns> netns = open(effect.request());
      try {
        List<Deviation> deviations = datapath.check(effect.path(), netns);
        return new Event.Checked(effect.token(), deviations);
      } finally {
        netns.ifPresent(Netns::close);
      }
    });
  }

  void mend(Effect.Mend effect) {
    run(effect.token(), () -> {
      List<Mended> mended = datapath.mend(effect.node(), effect.attachments());
      mended.forEach(one -> LOG.atWarn().addKeyValue("code", BrainCodes.DATAPATH_ALTERED.number())
          .addKeyValue("codeName", BrainCodes.DATAPATH_ALTERED.name()).addKeyValue("subject", one.key())
          .log("What somebody else changed in the kernel was {}: {}", one.refusal().isEmpty() ? "brought back" : "not brought back",
              String.join("; ", one.found())));
      return new Event.Mended(effect.token(), mended, datapath.absent(effect.attachments()));
    });
  }

  void removeLeftovers(Effect.RemoveLeftovers effect) {
    run(effect.token(), () -> {
      datapath.removeLeftovers(effect.keep());
      return new Event.KernelDone(effect.token());
    });
  }

  /**
   * Looks for what an attachment should have in the kernel. Blocks.
   *
   * @param path what it should have
   * @param netns where the container runtime said that the pod's namespace is
   * @return what there is of it
   * @throws DatapathException if the kernel can't be read
   */
  public Examination examine(AttachmentPath path, Path netns) {
    return awaited(() -> {
      Netns pod;
      try {
        pod = Netns.open(netns);
      } catch (RuntimeException e) {
        return new Examination("The pod's network namespace " + netns + " can't be opened from here: " + e.getMessage() + ".",
            datapath.examine(path, Optional.empty()));
      }
      try (pod) {
        return new Examination("", datapath.examine(path, Optional.of(pod)));
      }
    });
  }

  /**
   * Looks for what the node itself should have in the kernel. Blocks.
   *
   * @param node what it should have
   * @return what there is of it
   * @throws DatapathException if the kernel can't be read
   */
  public Examination examine(NodeDatapath node) {
    return awaited(() -> new Examination("", datapath.examineNode(node)));
  }

  /**
   * Looks at everything of attachments in the kernel. Blocks.
   *
   * @param paths what each attachment should have
   * @param netns where the container runtime said that each pod's namespace is
   * @return what there is
   * @throws DatapathException if the kernel can't be read
   */
  public KernelLook look(Map<AttachmentKey, AttachmentPath> paths, Map<AttachmentKey, Path> netns) {
    Inventory inventory;
    try {
      inventory = CompletableFuture.supplyAsync(datapath::inventory, threads).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : e;
    }
    Map<AttachmentKey, List<Deviation>> deviations = new TreeMap<>();
    paths.forEach((key, path) -> {
      List<Deviation> found = examine(path, netns.getOrDefault(key, Path.of("/"))).objects().stream()
          .flatMap(o -> o.deviations().stream()).toList();
      if (!found.isEmpty()) {
        deviations.put(key, found);
      }
    });
    return new KernelLook(inventory.keys(), deviations,
        inventory.deliveries().stream().map(d -> new KernelLook.Delivery(d.address(), d.device())).toList());
  }

  /** On a thread of the platform's: callers may be virtual, which must not enter namespaces. */
  private Examination awaited(Supplier<Examination> work) {
    try {
      return CompletableFuture.supplyAsync(work, threads).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : e;
    }
  }

  private interface Work {
    Event run();
  }

  private void run(long token, Work work) {
    threads.execute(() -> {
      Event event;
      try {
        event = work.run();
      } catch (DatapathException e) {
        event = new Event.KernelFailed(token, e.finding());
      } catch (RuntimeException e) {
        LOG.error("The kernel's side failed in a way that it should not.", e);
        event = new Event.KernelFailed(token, Finding.of(EngineCodes.KERNEL_FAULT, String.valueOf(e.getMessage()),
            "See the daemon's log; Patchbay tries again where it can."));
      }
      engine.send(event);
    });
  }

  @Override
  public void close() {
    threads.shutdown();
    datapath.close();
  }
}
