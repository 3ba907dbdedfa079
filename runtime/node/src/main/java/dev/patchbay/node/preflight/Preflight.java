package dev.patchbay.node.preflight;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudClient;
import dev.patchbay.core.needs.SideNeeds;
import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.linux.host.KernelFeature;
import dev.patchbay.linux.host.Sysctls;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.DatapathPlan;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees whether the world lets the node do what it must, and says what is missing: at the start, and again while something is missing or
 * may have changed. All of it runs behind what pods need, on threads of its own; nobody waits for it but the first writing of the CNI
 * configuration, which waits for the kernel's part.
 */
public final class Preflight implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);
  private static final long KERNEL_MILLIS = 30_000;
  private static final long SYSCTL_MILLIS = 15_000;
  private static final long FIRST_RETRY_MILLIS = 5_000;
  private static final long LAST_RETRY_MILLIS = 300_000;
  /** The first calls of a node tell most of what its role may do; the rest is asked after them, and not by all nodes at once. */
  private static final long CLOUD_MILLIS = 3_000;
  private static final long CLOUD_SPREAD_MILLIS = 7_000;

  // One for each of the three that are asked: none waits for an answer of another.
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(3, Thread.ofPlatform().daemon().name("preflight-", 0).factory());
  private final CompletableFuture<List<Finding>> kernel = new CompletableFuture<>();
  private final KernelCheck kernelCheck;
  private final Supplier<DatapathPlan> plan;
  private final Board sysctls;
  private final CloudCheck cloudCheck;
  private final ClusterCheck clusterCheck;

  /**
   * Makes it, and begins with the kernel.
   *
   * @param needs what the node needs
   * @param plan what the modes planned for the node; empty while that is not known. It may block, and throw
   * @param teller who tells the operator
   */
  public Preflight(SideNeeds needs, Supplier<DatapathPlan> plan, Teller teller) {
    this.plan = plan;
    this.kernelCheck = new KernelCheck(needs, KernelFeature::lack, Sysctls.own()::differences);
    this.sysctls = new Board("sysctl", teller);
    this.cloudCheck = new CloudCheck(needs, new Board("iam", teller));
    this.clusterCheck = new ClusterCheck(needs, new Board("rbac", teller));
    threads.execute(() -> {
      long startedAt = System.nanoTime();
      try {
        kernel.complete(kernelCheck.lacking());
        LOG.debug("The kernel was looked at in {} ms.", (System.nanoTime() - startedAt) / 1_000_000);
      } catch (RuntimeException e) {
        LOG.error("The kernel can't be looked at.", e);
        kernel.complete(List.of());
      }
      watchSysctls();
    });
    later(KERNEL_MILLIS, () -> {
      if (kernel.complete(List.of())) {
        LOG.warn("The kernel was not looked at within {} s, a module that loads slowly perhaps; the node goes on.", KERNEL_MILLIS / 1_000);
      }
    });
  }

  /**
   * {@return what the kernel lacks that the node can't do without, when that is known; empty if nothing}
   */
  public CompletableFuture<List<Finding>> kernel() {
    return kernel.copy();
  }

  /**
   * Looks at the kernel once; blocks for some milliseconds, more if it loads a module.
   *
   * @param needs what a node would need
   * @return what the kernel lacks of it, and nobody can set
   */
  public static List<Finding> lacking(SideNeeds needs) {
    return new KernelCheck(needs, KernelFeature::lack, Sysctls.own()::differences).lacking();
  }

  private void watchSysctls() {
    try {
      sysctls.show(kernelCheck.wrong(plan.get()));
    } catch (RuntimeException e) {
      LOG.error("The sysctls can't be looked at.", e);
    }
    later(SYSCTL_MILLIS, this::watchSysctls);
  }

  /**
   * EC2 can be asked.
   *
   * @param client the client
   */
  public void cloud(CloudClient client) {
    again(CLOUD_MILLIS + ThreadLocalRandom.current().nextLong(CLOUD_SPREAD_MILLIS), FIRST_RETRY_MILLIS, () -> cloudCheck.ask(client));
  }

  /**
   * EC2 was called. Any thread.
   *
   * @param action the action
   * @param answer the answer
   */
  public void called(String action, CloudAnswer answer) {
    cloudCheck.called(action, answer);
  }

  /**
   * The API server can be asked.
   *
   * @param client the client
   */
  public void cluster(ClusterClient client) {
    again(0, FIRST_RETRY_MILLIS, () -> clusterCheck.ask(client));
  }

  /** Asks after a while, and again as long as it is worth it, less and less often. */
  private void again(long millis, long next, BooleanSupplier ask) {
    later(millis, () -> {
      boolean worth = true;
      try {
        worth = ask.getAsBoolean();
      } catch (RuntimeException e) {
        LOG.error("A check failed in a way that it should not; it is tried again.", e);
      }
      if (worth) {
        again(next, Math.min(next * 2, LAST_RETRY_MILLIS), ask);
      }
    });
  }

  private void later(long millis, Runnable task) {
    try {
      threads.schedule(task, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The node ends; nothing is checked any more.");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
