package dev.patchbay.node;

import dev.patchbay.config.Configuration;
import dev.patchbay.config.ConfigurationException;
import dev.patchbay.config.ConfigurationFile;
import dev.patchbay.config.Problem;
import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.core.objects.ClusterClients;
import dev.patchbay.core.objects.ClusterListener;
import dev.patchbay.core.objects.ClusterSettings;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.launch.LaunchContext;
import dev.patchbay.launch.ProgramLayer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node under the configuration that the file has for its labels. When other labels choose another one, or the file is another, the
 * node begins anew within the process: as after a restart of the daemon it goes on from the ledger, callers that come meanwhile are told
 * to try again, and nothing of running pods is touched. What can't be taken so is named, and what can't be used changes nothing.
 */
final class LabelledNode implements AutoCloseable {
  /** The labels were never seen, so no override is in force. */
  static final Code LABELS_UNKNOWN = Code.of(324, "NodeLabelsUnknown");

  /** The file says what is taken when the daemon starts, and not before. */
  static final Code RESTART_NEEDED = Code.of(326, "RestartNeeded");

  private static final Logger LOG = LoggerFactory.getLogger(LabelledNode.class);
  /** A node that is new waits so long for its labels: its first pods should not get what is meant for others. */
  private static final Duration FIRST_LABELS = Duration.ofSeconds(15);
  private static final String ABOUT = "labels";
  private static final String FILE = "configuration";
  private static final String START = "configuration at start";

