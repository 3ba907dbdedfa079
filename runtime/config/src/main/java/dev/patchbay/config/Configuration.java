package dev.patchbay.config;

import dev.patchbay.spi.Code;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.Cidr;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The configuration in force on one node, or for one run of the operator's command: typed, checked, every value with where
 * it comes from. Immutable. What each key means stands in {@code docs/configuration.md}.
 */
public final class Configuration {
  private final Path file;
  private final Values values;
  private final List<ModuleEntry> modules;
  private final List<ModeUse> modes;

  Configuration(Path file, Values values, List<ModuleEntry> modules, List<ModeUse> modes) {
    this.file = file;
    this.values = values;
    this.modules = List.copyOf(modules);
    this.modes = List.copyOf(modes);
  }

  /** How plans are rendered. */
  public enum Datapath {
    /** With rules by the number of ENIs. */
    FAST,
    /** With the rules and tables of aws-node. */
    CLASSIC
  }

  /** What is logged at least. */
  public enum LogLevel {
    /** What failed. */
    ERROR,
    /** What may fail, too. */
    WARN,
    /** What happened, too. */
    INFO,
    /** Why, too. */
    DEBUG,
    /** Everything. */
    TRACE
  }

  /** How log lines are written. */
  public enum LogFormat {
    /** One JSON object on a line. */
    JSON,
    /** For people. */
    TEXT
  }

  /**
   * {@return the section node}
   */
  public Node node() {
    return new Node(values);
  }

  /**
   * {@return the section egress}
   */
  public Egress egress() {
    return new Egress(values);
  }

  /**
   * {@return the section cni}
   */
  public Cni cni() {
    return new Cni(values);
  }

  /**
   * {@return the section state}
   */
  public State state() {
    return new State(values);
  }

  /**
   * {@return the section ec2}
   */
  public Ec2 ec2() {
    return new Ec2(values);
  }

  /**
   * {@return where IMDS is asked}
   */
  public URI imdsEndpoint() {
    return URI.create(values.text("imds.endpoint"));
  }

  /**
   * {@return the kubeconfig file; empty in a pod, which has a service account}
   */
  public Optional<Path> kubeconfig() {
    return values.optionalText("kubernetes.kubeconfig").map(Path::of);
  }

  /**
   * {@return the cluster's name}
   */
  public Optional<String> clusterName() {
    return values.optionalText("cluster.name");
  }

  /**
   * {@return the section controller}
   */
  public Controller controller() {
    return new Controller(values);
  }

  /**
   * {@return where introspection listens; empty if it is off}
   */
  public Optional<InetSocketAddress> introspectionAddress() {
    return Form.socketAddress(values.text("introspection.address"));
  }

  /**
   * {@return where metrics and health listen; empty if they are off}
   */
  public Optional<InetSocketAddress> metricsAddress() {
    return Form.socketAddress(values.text("metrics.address"));
  }

  /**
   * {@return what is logged at least}
   */
  public LogLevel logLevel() {
    return LogLevel.valueOf(values.text("log.level").toUpperCase(Locale.ROOT));
  }

  /**
   * {@return how log lines are written}
   */
  public LogFormat logFormat() {
    return LogFormat.valueOf(values.text("log.format").toUpperCase(Locale.ROOT));
  }

  /**
   * {@return the module files that may be loaded, in the order of the file}
   */
  public List<ModuleEntry> modules() {
    return modules;
  }

  /**
   * {@return the modes chosen, in the order of the file}
   */
  public List<ModeUse> modes() {
    return modes;
  }

