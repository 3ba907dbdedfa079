package dev.patchbay.controller;

import dev.patchbay.cluster.Controller;
import dev.patchbay.cluster.ControllerReport;
import dev.patchbay.cluster.ControllerSettings;
import dev.patchbay.cluster.ControllerTelemetry;
import dev.patchbay.cluster.Effect;
import dev.patchbay.cluster.Event;
import dev.patchbay.cluster.lease.ElectionSettings;
import dev.patchbay.cluster.admission.Asked;
import dev.patchbay.config.Configuration;
import dev.patchbay.core.cloud.CloudClient;
import dev.patchbay.core.cloud.CloudClients;
import dev.patchbay.core.cloud.CloudSettings;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.needs.NeedCodes;
import dev.patchbay.core.needs.RuntimeNeeds;
import dev.patchbay.core.needs.Side;
import dev.patchbay.core.needs.SideNeeds;
import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.core.objects.ClusterClients;
import dev.patchbay.core.objects.ClusterException;
import dev.patchbay.core.objects.ClusterListener;
import dev.patchbay.core.objects.ClusterSettings;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.core.view.ObjectIndex;
import dev.patchbay.launch.ProgramLayer;
import dev.patchbay.node.ChosenModes;
import dev.patchbay.node.Endpoint;
import dev.patchbay.node.FindingLog;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running replica of the controller. It ends by giving up the Lease, so that another takes over at once. */
final class ClusterProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterProcess.class);
  private static final Duration LONGEST_CALL = Duration.ofSeconds(10);
  private static final Duration LONGEST_PLAN = Duration.ofSeconds(5);
  private static final Duration LONGEST_LEAVE = Duration.ofSeconds(10);

  private final List<AutoCloseable> parts = new ArrayList<>();
  private final FindingLog findings = new FindingLog();
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private final Configuration configuration;
  private final ChosenModes modes;
  private final Loop loop;
  private final CloudCalls cloud;
  private final ObjectCalls objects;
  private final Planners planners;
  private final Optional<ControllerTelemetry.Figures> figures;
  private final Optional<Admissions.Admission> admission;
  private boolean closed;

  private ClusterProcess(Configuration configuration, ChosenModes modes, ProgramLayer layer, Consumer<Throwable> fault) {
    this.configuration = configuration;
    this.modes = modes;
    ElectionSettings election = ElectionSettings.of(identity(), configuration.controller().leaseDuration().toMillis());
    Duration rest = Duration.ofMillis(election.durationMillis() - election.deadlineMillis()).dividedBy(2);
    CloudClient client = service(layer, CloudClients.class).open(new CloudSettings(configuration.ec2().endpoint(), configuration.ec2().region(),
        // A call that was sent at the last moment ends before another replica may act.
        Optional.of(configuration.imdsEndpoint()), rest.compareTo(LONGEST_CALL) < 0 ? rest : LONGEST_CALL));
    ControllerSettings settings = new ControllerSettings(configuration.clusterName().orElseThrow(), new ObjectRef(RuntimeNeeds.LEASE,
        configuration.controller().namespace(), configuration.controller().lease()), election,
        configuration.controller().lookEvery().toMillis(), configuration.controller().sweepGrace().toMillis(), configuration.ec2().tags(),
        client::type);
    this.figures = layer.services(l -> ServiceLoader.load(l, ControllerTelemetry.class)).stream().findFirst()
        .map(telemetry -> telemetry.start(new Source()));
    this.loop = new Loop(new Controller(settings, modes.composition().modes(), new SecureRandom().nextLong()), this::carryOut,
        fault);
    this.cloud = own(new CloudCalls(client, loop::send, (action, answer, nanos) -> figures.ifPresent(f -> f.called(action, answer, nanos))));
    this.planners = own(new Planners(LONGEST_PLAN, loop::send, fault));
    ClusterClient api = service(layer, ClusterClients.class).open(
        new ClusterSettings(configuration.kubeconfig(), "", List.copyOf(reads())), new Listener());
    this.objects = own(new ObjectCalls(api, loop::send));
    own(loop);
    loop.start();
    admission = layer.services(l -> ServiceLoader.load(l, Admissions.class)).stream().findFirst()
        .map(admissions -> own(admissions.open(admissionSettings(), Asked.of(modes.composition().modes()), new Surroundings(api))));
    listen("metrics.address", configuration.metricsAddress(), monitoring());
    listen("introspection.address", configuration.introspectionAddress(), Map.of("/v1/report",
        _ -> Pages.Page.json(200, ReportText.of(report(), admission.map(Admissions.Admission::report).orElse(Map.of())))));
    Thread.ofVirtual().name("rights").start(() -> rights(api));
    LOG.info("Replica {} of the controller of cluster {} takes part.", election.identity(), settings.cluster());
  }

  /**
   * Starts a replica.
   *
   * @param layer has the ways to EC2 and the API server
   * @param fault hears of a fault after which the process must end
   */
  static ClusterProcess start(Configuration configuration, ChosenModes modes, ProgramLayer layer, Consumer<Throwable> fault) {
    return layer.inContext(() -> new ClusterProcess(configuration, modes, layer, fault));
  }

  private <T extends AutoCloseable> T own(T part) {
    parts.addFirst(part);
    return part;
  }

  private static <T> T service(ProgramLayer layer, Class<T> type) {
    return layer.services(l -> ServiceLoader.load(l, type)).stream().findFirst()
        .orElseThrow(() -> new IllegalStateException("the cloud layer of this installation has no " + type.getSimpleName()));
  }

  /** Another one at each start: a process must not take its predecessor's Lease for its own. */
  private String identity() {
    String host = configuration.controller().identity().orElseGet(() -> {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "patchbay-cluster";
      }
    });
    return host + "_" + Long.toHexString(new SecureRandom().nextLong());
  }

  private Set<ObjectKind> reads() {
    Set<ObjectKind> kinds = new LinkedHashSet<>(List.of(ObjectKind.NODE));
    modes.composition().modes().stream()
        .filter(m -> m.mode().clusterPlanner().isPresent() || m.mode().admissionPlanner().isPresent())
        .forEach(m -> kinds.addAll(m.descriptor().clusterReads()));
    return kinds;
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.ReadLease e -> objects.read(e);
      case Effect.WriteLease e -> objects.write(e);
      case Effect.Call e -> cloud.call(e);
      case Effect.Ask e -> planners.ask(e);
      case Effect.Publish e -> objects.publish(e.plan());
      case Effect.Withdraw _ -> {
        LOG.warn("This replica acts no longer.");
        objects.withdraw();
      }
      case Effect.Tell e -> findings.hear(e.now());
      case Effect.WakeAt _ -> throw new IllegalStateException("the loop keeps the time itself");
      case Effect.Ended _ -> left.complete(null);
    }
  }

  ControllerReport report() {
    return loop.look(c -> c.report(Loop.now()));
  }

  private void listen(String key, Optional<InetSocketAddress> address, Map<String, Function<String, Pages.Page>> pages) {
    address.ifPresent(a -> own(new Endpoint(key, a, () -> new Pages(a, pages),
        found -> loop.send(new Event.Told(key, found)))));
  }

  private Map<String, Function<String, Pages.Page>> monitoring() {
    Map<String, Function<String, Pages.Page>> pages = new LinkedHashMap<>();
    // Whoever does not lead is as healthy as who does: it is there to take over.
    pages.put("/healthz", _ -> Pages.Page.json(200, "{\"status\":\"ok\",\"leads\":" + report().leads() + "}"));
    pages.put("/readyz", _ -> ready(admission.flatMap(Admissions.Admission::unready)));
    pages.put("/metrics", accept -> figures.map(f -> f.page(accept)).map(p -> new Pages.Page(200, p.contentType(), p.content()))
        .orElseGet(() -> Pages.Page.text(503, "There are no metrics: the cloud layer has nothing that makes them.\n")));
    return pages;
  }

  private Pages.Page ready(Optional<String> unready) {
    return unready.map(why -> Pages.Page.json(503, ReportText.unready(why)))
        .orElseGet(() -> Pages.Page.json(200, "{\"serving\":true,\"leads\":" + report().leads() + "}"));
  }

  private AdmissionSettings admissionSettings() {
    Configuration.Controller own = configuration.controller();
    return new AdmissionSettings(own.webhookAddress(), own.namespace(), own.webhookService(),
        "system:serviceaccount:" + own.namespace() + ":" + own.serviceAccount(), own.webhookExempt(), own.certificateLifetime());
  }

  /** What the service account lacks is said at the start, and not only when it is needed. */
  private void rights(ClusterClient api) {
    Map<String, ModeDescriptor> descriptors = new LinkedHashMap<>();
    modes.composition().modes().forEach(mode -> descriptors.put(mode.id(), mode.descriptor()));
    SideNeeds needs = SideNeeds.of(Side.CLUSTER, descriptors);
    try {
      List<String> lacking = api.lacking(needs.grants().keySet().stream()
          // These are granted in one namespace or by name, which the question does not tell; the first attempt does.
          .filter(grant -> !RuntimeNeeds.isNarrow(grant.kind())).map(SideNeeds.Grant::rule).toList());
      if (!lacking.isEmpty()) {
        loop.send(new Event.Told("rights", Optional.of(Finding.of(NeedCodes.RULE_MISSING, "The API server does not let the controller "
            + String.join(", ", lacking) + ".", "Grant it to the service account that the controller runs as: `patchbay permissions --rbac"
            + " --side cluster` prints the role. It is looked at again at the next start."))));
      }
    } catch (ClusterException e) {
      LOG.info("What the controller may do could not be asked: {}", e.getMessage());
    }
  }

  /** Gives up the Lease and ends. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    loop.send(new Event.Leave());
    try {
      left.get(LONGEST_LEAVE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
      LOG.warn("The Lease could not be given up; another replica takes over when its time is over.");
    }
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("A part of the controller did not end well.", e);
      }
    }
  }

  private final class Listener implements ClusterListener {
    @Override
    public void seen(ObjectRecord object) {
      loop.send(new Event.ObjectSeen(object));
    }

    @Override
    public void gone(ObjectRef ref) {
      loop.send(new Event.ObjectGone(ref));
    }

    @Override
    public void heard(ObjectKind kind, boolean heard) {
      loop.send(new Event.ObjectsHeard(kind, heard));
    }

    @Override
    public void told(String about, Optional<Finding> finding) {
      loop.send(new Event.Told(about, finding));
    }
  }

  private final class Surroundings implements Admissions.Surroundings {
    private final ClusterClient api;

    Surroundings(ClusterClient api) {
      this.api = api;
    }

    @Override
    public ObjectIndex objects() {
      return loop.objects();
    }

    @Override
    public boolean leads() {
      return loop.leads();
    }

    @Override
    public ClusterClient client() {
      return api;
    }

    @Override
    public void told(String about, Optional<Finding> finding) {
      loop.send(new Event.Told(about, finding));
    }
  }

  private final class Source implements ControllerTelemetry.Source {
    @Override
    public ControllerReport report() {
      return ClusterProcess.this.report();
    }

    @Override
    public Map<String, String> modes() {
      Map<String, String> versions = new LinkedHashMap<>();
      modes.composition().modes().forEach((ModeInstance m) -> versions.put(m.id(), m.version()));
      return versions;
    }

    @Override
    public Map<Code, Long> appeared() {
      return findings.appeared();
    }

    @Override
    public String version() {
      return Optional.ofNullable(ClusterProcess.class.getModule().getDescriptor()).flatMap(d -> d.rawVersion()).orElse("unversioned");
    }
  }
}
