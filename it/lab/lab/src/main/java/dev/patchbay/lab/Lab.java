package dev.patchbay.lab;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.calls.Faults;
import dev.patchbay.lab.calls.Recorder;
import dev.patchbay.lab.ec2.Ec2Server;
import dev.patchbay.lab.ec2.ImdsHandler;
import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.fabric.vpc.VpcFabric;
import dev.patchbay.lab.kube.KubeApiOptions;
import dev.patchbay.lab.kube.KubeApiServer;
import dev.patchbay.lab.picture.Picture;
import dev.patchbay.lab.services.ServiceRules;
import dev.patchbay.lab.services.Services;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.SecurityGroup;
import dev.patchbay.lab.vpc.VpcModel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A lab: one VPC on this machine, with EC2, IMDS, Kubernetes and a fabric of real packets in this process, and nodes whose
 * daemons are processes of their own.
 *
 * <p>Needs root on Linux with {@code nft}, {@code nsenter} and {@code ping}. All of it lives in network namespaces named for
 * the lab and in {@code /run/patchbay-lab/NAME}; {@link #close} removes it, and if this process is killed, {@link #clear} or
 * the next lab of that name does. Thread-safe.
 */
public final class Lab implements AutoCloseable {
  private static final Duration LONGEST_FOLLOWING = Duration.ofMinutes(2);
  private static final Duration LONGEST_START = Duration.ofMinutes(15);
  /** All start at once, on the same processors. */
  private static final Duration LONGER_FOR_EACH = Duration.ofSeconds(10);
  private static final int PODS_AT_ONCE = 32;
  private static final Duration LONGEST_TRYING = Duration.ofMinutes(3);
  private static final Duration BEFORE_TRYING_AGAIN = Duration.ofSeconds(1);
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final LabSettings settings;
  private final Consumer<String> progress;
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final List<LabNode> nodes = new CopyOnWriteArrayList<>();
  private final List<Replica> replicas = new CopyOnWriteArrayList<>();
  private final StateDirectory state;
  private final Faults faults;
  private final Recorder recorder = new Recorder();
  private final Cloud cloud;
  private final KubeApiServer api;
  private final Cluster cluster;
  private final VpcFabric following;
  private final Services services;
  private final Clients clients;
  private final ControlPlane controlPlane;
  private boolean closed;

  private Lab(LabSettings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
    state = own(StateDirectory.claim(settings.name()));
    try {
      progress.accept("EC2 and the Kubernetes API");
      Permissions permissions =
          settings.daemons() ? Permissions.generated(settings, "node", state.path()) : Permissions.ofAnybody();
      faults = own(new Faults(InstantSource.system()));
      cloud = own(new Cloud(settings.name(), settings.ipv6(), permissions.policy(), faults, recorder));
      api =
          own(
              KubeApiServer.start(
                  kubernetes(),
                  faults,
                  recorder));
      cluster = new Cluster(api);
      cluster.install(permissions.rules());
      if (settings.daemons()) {
        Definitions.install(Modes.complete(settings.configuration(), settings.home()), api.objects());
      }
      progress.accept("the VPC's fabric");
      following = own(VpcFabric.follow(cloud.model(), cloud.vpc().id(), settings.name()));
      fabric().serveMetadata(cloud::imdsAddress);
      fabric().publish(cloud.ec2Uri().getPort(), new InetSocketAddress(LOOPBACK, cloud.ec2Uri().getPort()));
      fabric().publish(api.port(), new InetSocketAddress(LOOPBACK, api.port()));
      services = own(new Services(api.objects()));
      controlPlane = new ControlPlane(cloud, fabric(), api.objects(), new InetSocketAddress(LOOPBACK, api.port()));
      useServices(settings.services());
      faults.serve(new NodeBreakable(this));
      clients = new Clients(this, state.path().resolve("clients"));
      addReplicas(settings.replicas());
      addNodes(settings.nodes());
    } catch (RuntimeException failure) {
      closeAfter(failure);
      throw failure;
    }
  }

  /** Builds a lab. Returns when all nodes serve, if they run the daemon. */
  public static Lab start(LabSettings settings) {
    return start(settings, step -> {});
  }

  /**
   * Builds a lab.
   *
   * @param progress hears of each step before it is done
   * @throws LabException if anything of it fails; nothing is left then
   */
  public static Lab start(LabSettings settings, Consumer<String> progress) {
    return new Lab(settings, progress);
  }

  /**
   * Removes all that a lab of that name has left whose process is gone: processes, namespaces, files.
   *
   * @throws LabException if such a lab runs
   */
  public static void clear(String name) {
    StateDirectory.clear(name);
  }

  /**
   * The same, for who does not know whether such a lab runs, or has left anything.
   *
   * @return whether there was anything to remove
   */
  public static boolean clearIfLeft(String name) {
    return StateDirectory.clearIfLeft(name);
  }

  /** Removes the locks of killed processes, of labs that have left nothing else. A lab that starts does so, too. */
  public static void sweep() {
    StateDirectory.sweep();
  }

  /** The names of the labs on this machine, those included whose process is gone. */
  public static List<String> names() {
    return StateDirectory.names();
  }

  /** The process that runs the lab of that name. */
  public static Optional<ProcessHandle> owner(String name) {
    return StateDirectory.owner(name);
  }

  /** The folder of the lab of that name, whether there is one or not. */
  public static Path folder(String name) {
    return StateDirectory.of(name);
  }

  /**
   * Marks a process that is to be started as one of a lab's, and whatever it starts: it ends with the lab at the latest, whether it
   * is in one of the lab's namespaces or not. One that runs the lab itself may bear the mark.
   */
  public static void mark(ProcessBuilder builder, String name) {
    builder.environment().put(Marked.VARIABLE, name);
  }

  /** Its name. */
  public String name() {
    return settings.name();
  }

  /** How it was built. */
  public LabSettings settings() {
    return settings;
  }

  /** The VPC. What is changed here, packets and EC2's answers follow. */
  public VpcModel model() {
    return cloud.model();
  }

  /** What goes wrong, in whichever service; nothing at first. */
  public Faults faults() {
    return faults;
  }

  /** What the lab's services are asked. */
  public Recorder recorder() {
    return recorder;
  }

  /** The id of the VPC. */
  public String vpcId() {
    return cloud.vpc().id();
  }

  /** The security group of nodes and pods: everything from members of it, and everything out. */
  public SecurityGroup nodeGroup() {
    return model().state().group(cloud.nodes().id());
  }

  /** EC2, with its faults and its record of calls; nodes call by their instance's id. */
  public Ec2Server ec2() {
    return cloud.ec2();
  }

  /** EC2's endpoint as it is reached on this machine. */
  public URI ec2Uri() {
    return cloud.ec2Uri();
  }

  /** The Kubernetes API. */
  public KubeApiServer kube() {
    return api;
  }

  /** The packets. */
  public Fabric fabric() {
    return following.fabric();
  }

  /** Waits until packets go as the model says. */
  public void awaitFabric() {
    following.await(LONGEST_FOLLOWING);
  }

  /**
   * Changes in which form the nodes have rules for service addresses, and returns when they have. What was there in another
   * form goes.
   */
  public void useServices(ServiceRules form) {
    if (form != ServiceRules.NONE) {
      controlPlane.show();
    }
    services.use(form);
  }

  /** Waits until the nodes' rules for service addresses say what the Kubernetes API says. */
  public void awaitServices() {
    services.await();
  }

  /** The nodes, in the order in which they were made. */
  public List<LabNode> nodes() {
    return List.copyOf(nodes);
  }

  /** The node of that number, from 0. */
  public LabNode node(int number) {
    return nodes.get(number);
  }

  /** The node of that name, {@code node-0} and so on. */
  public LabNode node(String nodeName) {
    return nodes.stream()
        .filter(node -> node.name().equals(nodeName))
        .findFirst()
        .orElseThrow(() -> new LabException(
            "there is no node " + nodeName + " in lab " + name() + "; there are "
                + String.join(", ", nodes.stream().map(LabNode::name).toList())));
  }

  /** The replicas of the cluster's controller, {@code cluster-0} and so on. */
  public List<Replica> replicas() {
    return List.copyOf(replicas);
  }

  /** The replica of that name. */
  public Replica replica(String replicaName) {
    return replicas.stream()
        .filter(replica -> replica.name().equals(replicaName))
        .findFirst()
        .orElseThrow(() -> new LabException(
            "there is no replica " + replicaName + " of the controller in lab " + name() + "; `lab up --cluster N` starts some"));
  }

  /** Adds replicas of the controller, and starts them. Returns at once. */
  public synchronized List<Replica> addReplicas(int count) {
    List<Replica> added = new ArrayList<>();
    if (count > 0) {
      progress.accept(count == 1 ? "the controller" : count + " replicas of the controller");
      Permissions permissions = Permissions.generated(settings, "cluster", state.path());
      if (replicas.isEmpty()) {
        cluster.installController(permissions.objects());
      }
      for (int i = 0; i < count; i++) {
        String replicaName = "cluster-" + replicas.size();
        cloud.ec2().callers().allow(replicaName, permissions.policy());
        Replica replica = new Replica(this, replicaName, state.path().resolve("replicas").resolve(replicaName));
        replicas.add(replica);
        added.add(replica);
        own((AutoCloseable) replica::kill);
        replica.start();
      }
    }
    return added;
  }

  /** Adds nodes of the same kind. Returns when they serve, if they run the daemon. */
  public List<LabNode> addNodes(int count) {
    List<LabNode> added = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      progress.accept("node-" + nodes.size() + ", " + settings.instanceType());
      LabNode node = addNode("node-" + nodes.size());
      nodes.add(node);
      added.add(node);
      if (settings.daemons()) {
        node.daemon().start();
      }
    }
    if (settings.daemons() && count > 0) {
      progress.accept("waiting until " + (count == 1 ? "the node serves" : "the nodes serve"));
      Duration longest = LONGEST_START.plus(LONGER_FOR_EACH.multipliedBy(count - 1L));
      added.forEach(node -> node.daemon().awaitServing(longest));
    }
    return added;
  }

  /**
   * Makes pods on every node, {@code node-0-pod-0} and so on in namespace {@code default}, many at a time. A pod that is refused is
   * tried again, as kubelet does, for some minutes. Returns when all of them have their network.
   *
   * @param perNode how many on each
   * @throws LabException if one of them can't be made; those that were made stay
   */
  public List<LabPod> addPods(int perNode) {
    List<Callable<LabPod>> all = new ArrayList<>();
    for (int number = 0; number < perNode; number++) {
      String end = "-pod-" + number;
      // One node after the other: each of them has its share of those that are made at a time.
      nodes.forEach(node -> all.add(() -> addPod(node, node.name() + end)));
    }
    return Together.all(PODS_AT_ONCE, all);
  }

  private static LabPod addPod(LabNode node, String podName) throws InterruptedException {
    long last = System.nanoTime() + LONGEST_TRYING.toNanos();
    while (true) {
      try {
        return node.addPod(podName);
      } catch (CniException refused) {
        if (System.nanoTime() > last) {
          throw refused;
        }
        Thread.sleep(BEFORE_TRYING_AGAIN);
      }
    }
  }

  /** The part of a node's reboot that is the machine's. */
  void reboot(LabNode node) {
    following.reboot(node.instanceId());
    services.rebooted(node.name());
  }

  /** The lab as {@code patchbay lab status --json} prints it. */
  public ObjectNode status() {
    return LabStatus.of(this);
  }

  /**
   * What the environment of a process must have so that clients of AWS and Kubernetes use this lab as who may do everything.
   *
   * @param inside for a process in a node's network; else for one in the machine's own
   */
  public ClientEnvironment administrator(boolean inside) {
    return clients.ofAdministrator(inside);
  }

  Clients clients() {
    return clients;
  }

  Optional<InetSocketAddress> imdsAddress(String instanceId) {
    return cloud.imdsAddress(instanceId);
  }

  /** The fabric's name of an interface's device in its node; empty while it is not attached. */
  Optional<String> device(NetworkInterface eni) {
    return fabric().interfaces().stream().filter(spec -> spec.id().equals(eni.id())).map(spec -> spec.device()).findFirst();
  }

  ImdsHandler imds(String instanceId) {
    return cloud.imds(instanceId);
  }

  /** A picture of the VPC with all that is in it, as {@code patchbay lab graph} prints it: SVG. */
  public String picture() {
    return Picture.of(Scenes.of(this));
  }

  /** The folder of a pod's files. */
  Path podFolder(String nodeName, String namespace, String podName) {
    return state.path().resolve("pods").resolve(nodeName).resolve(namespace).resolve(podName);
  }

  Cluster cluster() {
    return cluster;
  }

  /** Removes all of it from the machine. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    RuntimeException failure = null;
    for (AutoCloseable part : owned) {
      try {
        part.close();
      } catch (Exception thrown) {
        failure = failure == null ? new LabException("the lab could not be removed whole: " + thrown.getMessage(), thrown) : failure;
        if (failure.getCause() != thrown) {
          failure.addSuppressed(thrown);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private KubeApiOptions kubernetes() {
    KubeApiOptions options = KubeApiOptions.loopback().withCertificateNames(certificateNames());
    return settings
        .kubernetes()
        .map(real -> options.withBinaries(real.in(state.path().resolve("kubernetes"))))
        .orElse(options);
  }

  private List<String> certificateNames() {
    List<String> names = new ArrayList<>(List.of(Fabric.LAB_HOST.getHostAddress()));
    cloud.subnets().forEach(subnet -> names.add(ControlPlane.address(subnet).toString()));
    return names;
  }

  private LabNode addNode(String nodeName) {
    if (nodes.size() >= LabSettings.MOST_NODES) {
      throw new LabException("a lab has " + LabSettings.MOST_NODES + " nodes at most");
    }
    Instance instance = cloud.launch(nodeName, settings.instanceType(), nodes.size());
    awaitFabric();
    NodeFiles files = new NodeFiles(state.path().resolve("nodes").resolve(nodeName));
    files.create(settings.daemons() ? Optional.of(settings.executable()) : Optional.empty());
    NodeDaemon daemon =
        new NodeDaemon(
            nodeName,
            settings,
            fabric().instance(instance.id()),
            files,
            fabric().expose(instance.id(), NodeFiles.INTROSPECTION_PORT).address(),
            fabric().expose(instance.id(), NodeFiles.METRICS_PORT).address());
    LabNode node = new LabNode(this, nodeName, instance.id(), fabric().instance(instance.id()), files, daemon);
    services.addNode(nodeName, node.netns(), node::ownAddresses);
    cluster.addNode(nodeName, instance, model().settings().region(), node.address().getHostAddress());
    String host = Fabric.LAB_HOST.getHostAddress();
    files.write(cluster.nodeKubeconfig(host), configuration(files, nodeName, "http://" + host + ":" + ec2Uri().getPort()));
    return node;
  }

  private Map<String, Object> configuration(NodeFiles files, String nodeName, String endpoint) {
    Map<String, Object> merged = Configurations.merge(files.configuration(nodeName, name(), endpoint), settings.configuration());
    return settings.daemons() ? Modes.complete(merged, settings.home()) : merged;
  }

  private <T extends AutoCloseable> T own(T part) {
    owned.addFirst(part);
    return part;
  }

  private void closeAfter(RuntimeException failure) {
    try {
      close();
    } catch (RuntimeException too) {
      failure.addSuppressed(too);
    }
  }
}
