package dev.patchbay.it.e2e;

import dev.patchbay.lab.CniException;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.PodRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;

/** Many pods at once: each ADD and each DEL on a thread of its own, as a container runtime runs them. */
public final class Pods {
  private Pods() {}

  /** Names of pods: the prefix with 0, 1 and so on. */
  public static List<PodRequest> named(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(number -> PodRequest.of(prefix + number)).toList();
  }

  /** Adds pods at once, and waits until all have their network; in the order of their numbers. */
  public static List<LabPod> add(LabNode node, String prefix, int count) {
    return named(prefix, count).stream().map(request -> begin(node, request)).toList().stream().map(Pods::get).toList();
  }

  /** Begins to add a pod, and returns at once. */
  public static Future<LabPod> begin(LabNode node, PodRequest request) {
    FutureTask<LabPod> adding = new FutureTask<>(() -> node.addPod(request));
    Thread.ofPlatform().daemon().name("add-" + request.name()).start(adding);
    return adding;
  }

  /** Ends pods at once, and waits until all are gone. */
  public static void delete(List<LabPod> pods) {
    List<FutureTask<Void>> deleting = new ArrayList<>();
    for (LabPod pod : pods) {
      FutureTask<Void> task = new FutureTask<>(pod::delete, null);
      Thread.ofPlatform().daemon().name("delete-" + pod.name()).start(task);
      deleting.add(task);
    }
    deleting.forEach(Pods::get);
  }

  /** Waits for a pod that was begun; what went wrong is thrown as it was. */
  public static <T> T get(Future<T> begun) {
    try {
      return begun.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a pod", interrupted);
    }
  }

  /** Waits for a pod that was begun and is to be refused; with what the runtime got. */
  public static CniException refusal(Future<LabPod> begun) {
    try {
      throw new AssertionError("this pod was to be refused: " + get(begun));
    } catch (CniException refused) {
      return refused;
    }
  }
}
