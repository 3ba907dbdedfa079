package dev.patchbay.node;

import dev.patchbay.config.Configuration;
import dev.patchbay.core.brain.AttachmentRequest;
import dev.patchbay.core.brain.Brain;
import dev.patchbay.core.brain.BrainSettings;
import dev.patchbay.core.brain.Event;
import dev.patchbay.core.brain.Reply;
import dev.patchbay.core.brain.Report;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudClient;
import dev.patchbay.core.cloud.CloudClients;
import dev.patchbay.core.cloud.CloudSettings;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.needs.NodeReads;
import dev.patchbay.core.needs.Side;
import dev.patchbay.core.needs.SideNeeds;
import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.core.objects.ClusterClients;
import dev.patchbay.core.objects.ClusterListener;
import dev.patchbay.core.objects.ClusterSettings;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.core.salvage.Salvage;
import dev.patchbay.launch.LaunchContext;
import dev.patchbay.launch.ProgramLayer;
import dev.patchbay.linux.datapath.KernelDatapath;
import dev.patchbay.linux.datapath.Rendering;
import dev.patchbay.linux.host.Boot;
import dev.patchbay.linux.socket.CniSocketServer;
import dev.patchbay.linux.socket.CniSocketSettings;
import dev.patchbay.linux.socket.PendingDels;
import dev.patchbay.netlink.Netns;
import dev.patchbay.node.cni.CniError;
import dev.patchbay.node.cni.CniInput;
import dev.patchbay.node.engine.Alterations;
import dev.patchbay.node.engine.Calls;
import dev.patchbay.node.engine.CloudGate;
import dev.patchbay.node.engine.Devices;
import dev.patchbay.node.engine.Engine;
import dev.patchbay.node.engine.EngineCodes;
import dev.patchbay.node.engine.Examination;
import dev.patchbay.node.engine.KernelGate;
import dev.patchbay.node.engine.LedgerFiles;
import dev.patchbay.node.engine.Outside;
import dev.patchbay.node.engine.OwnCalls;
import dev.patchbay.node.engine.Planners;
import dev.patchbay.node.engine.Witnesses;
import dev.patchbay.node.preflight.Preflight;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.datapath.DatapathPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node. The order of its start is the order of what pods need: the ledger, the kernel, the socket; the cloud and the API
 * server load behind. It ends in reverse.
 */
