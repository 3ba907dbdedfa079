package dev.patchbay.lab.services;

import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.kube.KubeObjects;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Makes service addresses lead to pods on every node, as kube-proxy does and without it: follows the services, endpoint
 * slices and pods of the Kubernetes API, and writes the rules in the nodes' namespaces.
 *
 * <p>A change is in the rules some milliseconds after it is in the API; {@link #await} waits for that. Thread-safe.
 */
public final class Services implements AutoCloseable {
  private static final List<String> FOLLOWED = List.of("services", "endpointslices.discovery.k8s.io", "pods");
  private static final int LONGEST_SECONDS = 60;

  private final KubeObjects objects;
  private final ServicePorts ports;
  private final List<AutoCloseable> following = new ArrayList<>();
  private final AtomicBoolean queued = new AtomicBoolean();
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("services").factory());

  // Used by the worker alone.
  private final List<NodeRules> nodes = new ArrayList<>();
  private ServiceRules form = ServiceRules.NONE;

  /** Makes none at first. The caller closes it, which leaves the rules to go with the nodes. */
  public Services(KubeObjects objects) {
    this.objects = objects;
    ports = new ServicePorts(objects);
  }

  /** Changes the form on all nodes, those to come included; what was there in another form goes. Returns when that is done. */
  public synchronized void use(ServiceRules wanted) {
    if (wanted != ServiceRules.NONE && following.isEmpty()) {
      FOLLOWED.forEach(resource -> following.add(objects.follow(resource, "", change -> wake())));
    }
    done(worker.submit(() -> {
      form = wanted;
      apply();
    }));
  }

  /**
   * Adds a node. Returns when it has its rules.
   *
   * @param addresses the node's own addresses, asked at each change
   */
  public void addNode(String name, NetworkNamespace namespace, Supplier<Collection<InetAddress>> addresses) {
    done(worker.submit(() -> {
      nodes.add(new NodeRules(name, namespace, addresses));
      apply();
    }));
  }

  /** The node of that name has booted: its rules are gone, and written anew. Returns when it has them. */
  public void rebooted(String name) {
    done(worker.submit(() -> {
      nodes.replaceAll(node -> node.of(name) ? node.anew() : node);
      apply();
    }));
  }

  /**
   * Waits until the rules say what the API says now.
   *
   * @throws IllegalStateException if they can't be set, with what was refused
   */
  public void await() {
    done(worker.submit(this::apply));
  }

  private void wake() {
    if (queued.compareAndSet(false, true)) {
      try {
        worker.execute(
            () -> {
              queued.set(false);
              try {
                apply();
              } catch (RuntimeException failed) {
                System.getLogger(Services.class.getName())
                    .log(System.Logger.Level.ERROR, "Lab: service rules were not brought up to date", failed);
              }
            });
      } catch (RejectedExecutionException closing) {
        // The lab goes down, and its nodes with it.
        queued.set(false);
      }
    }
  }

  private void apply() {
    List<ServicePort> wanted = form == ServiceRules.NONE ? List.of() : ports.read();
    nodes.forEach(node -> node.apply(form, wanted));
  }

  private static void done(Future<?> task) {
    try {
      task.get(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw new IllegalStateException("the service rules could not be set: " + cause.getMessage(), cause);
    } catch (TimeoutException late) {
      throw new IllegalStateException("the service rules were not set within " + LONGEST_SECONDS + " s", late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while service rules were set", interrupted);
    }
  }

  @Override
  public synchronized void close() {
    following.forEach(Services::end);
    following.clear();
    worker.shutdownNow();
    try {
      // What is being written is finished, so that it does not meet namespaces that are gone.
      if (!worker.awaitTermination(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the service rules were not written to their end within " + LONGEST_SECONDS + " s");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void end(AutoCloseable following) {
    try {
      following.close();
    } catch (Exception failed) {
      throw new IllegalStateException("the Kubernetes API could not be left: " + failed.getMessage(), failed);
    }
  }
}