  /**
   * {@return every value in force but the modes' settings, in the order of the reference}
   */
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (Key key : Keys.ALL) {
      if (!key.path().contains("[]")) {
        add(entries, key.path(), key);
      }
    }
    for (int i = 0; i < modules.size(); i++) {
      for (Key key : Keys.of("modules[]")) {
        add(entries, "modules[" + i + "]." + key.name(), key);
      }
    }
    for (int i = 0; i < modes.size(); i++) {
      String path = "modes[" + i + "].use";
      Keys.of("modes[]").stream().filter(key -> key.name().equals("use")).forEach(key -> add(entries, path, key));
    }
    return entries;
  }

  /**
   * The keys whose values are others in another configuration. Settings of modes are compared as they are written.
   *
   * @param other the other configuration
   * @return the keys, in alphabetical order
   */
  public SortedSet<String> differences(Configuration other) {
    Map<String, String> here = texts();
    Map<String, String> there = other.texts();
    SortedSet<String> paths = new TreeSet<>(here.keySet());
    paths.addAll(there.keySet());
    paths.removeIf(path -> Objects.equals(here.get(path), there.get(path)));
    return paths;
  }

  /**
   * The keys whose values are others in another configuration and are taken by a daemon when it starts, not before.
   *
   * @param other the other configuration
   * @return the keys, in alphabetical order
   */
  public SortedSet<String> differencesAtStart(Configuration other) {
    SortedSet<String> paths = differences(other);
    paths.retainAll(atStartAlone());
    return paths;
  }

  /**
   * What of this configuration a running daemon takes.
   *
   * @param inForce what it has now
   * @return this configuration, but the keys that are taken at start alone as they are in force
   */
  public Configuration whileRunning(Configuration inForce) {
    return new Configuration(file, values.with(inForce.values, atStartAlone()), modules, modes);
  }

  private static List<String> atStartAlone() {
    return Keys.ALL.stream().filter(Key::atStartAlone).map(Key::path).toList();
  }

  private Map<String, String> texts() {
    Map<String, String> texts = new HashMap<>();
    entries().forEach(entry -> texts.put(entry.path(), entry.value()));
    for (int i = 0; i < modes.size(); i++) {
      texts.put("modes[" + i + "].settings", modes.get(i).written());
    }
    return texts;
  }

  private void add(List<Entry> entries, String path, Key key) {
    Object value = values.get(path);
    if (value != null) {
      entries.add(new Entry(path, Texts.of(value, key.kind()), origin(path), key.documentation()));
    }
  }

  /**
   * {@return where a value comes from; the default's origin if nobody set it}
   * @param path the key, {@code node.mtu} say
   */
  public Origin origin(String path) {
    Origin origin = values.origin(path);
    return origin == null ? new Origin.Default() : origin;
  }

  /**
   * The words for something that turns out to be wrong with a value when it is used.
   *
   * @param path the key
   * @param code what it is
   * @param cause why, as a sentence
   * @param remedy what to do, as a sentence
   * @return the problem, where the value comes from; at the top of the file if nobody set it
   */
  public Problem problem(String path, Code code, String cause, String remedy) {
    Origin origin = values.origin(path);
    return new Problem(code, origin == null || origin instanceof Origin.Default ? new Origin.InFile(file, 1, 1) : origin,
        cause, remedy);
  }

  /** The section node. */
  public static final class Node {
    private final Values values;

    private Node(Values values) {
      this.values = values;
    }

    /**
     * {@return the name of the Kubernetes node; the daemon needs it, the command does not}
     */
    public Optional<String> name() {
      return values.optionalText("node.name");
    }

    /**
     * {@return the MTU of ENIs in bytes, 576 to 9001}
     */
    public int mtu() {
      return values.integer("node.mtu");
    }

    /**
     * {@return what the host's end of a veth is called before its digits, 1 to 4 letters or digits}
     */
    public String vethPrefix() {
      return values.text("node.vethPrefix");
    }

    /**
     * {@return how plans are rendered}
     */
    public Datapath datapath() {
      return Datapath.valueOf(values.text("node.datapath").toUpperCase(Locale.ROOT));
    }

    /**
     * {@return the most pods that the node is made ready for; empty: as the node's object says}
     */
    public OptionalInt maxPods() {
      return values.optionalInteger("node.maxPods");
    }

    /**
     * {@return how long a pod waits for an address}
     */
    public Duration addressWait() {
      return values.duration("node.addressWait");
    }

    /**
     * {@return how long an address rests}
     */
    public Duration cooldown() {
      return values.duration("node.cooldown");
    }
  }

  /** The section egress. */
  public static final class Egress {
    private final Values values;

    private Egress(Values values) {
      this.values = values;
    }

    /**
     * {@return whether traffic that leaves the VPC is translated}
     */
    public boolean translate() {
      return values.truth("egress.translate");
    }

    /**
     * {@return destinations outside the VPC that see the pod's own address}
     */
    public List<Cidr> exceptions() {
      return values.list("egress.exceptions", String.class).stream().map(Cidr::of).toList();
    }

    /**
     * {@return destinations that pods reach as the main routing table says, whichever interface has their address}
     */
    public List<Cidr> mainTable() {
      return values.list("egress.mainTable", String.class).stream().map(Cidr::of).toList();
    }

    /**
     * {@return how source ports are chosen, as {@link dev.patchbay.spi.datapath.Translation#withPorts} takes it}
     */
    public String ports() {
      return values.text("egress.ports");
    }

    /**
     * {@return whether connections that come in by the primary interface for a port of the node are answered by it}
     */
    public boolean nodePorts() {
      return values.truth("egress.nodePorts");
    }
  }

  /** The section cni. */
  public static final class Cni {
    private final Values values;

    private Cni(Values values) {
      this.values = values;
    }

    /**
     * {@return the daemon's socket, absolute}
     */
    public Path socket() {
      return Path.of(values.text("cni.socket"));
    }

    /**
     * {@return where the conflist goes: its folder and its name}
     */
    public Path confFile() {
      return Path.of(values.text("cni.confDir")).resolve(values.text("cni.confFile"));
    }

    /**
     * {@return where CNI executables are, absolute}
     */
    public Path binDir() {
      return Path.of(values.text("cni.binDir"));
    }

    /**
     * {@return the network's name}
     */
    public String networkName() {
      return values.text("cni.networkName");
    }

    /**
     * {@return the conflist's CNI version}
     */
    public String cniVersion() {
      return values.text("cni.cniVersion");
    }

    /**
     * {@return the plugins that run after ours, each with at least a {@code type}}
     */
    public List<Fields> chained() {
      return values.list("cni.chained", Fields.class);
    }

    /**
     * {@return how long a plugin may take that makes one of a pod's further interfaces}
     */
    public Duration delegateLimit() {
      return values.duration("cni.delegateLimit");
    }

    /**
     * {@return where files lie that configure networks of pods}
     */
    public Path networkDir() {
      return Path.of(values.text("cni.networkDir"));
    }

    /**
     * {@return whether the daemon has plugins undo what they made where no call is in progress}
     */
    public boolean undoWithoutCall() {
      return values.truth("cni.undoWithoutCall");
    }
  }

  /** The section state. */
  public static final class State {
    private final Values values;

    private State(Values values) {
      this.values = values;
    }

    /**
     * {@return where the ledger of attachments lives, absolute}
     */
    public Path run() {
      return Path.of(values.text("state.run"));
    }

    /**
     * {@return where provenance lives, absolute}
     */
    public Path lib() {
      return Path.of(values.text("state.lib"));
    }
  }

  /** The section ec2. */
  public static final class Ec2 {
    private final Values values;

    private Ec2(Values values) {
      this.values = values;
    }

    /**
     * {@return where EC2 is asked; empty: the region's own endpoint}
     */
    public Optional<URI> endpoint() {
      return values.optionalText("ec2.endpoint").map(URI::create);
    }

    /**
     * {@return the region; empty: the one that IMDS names}
     */
    public Optional<String> region() {
      return values.optionalText("ec2.region");
    }

    /**
     * {@return tags for every ENI that Patchbay makes}
     */
    public Map<String, String> tags() {
      Map<String, String> tags = new TreeMap<>();
      values.fields("ec2.tags").values().forEach((name, value) -> tags.put(name, (String) value));
      return Map.copyOf(tags);
    }
  }

  /** The section controller. */
  public static final class Controller {
    private final Values values;

    private Controller(Values values) {
      this.values = values;
    }

    /**
     * {@return what a replica calls itself; empty: by its host}
     */
    public Optional<String> identity() {
      return values.optionalText("controller.identity");
    }

    /**
     * {@return the namespace of the Lease}
     */
    public String namespace() {
      return values.text("controller.namespace");
    }

    /**
     * {@return the name of the Lease}
     */
    public String lease() {
      return values.text("controller.lease");
    }

    /**
     * {@return how long after the last sign of who acts another takes over}
     */
    public Duration leaseDuration() {
      return values.duration("controller.leaseDuration");
    }

    /**
     * {@return how often EC2 is looked at}
     */
    public Duration lookEvery() {
      return values.duration("controller.lookEvery");
    }

    /**
     * {@return how long an ENI must have been left over before it goes}
     */
    public Duration sweepGrace() {
      return values.duration("controller.sweepGrace");
    }

    /**
     * {@return the service account that the controller runs as}
     */
    public String serviceAccount() {
      return values.text("controller.serviceAccount");
    }

    /**
     * {@return where webhooks are served; empty: nowhere}
     */
    public Optional<InetSocketAddress> webhookAddress() {
      return Form.socketAddress(values.text("controller.webhookAddress"));
    }

    /**
     * {@return the Service that leads there}
     */
    public String webhookService() {
      return values.text("controller.webhookService");
    }

    /**
     * {@return the namespaces about whose objects nobody is asked}
     */
    public List<String> webhookExempt() {
      return values.list("controller.webhookExempt", String.class);
    }

    /**
     * {@return how long a certificate is good for}
     */
    public Duration certificateLifetime() {
      return values.duration("controller.certificateLifetime");
    }
  }
}