final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /** A node that goes on from its ledger loads the way to the cloud so much later. */
  private static final long CLOUD_AFTER_MILLIS = 400;

  private final List<AutoCloseable> parts = new ArrayList<>();
  private final AtomicLong numbers = new AtomicLong();
  private final FindingLog findings = new FindingLog();
  private final Meters meters = new Meters();
  private final Configuration configuration;
  private final ChosenModes modes;
  private final Engine engine;
  private final Outside outside;
  private final LedgerFiles ledger;
  private final CloudGate cloud;
  private final KernelGate kernel;
  private final CompletableFuture<CloudClient> cloudClient = new CompletableFuture<>();
  private final CompletableFuture<ClusterClient> clusterClient = new CompletableFuture<>();
  private final CompletableFuture<Void> kernelSeen = new CompletableFuture<>();
  private final Audit audit;
  private final Serving serving;
  private final Preflight preflight;
  private final ClockCheck clock = new ClockCheck(this::tell);
  private final CompletableFuture<Telemetry.Figures> figures = new CompletableFuture<>();
  private final Consumer<Map<String, String>> labels;
  private boolean closed;

  private Node(Configuration configuration, ChosenModes modes, Path home, Consumer<Map<String, String>> labels, Consumer<Throwable> fault) {
    this.configuration = configuration;
    this.modes = modes;
    this.labels = labels;
    Netns netns = own(Netns.current());
    KernelDatapath datapath = KernelDatapath.open(netns, rendering(configuration), new SecureRandom());
    this.ledger = own(LedgerFiles.open(new LedgerFiles.Place(configuration.state().run().resolve("ledger"),
        configuration.state().lib().resolve("ledger"), Boot.id().toString(), () -> Witnesses.of(datapath.inventory()),
        new Salvage.Circumstances(configuration.cni().networkName(), Engine.now().monotonic(),
            configuration.node().cooldown().toMillis()))));
    CloudGate[] gate = new CloudGate[1];
    this.engine = new Engine(new Brain(settings(), modes.composition(), name -> gate[0].type(name), ledger.recovered(), Engine.now()));
    engine.onFault((thread, thrown) -> fault.accept(thrown));
    this.cloud = own(new CloudGate(engine, cloudClient, this::called));
    gate[0] = cloud;
    Optional<OwnCalls> ownCalls = ownCalls(configuration, home);
    ownCalls.ifPresent(this::own);
    if (!modes.composition().with(Role.Extra.class).isEmpty()) {
      ownCalls.flatMap(OwnCalls::hindrance).ifPresent(why ->
          LOG.info("What other plugins made is undone by calls of the container runtime alone: {}.", why));
    }
    Calls calls = new Calls(netns, engine, numbers, meters::answered, this::add, ownCalls);
    this.kernel = own(new KernelGate(engine, calls, datapath));
    this.audit = new Audit(ledger, kernel, cloud);
    Planners planners = own(new Planners(engine));
    this.serving = own(new Serving(configuration.cni().confFile(), new Conflist(configuration.cni())::write, kernelSeen, this::tell));
    this.outside = new Outside(engine, ledger, planners, kernel, cloud, clusterClient, calls, configuration.cni().delegateLimit(),
        serving::begin, findings::hear);
    CompletableFuture<Void> noted = new CompletableFuture<>();
    // Before anything is done: where another daemon serves, whose state is elsewhere, all that it has made would look like leftovers.
    CniSocketServer server = CniSocketServer.open(CniSocketSettings.at(configuration.cni().socket()), call -> {
      noted.join();
      calls.take(call);
    });
    own(engine);
    engine.start(outside::carryOut);
    if (!ledger.salvaged().isEmpty()) {
      tell("ledger rebuilt", Optional.of(Finding.of(EngineCodes.LEDGER_REBUILT, String.join(" ", ledger.salvaged()),
          "Find out what altered the files (memory, disk, a person); `patchbay audit` says whether all agrees now. It is told until the"
              + " daemon's next start.")));
    }
    own(new Devices(engine, configuration.node().vethPrefix()));
    own(new Alterations(engine, datapath));
    if (reads().contains(ObjectKind.NETWORK_FILE)) {
      own(new NetworkFiles(configuration.cni().networkDir(), engine::send));
    }
    own(server);
    LOG.info("Listening on {}.", server.path());
    try {
      takeNotes();
    } finally {
      noted.complete(null);
    }
    // Behind what the first answer needs, so that it never waits for what is looked at here.
    this.preflight = own(new Preflight(needs(modes), () -> look(Brain::nodePath).map(NodeDatapath::plan).orElse(DatapathPlan.empty()), this::tell));
  }

  private static Optional<OwnCalls> ownCalls(Configuration configuration, Path home) {
    Configuration.Cni cni = configuration.cni();
    return cni.undoWithoutCall() ? Optional.of(new OwnCalls(new OwnCalls.Place(home.resolve("bin/patchbay-cni"), cni.socket(),
        cni.networkName(), cni.binDir(), Path.of("/proc")))) : Optional.empty();
  }

  private static Rendering rendering(Configuration configuration) {
    return switch (configuration.node().datapath()) {
      case FAST -> Rendering.FAST;
      case CLASSIC -> Rendering.CLASSIC;
    };
  }

  private <T extends AutoCloseable> T own(T part) {
    parts.addFirst(part);
    return part;
  }

  /**
   * Starts a node.
   *
   * @param labels hears of the labels of the node's object whenever it is seen; must not block
   * @param fault hears of a fault that nobody caught; the node must not go on then
   * @param refusal hears what the kernel lacks that a node can't do without; the node must not go on then
   */
  static Node start(Configuration configuration, ChosenModes modes, LaunchContext context, Consumer<Map<String, String>> labels,
      Consumer<Throwable> fault, Consumer<List<Finding>> refusal) {
    Node node = new Node(configuration, modes, context.home(), labels, fault);
    node.preflight.kernel().thenAccept(lacking -> {
      if (lacking.isEmpty()) {
        node.kernelSeen.complete(null);
      } else {
        refusal.accept(lacking);
      }
    });
    node.cloudClient.thenAccept(node.preflight::cloud);
    node.clusterClient.thenAccept(node.preflight::cluster);
    Health health = new Health(node::report, node.serving::isOpen);
    node.listen("introspection.address", configuration.introspectionAddress(),
        address -> new Introspection(address, node.new Inside(), health));
    node.listen("metrics.address", configuration.metricsAddress(), address -> new Monitoring(address, health, node.figures));
    if (context.layers().contains("cloud")) {
      Runnable load = () -> context.layer("cloud").whenComplete((layer, failure) -> node.cloudLoaded(layer, failure));
      if (node.ledger.recovered().seen().values().isEmpty()) {
        load.run();
      } else {
        // The ledger alone is enough for the first answers, so these have the processors for themselves.
        CompletableFuture.delayedExecutor(CLOUD_AFTER_MILLIS, TimeUnit.MILLISECONDS).execute(load);
      }
    } else {
      IllegalStateException none = new IllegalStateException("this installation has no cloud layer");
      node.cloudClient.completeExceptionally(none);
      node.figures.completeExceptionally(none);
    }
    return node;
  }

  private interface Opener {
    AutoCloseable open(InetSocketAddress address) throws IOException;
  }

  private void listen(String key, Optional<InetSocketAddress> address, Opener opener) {
    address.ifPresent(a -> own(new Endpoint(key, a, () -> opener.open(a), found -> tell(key, found))));
  }

  /** What the node's side of modes needs, and of the runtime itself. */
  static SideNeeds needs(ChosenModes modes) {
    Map<String, ModeDescriptor> descriptors = new LinkedHashMap<>();
    modes.composition().modes().forEach(mode -> descriptors.put(mode.id(), mode.descriptor()));
    return SideNeeds.of(Side.NODE, descriptors);
  }

  private BrainSettings settings() {
    OptionalInt most = configuration.node().maxPods();
    return new BrainSettings(configuration.node().name().orElse(""), configuration.clusterName().orElse(""),
        configuration.node().cooldown().toMillis(), configuration.node().addressWait().toMillis(), configuration.node().mtu(),
        configuration.node().vethPrefix(), DatapathSettings.of(configuration), most, configuration.ec2().tags(), new SecureRandom().nextLong());
  }

  private Event.Add add(CniInput input) {
    CniInput.Pod pod = input.pod().orElse(new CniInput.Pod("", "", ""));
    return new Event.Add(0, new AttachmentRequest(input.key(), input.network(), pod.namespace(), pod.name(), pod.uid(),
        input.request().netnsPath().orElse(""), input.capabilities(), input.arguments()));
  }

  /**
   * DELs that came while no daemon was there. The executable writes a note only after it found nobody listening, so the socket is
   * open by now; but nobody is served yet, so that an ADD of the same container comes behind them.
   */
  private void takeNotes() {
    PendingDels pending = PendingDels.besideSocket(configuration.cni().socket());
    for (PendingDels.Found found : pending.collect()) {
      switch (found) {
        case PendingDels.Broken broken ->
            LOG.warn("The note {} of a DEL can't be read ({}); it is left for a person to look at.", broken.file(), broken.why());
        case PendingDels.Past past -> {
          LOG.info("The note {} is of an earlier boot; none of its pods is left.", past.file());
          pending.remove(past);
        }
        case PendingDels.Note note -> {
          try {
            CniInput input = CniInput.of(note.request());
            long number = numbers.incrementAndGet();
            outside.ask(number, new Event.Del(number, input.key(), note.time()))
                .thenRun(() -> pending.remove(found));
          } catch (CniError e) {
            LOG.warn("The note {} of a DEL is not valid: {}", note.file(), e.getMessage());
            pending.remove(found);
          }
        }
      }
    }
  }

  /** Has the operator know something, or that it is over. */
  void tell(String about, Optional<Finding> finding) {
    engine.send(new Event.Told(about, finding));
  }

  private void called(String action, CloudAnswer answer, long nanos) {
    meters.called(action, answer, nanos);
    preflight.called(action, answer);
    if (cloudClient.isDone() && !cloudClient.isCompletedExceptionally()) {
      cloudClient.join().clockAhead().ifPresent(clock::saw);
    }
  }

  private void cloudLoaded(ProgramLayer layer, Throwable failure) {
    if (failure != null) {
      LOG.error("The cloud layer can't be loaded; pods are served from stock alone.", failure);
      cloudClient.completeExceptionally(failure);
      figures.completeExceptionally(failure);
      return;
    }
    LOG.info("The cloud layer was loaded in {} ms.", layer.buildTime().toMillis());
    synchronized (this) {
      if (!closed) {
        layer.inContext(() -> {
          openCloud(layer);
          openCluster(layer);
          openTelemetry(layer);
          return true;
        });
      }
    }
  }

  private void openCloud(ProgramLayer layer) {
    List<CloudClients> found = layer.services(l -> ServiceLoader.load(l, CloudClients.class));
    if (found.isEmpty()) {
      cloudClient.completeExceptionally(new IllegalStateException("the cloud layer has no way to a cloud"));
      return;
    }
    try {
      cloudClient.complete(found.getFirst().open(new CloudSettings(configuration.ec2().endpoint(), configuration.ec2().region(),
          Optional.of(configuration.imdsEndpoint()), Duration.ofSeconds(10))));
    } catch (RuntimeException e) {
      LOG.error("The client of the cloud can't be made.", e);
      cloudClient.completeExceptionally(e);
    }
  }

  private List<ObjectKind> reads() {
    return NodeReads.of(modes.composition().modes().stream().map(ModeInstance::descriptor).toList());
  }

  private void openCluster(ProgramLayer layer) {
    List<ClusterClients> found = layer.services(l -> ServiceLoader.load(l, ClusterClients.class));
    if (found.isEmpty()) {
      return;
    }
    List<ObjectKind> kinds = reads().stream().filter(kind -> !kind.equals(ObjectKind.NETWORK_FILE)).toList();
    try {
      clusterClient.complete(found.getFirst().open(new ClusterSettings(configuration.kubeconfig(),
          configuration.node().name().orElse(""), kinds), new ClusterListener() {
            @Override
            public void seen(ObjectRecord object) {
              engine.send(new Event.ObjectSeen(object));
              if (object.ref().kind().equals(ObjectKind.NODE) && object.ref().name().equals(configuration.node().name().orElse(""))) {
                labels.accept(object.labels());
              }
            }

            @Override
            public void gone(ObjectRef ref) {
              engine.send(new Event.ObjectGone(ref));
            }

            @Override
            public void heard(ObjectKind kind, boolean heard) {
              engine.send(new Event.ObjectsHeard(kind, heard));
            }

            @Override
            public void told(String about, Optional<Finding> finding) {
              tell(about, finding);
            }
          }));
    } catch (RuntimeException e) {
      LOG.warn("The API server can't be watched: {}", e.getMessage());
    }
  }

  private void openTelemetry(ProgramLayer layer) {
    List<Telemetry> found = layer.services(l -> ServiceLoader.load(l, Telemetry.class));
    if (configuration.metricsAddress().isEmpty() || found.isEmpty()) {
      meters.forget();
      figures.completeExceptionally(new IllegalStateException("the cloud layer has nothing that makes metrics"));
      return;
    }
    try {
      figures.complete(found.getFirst().start(new NodeFigures(this::report, ledger,
          part -> look(brain -> brain.snapshot(part).size()), findings, engine::backlog, meters)));
    } catch (RuntimeException e) {
      LOG.error("There will be no metrics.", e);
      meters.forget();
      figures.completeExceptionally(e);
    }
  }

  Report report() {
    long number = numbers.incrementAndGet();
    try {
      Reply reply = outside.ask(number, new Event.ReportWanted(number)).get(5, TimeUnit.SECONDS);
      return ((Reply.Reported) reply).report();
    } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
      throw new UncheckedIOException(new IOException("the brain gave no report", e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
  }

  /** Looks at the brain between two events. */
  private <T> T look(Function<Brain, T> at) {
    CompletableFuture<T> seen = new CompletableFuture<>();
    engine.look(brain -> {
      try {
        seen.complete(at.apply(brain));
      } catch (RuntimeException e) {
        // A fault in what is only shown must not end the engine's thread.
        seen.completeExceptionally(e);
      }
    });
    return seen.orTimeout(5, TimeUnit.SECONDS).join();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("A part of the node did not end well.", e);
      }
    }
    if (clusterClient.isDone() && !clusterClient.isCompletedExceptionally()) {
      clusterClient.join().close();
    }
  }

  private final class Inside implements Introspection.Source {
    @Override
    public String name() {
      return configuration.node().name().orElse("");
    }

    @Override
    public Report report() {
      return Node.this.report();
    }

    @Override
    public Object configuration() {
      return ConfigurationJson.of(configuration, modes.loaded());
    }

    @Override
    public Object audit() {
      return audit.run(Node.this::look);
    }

    @Override
    public Optional<Examination> node() {
      return look(Brain::nodePath).map(kernel::examine);
    }

    @Override
    public Optional<Examination> attachment(AttachmentKey key) {
      Optional<String> netns = report().attachments().stream().filter(a -> a.key().equals(key)).findFirst()
          .map(AttachmentRecord::netns);
      return look(brain -> brain.path(key)).map(path -> kernel.examine(path, Path.of(netns.orElse("/"))));
    }
  }
}
