package dev.patchbay.kube;

import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.core.objects.ClusterException;
import dev.patchbay.core.objects.ClusterListener;
import dev.patchbay.core.objects.ClusterSettings;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API server, followed and written to by a few virtual threads: one for each kind that is followed, one that writes, one that
 * listens for silence. For any number of threads.
 */
final class KubeClusterClient implements ClusterClient {
  private static final Logger LOG = LoggerFactory.getLogger(KubeClusterClient.class);
  private static final long LONGEST_END_MILLIS = 2_000;

  private final Pace pace;
  private final String nodeName;
  private final ApiServer api;
  private final Weather weather;
  private final List<Following> followings = new ArrayList<>();
  private final Publisher publisher;
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  KubeClusterClient(ClusterSettings settings, ClusterListener listener, Pace pace) {
    this.pace = pace;
    this.nodeName = settings.nodeName();
    this.api = new ApiServer(settings.kubeconfig(), pace.answer());
    this.weather = new Weather(listener);
    for (ObjectKind kind : settings.kinds().stream().distinct().toList()) {
      followings.add(new Following(kind, selector(kind), api, listener, weather, pace));
    }
    this.publisher = new Publisher(api, weather, pace, nodeName, this::known);
    followings.forEach(following -> start("kube-" + following.kind(), following));
    start("kube-publish", publisher);
    start("kube-silence", this::listen);
  }

  private void start(String name, Runnable work) {
    threads.add(Thread.ofVirtual().name(name).start(work));
  }

  /** Of nodes this one, of pods those on it. */
  private String selector(ObjectKind kind) {
    if (nodeName.isEmpty()) {
      return "";
    }
    return kind.equals(ObjectKind.NODE) ? "metadata.name=" + nodeName : kind.equals(ObjectKind.POD) ? "spec.nodeName=" + nodeName : "";
  }

  private Optional<ObjectRecord> known(ObjectRef ref) {
    return followings.stream().filter(f -> f.kind().equals(ref.kind())).findFirst().flatMap(f -> f.known(ref));
  }

  /**
   * Asks when a watch has been silent for long: a connection can be dead for a quarter of an hour without anybody being told. If there
   * is no answer, what goes over the connection ends, and is heard of in the usual way.
   */
  private void listen() {
    try {
      while (!ended.await(pace.silence().dividedBy(3).toNanos(), TimeUnit.NANOSECONDS)) {
        boolean silent = followings.stream().flatMap(f -> f.stream().stream()).anyMatch(s -> s.silent() > pace.silence().toNanos());
        boolean overdue = followings.stream().flatMap(f -> f.stream().stream())
            .anyMatch(s -> s.open() > pace.watch().plus(pace.silence()).toNanos());
        if (overdue) {
          api.renew();
        } else if (silent) {
          ask();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("Nobody listens for silence any more.");
    }
  }

  private void ask() {
    try {
      api.get(nodeName.isEmpty() ? "/version" : Paths.of(new ObjectRef(ObjectKind.NODE, "", nodeName)) + "?resourceVersion=0",
          Shape.of());
    } catch (ApiFailure e) {
      LOG.debug("Asked into a silence: {}", e.text());
      if (e.kind() == ApiFailure.Kind.UNREACHABLE) {
        api.renew();
      }
    }
  }

  @Override
  public void publish(ObjectPlan plan) {
    publisher.take(plan);
  }

  @Override
  public void withdraw() {
    publisher.withdraw();
  }

  @Override
  public Optional<ObjectRecord> read(ObjectRef ref) {
    return new DirectObjects(api).read(ref);
  }

  @Override
  public Optional<ObjectRecord> write(ObjectRef ref, String resourceVersion, Fields content) {
    return new DirectObjects(api).write(ref, resourceVersion, content);
  }

  @Override
  public boolean delete(ObjectRef ref, String resourceVersion) {
    return new DirectObjects(api).delete(ref, resourceVersion);
  }

  @Override
  public List<String> lacking(List<Needs.ObjectRule> rules) {
    try {
      return new AccessReviews(api).lacking(rules);
    } catch (ApiFailure e) {
      throw new ClusterException("What Patchbay may do can't be asked of the API server: " + e.text() + ".", e);
    }
  }

  @Override
  public void close() {
    ended.countDown();
    weather.close();
    followings.forEach(Following::close);
    publisher.close();
    threads.forEach(Thread::interrupt);
    api.close();
    long end = System.nanoTime() + LONGEST_END_MILLIS * 1_000_000;
    try {
      for (Thread thread : threads) {
        thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
