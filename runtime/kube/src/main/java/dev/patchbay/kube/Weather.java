package dev.patchbay.kube;

import dev.patchbay.core.objects.ClusterListener;
import dev.patchbay.spi.Finding;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How it stands with the API server, shared by all who ask it: one answer wakes all who wait because there was none, and one silence
 * is told once. For any number of threads.
 */
final class Weather {
  private static final String SERVER = "api server";

  private final ClusterListener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  /** Who has no answer at present. */
  private final Set<String> silent = new HashSet<>();
  private final Map<String, Finding> told = new HashMap<>();
  private long answers;
  private boolean closed;

  Weather(ClusterListener listener) {
    this.listener = listener;
  }

  /**
   * Somebody who asks was answered, or has nothing to ask any more.
   *
   * @param who who asks
   */
  void fine(String who) {
    lock.lock();
    try {
      if (silent.remove(who)) {
        answers++;
        changed.signalAll();
      }
      if (silent.isEmpty()) {
        tell(SERVER, Optional.empty());
      }
      tell(who, Optional.empty());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Somebody who asks failed.
   *
   * @param who who asks
   * @param what what was asked, as in {@code list pods}
   * @param failure what happened
   */
  void foul(String who, String what, ApiFailure failure) {
    lock.lock();
    try {
      switch (failure.kind()) {
        case UNREACHABLE, BUSY -> {
          silent.add(who);
          tell(who, Optional.empty());
          tell(SERVER, Optional.of(Finding.of(KubeCodes.UNHEARD, "The API server is not heard: " + failure.text() + ".",
              "Pods that depend on no object are served all the same, and Patchbay goes on trying. If it lasts, see whether the API"
                  + " server runs and this node reaches it, and whether kubernetes.kubeconfig says the right thing.")));
        }
        case MISSING -> answered(who, Finding.of(KubeCodes.KIND_MISSING,
            "The API server does not know what Patchbay wants to " + what + ": " + failure.text() + ".",
            "Install the custom resource definition that comes with the mode that needs it, or take the mode out of the configuration."
                + " Patchbay goes on looking for it."));
        case DENIED -> answered(who, Finding.of(KubeCodes.RULE_MISSING,
            "The API server does not let Patchbay " + what + ": " + failure.text() + ".",
            "Grant it to the service account that Patchbay runs as. Patchbay goes on trying."));
        case CONFLICT, EXPIRED, INVALID -> answered(who, Finding.of(KubeCodes.WRITE_REFUSED,
            "The API server refuses to " + what + ": " + failure.text() + ".",
            "See whether this version of Patchbay fits the objects that the cluster has. Patchbay goes on trying."));
      }
    } finally {
      lock.unlock();
    }
  }

  private void answered(String who, Finding finding) {
    silent.remove(who);
    if (silent.isEmpty()) {
      tell(SERVER, Optional.empty());
    }
    tell(who, Optional.of(finding));
  }

  private void tell(String about, Optional<Finding> finding) {
    Optional<Finding> before = Optional.ofNullable(told.get(about));
    if (!closed && !before.equals(finding)) {
      finding.ifPresentOrElse(f -> told.put(about, f), () -> told.remove(about));
      listener.told(about, finding);
    }
  }

  /**
   * Waits.
   *
   * @param who who waits; woken when somebody else is answered again, if it waits because nobody answers
   * @param millis how long at most
   * @throws InterruptedException if the client ends
   */
  void pause(String who, long millis) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      long before = answers;
      while (left > 0 && !closed && (before == answers || !silent.contains(who))) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is told any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