  private ConfigurationFile file;
  private final LaunchContext context;
  private final Consumer<Throwable> fault;
  private final Consumer<List<Finding>> refusal;
  private final String name;
  private final LabelFile kept;
  private final ExecutorService changes =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("labels").factory());
  private Optional<Map<String, String>> labels;
  private @Nullable Configuration configuration;
  private @Nullable Node node;
  private @Nullable FileWatch watch;
  private boolean closed;

  private LabelledNode(ConfigurationFile file, LaunchContext context, Consumer<Throwable> fault, Consumer<List<Finding>> refusal) {
    this.file = file;
    this.context = context;
    this.fault = fault;
    this.refusal = refusal;
    Configuration base = file.forNode(Map.of());
    Logs.configure(base);
    this.name = base.node().name().orElse("");
    this.kept = LabelFile.in(base.state().lib(), name);
    this.labels = kept.read();
    if (labels.isEmpty() && file.hasOverrides()) {
      labels = first(base);
      labels.ifPresent(kept::write);
    }
  }

  /**
   * Starts the node.
   *
   * @param file the configuration of all nodes
   * @param fault hears of a fault after which the process must end
   * @param refusal hears what the kernel lacks that the node can't do without; the process must end then, too
   * @throws ConfigurationException with every problem at once
   */
  static LabelledNode start(ConfigurationFile file, LaunchContext context, Consumer<Throwable> fault, Consumer<List<Finding>> refusal) {
    LabelledNode labelled = new LabelledNode(file, context, fault, refusal);
    labelled.begin();
    labelled.watch();
    return labelled;
  }

  private synchronized void begin() {
    Configuration chosen = checked(labels.orElse(Map.of()));
    begin(chosen, ChosenModes.of(chosen, context));
    if (labels.isEmpty() && file.hasOverrides()) {
      tell(ABOUT, Optional.of(Finding.of(LABELS_UNKNOWN,
          "The API server has never told the labels of the node " + name + ", so no override of the configuration is in force.",
          "The overrides come into force when the API server tells them; see whether it is reached and has a node of that name.")));
    }
  }

  private Configuration checked(Map<String, String> of) {
    return file.forNode(of);
  }

  private void begin(Configuration next, ChosenModes modes) {
    Logs.configure(next);
    configuration = next;
    node = Node.start(next, modes, context, this::seen, fault, refusal);
  }

  private void seen(Map<String, String> now) {
    try {
      changes.execute(() -> changed(now));
    } catch (RejectedExecutionException e) {
      LOG.debug("The node ends; its labels are of no interest any more.");
    }
  }

  private void tell(String about, Optional<Finding> finding) {
    Node running = node;
    if (running != null) {
      running.tell(about, finding);
    }
  }

  private synchronized void watch() {
    try {
      watch = FileWatch.of(file.file(), this::written);
    } catch (IOException e) {
      LOG.warn("The folder of {} can't be watched; what is changed there is taken when the daemon starts.", file.file(), e);
    }
  }

  private void written() {
    try {
      changes.execute(this::read);
    } catch (RejectedExecutionException e) {
      LOG.debug("The node ends; its configuration is of no interest any more.");
    }
  }

  private synchronized void read() {
    if (closed) {
      return;
    }
    ConfigurationFile before = file;
    try {
      file = ConfigurationFile.read(before.file(), System.getenv());
      take(FILE);
    } catch (ConfigurationException e) {
      file = before;
      refused(FILE, "The configuration file was changed and can't be used: ", e);
    }
  }

  private void refused(String about, String words, ConfigurationException e) {
    Problem first = e.problems().getFirst();
    tell(about, Optional.of(Finding.of(first.code(), words + first,
        "Correct it; until then the node goes on with what it has. `patchbay config check` tells all that is wrong.")));
  }

  private synchronized void changed(Map<String, String> seen) {
    if (closed || configuration == null || node == null || labels.equals(Optional.of(seen))) {
      return;
    }
    labels = Optional.of(seen);
    kept.write(seen);
    try {
      take(ABOUT);
    } catch (ConfigurationException e) {
      refused(ABOUT, "The labels of the node choose a configuration that can't be used: ", e);
    }
  }

  /** Takes what the file has for the labels; what is wrong with it is found before anything is given up. */
  private void take(String about) {
    Configuration before = Objects.requireNonNull(configuration);
    Configuration wanted = checked(labels.orElse(Map.of()));
    Configuration next = wanted.whileRunning(before);
    SortedSet<String> others = before.differences(next);
    @Nullable ChosenModes modes = others.isEmpty() ? null : ChosenModes.of(next, context);
    if (modes != null) {
      KernelFit.check(next, modes);
    }
    try {
      if (modes != null) {
        LOG.info("There are other values of {}; the node begins anew, pods keep their network.", others);
        Objects.requireNonNull(node).close();
        begin(next, modes);
      }
      tell(about, Optional.empty());
      SortedSet<String> later = before.differencesAtStart(wanted);
      tell(START, later.isEmpty() ? Optional.empty() : Optional.of(Finding.of(RESTART_NEEDED,
          "The configuration file has other values of " + String.join(", ", later) + ", which the daemon takes when it starts.",
          "Restart the daemon to put them in force, or take them back; all else that was changed is in force.")));
    } catch (RuntimeException e) {
      fault.accept(e);
    }
  }

  /** Waits for the labels of a node that was never here before. */
  private Optional<Map<String, String>> first(Configuration base) {
    if (!context.layers().contains("cloud")) {
      return Optional.empty();
    }
    LOG.info("The labels of this node were never seen, and there are overrides: waiting {} s for them.", FIRST_LABELS.toSeconds());
    CompletableFuture<Map<String, String>> seen = new CompletableFuture<>();
    long end = System.nanoTime() + FIRST_LABELS.toNanos();
    try {
      ProgramLayer layer = context.layer("cloud").get(FIRST_LABELS.toMillis(), TimeUnit.MILLISECONDS);
      List<ClusterClients> found = layer.services(l -> ServiceLoader.load(l, ClusterClients.class));
      if (found.isEmpty()) {
        return Optional.empty();
      }
      ClusterSettings settings = new ClusterSettings(base.kubeconfig(), name, List.of(ObjectKind.NODE));
      try (ClusterClient _ = layer.inContext(() -> found.getFirst().open(settings, new First(seen)))) {
        return Optional.of(seen.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS));
      }
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("The labels of this node can't be had: {}", e.toString());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (watch != null) {
      watch.close();
    }
    changes.shutdown();
    Node running = node;
    if (running != null) {
      running.close();
    }
  }

  /** Waits for the node's object and nothing else. */
  private record First(CompletableFuture<Map<String, String>> labels) implements ClusterListener {
    @Override
    public void seen(ObjectRecord object) {
      labels.complete(object.labels());
    }

    @Override
    public void gone(ObjectRef ref) {}

    @Override
    public void heard(ObjectKind kind, boolean heard) {}

    @Override
    public void told(String about, Optional<Finding> finding) {
      finding.ifPresent(f -> LOG.warn("{}", f));
    }
  }
}
