package dev.patchbay.tck;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeContext;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.Setting;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.tck.synthetic.SyntheticModes;
import dev.patchbay.tck.view.TestAdmissionRequest;
import dev.patchbay.tck.view.TestCluster;
import dev.patchbay.tck.view.TestInstanceType;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestPod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A mode, and the world in which it is tested: settings, nodes, pods and objects that make it plan something. Without any of
 * these it is tried with its defaults on ordinary nodes with ordinary pods. Immutable; each {@code with…} gives another.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ModeUnderTest {
  private final NetworkModeProvider provider;
  private List<Fields> settings = List.of(Fields.empty());
  private List<TestNode> nodes = List.of(TestNode.create(),
      TestNode.create().withInstanceType(TestInstanceType.M5_4XLARGE),
      TestNode.create().withInstanceType(TestInstanceType.P4D_24XLARGE));
  private List<TestPod> pods = List.of(TestPod.named("plain"), TestPod.named("asking").withCapabilities(asked()));
  private List<ObjectView> objects = List.of();
  private UnaryOperator<TestNode> change = UnaryOperator.identity();
  private @Nullable NetworkModeProvider base;
  private Map<String, Fields> outcomes = Map.of();
  private List<TestCluster> clusters = List.of(TestCluster.create());
  private List<Admission> admissions = List.of();

  private ModeUnderTest(NetworkModeProvider provider) {
    this.provider = provider;
  }

  private ModeUnderTest copy() {
    ModeUnderTest copy = new ModeUnderTest(provider);
    copy.settings = settings;
    copy.nodes = nodes;
    copy.pods = pods;
    copy.objects = objects;
    copy.change = change;
    copy.base = base;
    copy.outcomes = outcomes;
    copy.clusters = clusters;
    copy.admissions = admissions;
    return copy;
  }

  private static Fields asked() {
    Fields mapping = Fields.empty().with("hostPort", 8080).with("containerPort", 80).with("protocol", "tcp");
    return Fields.empty().with("portMappings", List.of(mapping))
        .with("bandwidth", Fields.empty().with("ingressRate", 1_000_000).with("ingressBurst", 100_000)
            .with("egressRate", 2_000_000).with("egressBurst", 200_000));
  }

  private static <T> List<T> plus(List<T> list, T element) {
    List<T> all = new ArrayList<>(list);
    all.add(element);
    return List.copyOf(all);
  }

  /**
   * {@return a mode with its defaults}
   * @param provider the mode's provider
   */
  public static ModeUnderTest of(NetworkModeProvider provider) {
    return new ModeUnderTest(provider);
  }

  /**
   * {@return this mode, tried with further settings too}
   * @param some settings that differ from the defaults
   */
  public ModeUnderTest withSettings(Fields some) {
    ModeUnderTest copy = copy();
    copy.settings = plus(settings, some);
    return copy;
  }

  /**
   * {@return this mode, tried on one more node}
   * @param node the node
   */
  public ModeUnderTest withNode(TestNode node) {
    ModeUnderTest copy = copy();
    copy.nodes = plus(nodes, node);
    return copy;
  }

  /**
   * {@return this mode, each node changed: given an interface that the mode relies on, say}
   * @param another the change, after those before
   */
  public ModeUnderTest withEachNode(UnaryOperator<TestNode> another) {
    ModeUnderTest copy = copy();
    UnaryOperator<TestNode> before = change;
    copy.change = node -> another.apply(before.apply(node));
    return copy;
  }

  /**
   * {@return this mode, tried with one more pod: one that it claims, say}
   * @param pod the pod
   */
  public ModeUnderTest withPod(TestPod pod) {
    ModeUnderTest copy = copy();
    copy.pods = plus(pods, pod);
    return copy;
  }

  /**
   * {@return this mode with one more object to read, on nodes and in clusters}
   * @param object the object
   */
  public ModeUnderTest withObject(ObjectView object) {
    ModeUnderTest copy = copy();
    copy.objects = plus(objects, object);
    return copy;
  }

  /**
   * {@return this mode beside another base than {@link SyntheticModes#stock()}, for a mode that is none}
   * @param other the base
   */
  public ModeUnderTest withBase(NetworkModeProvider other) {
    ModeUnderTest copy = copy();
    copy.base = other;
    return copy;
  }

  /**
   * {@return this mode, an act of its plans having this outcome}
   * @param act the act's id
   * @param outcome its outcome
   */
  public ModeUnderTest withOutcome(String act, Fields outcome) {
    ModeUnderTest copy = copy();
    copy.outcomes = new HashMap<>(outcomes);
    copy.outcomes.put(act, outcome);
    return copy;
  }

  /**
   * {@return this mode, its cluster side tried with one more cluster}
   * @param cluster the cluster
   */
  public ModeUnderTest withCluster(TestCluster cluster) {
    ModeUnderTest copy = copy();
    copy.clusters = plus(clusters, cluster);
    return copy;
  }

  /**
   * {@return this mode, asked for admission too}
   * @param rule the name of the rule
   * @param request the request
   */
  public ModeUnderTest withAdmission(String rule, TestAdmissionRequest request) {
    ModeUnderTest copy = copy();
    copy.admissions = plus(admissions, new Admission(rule, request));
    return copy;
  }

  /**
   * {@return the mode's provider}
   */
  public NetworkModeProvider provider() {
    return provider;
  }

  /**
   * {@return the pods that it is tried with}
   */
  public List<TestPod> pods() {
    return pods;
  }

  /**
   * {@return the objects that it reads}
   */
  public List<ObjectView> objects() {
    return objects;
  }

  /**
   * {@return the settings that it is tried with, defaults filled in; the defaults alone come first}
   */
  public List<Fields> settings() {
    return settings.stream().map(this::complete).toList();
  }

  /**
   * {@return settings with the mode's defaults filled in}
   * @param some settings
   */
  public Fields complete(Fields some) {
    Map<String, Object> all = new HashMap<>();
    for (Setting setting : provider.descriptor().settings()) {
      setting.defaultValue().ifPresent(value -> all.put(setting.name(), value));
    }
    all.putAll(some.values());
    return Fields.of(all);
  }

  /**
   * {@return what a mode is made with}
   * @param complete the settings
   */
  public static ModeContext context(Fields complete) {
    return () -> complete;
  }

  /**
   * {@return the nodes that it is tried on, with the objects to read}
   */
  public List<TestNode> nodes() {
    return nodes.stream().map(this::prepared).toList();
  }

  /**
   * {@return a node with the changes and objects of this mode}
   * @param node the node
   */
  public TestNode prepared(TestNode node) {
    TestNode prepared = node;
    for (ObjectView object : objects) {
      prepared = prepared.withObjects(prepared.objects().with(object));
    }
    return change.apply(prepared);
  }

  Optional<NetworkModeProvider> base() {
    return Optional.ofNullable(base);
  }

  Map<String, Fields> outcomes() {
    return outcomes;
  }

  List<TestCluster> clusters() {
    return clusters.stream().map(cluster -> {
      TestCluster prepared = cluster;
      for (ObjectView object : objects) {
        prepared = prepared.withObjects(prepared.objects().with(object));
      }
      return prepared.withObjects(prepared.objects().restrictedTo(provider.descriptor().clusterReads()));
    }).toList();
  }

  List<Admission> admissions() {
    return admissions;
  }

  @Override
  public String toString() {
    return provider.id();
  }

  record Admission(String rule, TestAdmissionRequest request) {}
}
