package dev.patchbay.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.patchbay.lab.ec2.ImdsHandler;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A node: an instance in the VPC, an object in the Kubernetes API, a daemon, and pods. The lab plays its kubelet and container
 * runtime. Thread-safe.
 */
public final class LabNode {
  private static final int LONGEST_PART = 100;

  private final Lab lab;
  private final String name;
  private final String instanceId;
  private final NetworkNamespace netns;
  private final NodeFiles files;
  private final NodeDaemon daemon;
  private final CniCaller cni;
  private final Map<String, LabPod> pods = new ConcurrentHashMap<>();

  LabNode(Lab lab, String name, String instanceId, NetworkNamespace netns, NodeFiles files, NodeDaemon daemon) {
    this.lab = lab;
    this.name = name;
    this.instanceId = instanceId;
    this.netns = netns;
    this.files = files;
    this.daemon = daemon;
    cni = new CniCaller(netns, files);
  }

  /** Its name in Kubernetes and in the lab. */
  public String name() {
    return name;
  }

  /** Its instance's id. */
  public String instanceId() {
    return instanceId;
  }

  /** Its instance as it is now. */
  public Instance instance() {
    return lab.model().state().instance(instanceId);
  }

  /** Its interfaces as EC2 sees them now, by device index. */
  public List<NetworkInterface> interfaces() {
    return lab.model().state().interfacesOf(instanceId);
  }

  /** Its own address: the primary one of its primary interface. */
  public InetAddress address() {
    return lab.model().state().primaryOf(instanceId).flatMap(NetworkInterface::primary).orElseThrow().inet();
  }

  /** Its own addresses of both families, by which its node ports are reached. */
  List<InetAddress> ownAddresses() {
    return lab.model().state().primaryOf(instanceId).stream()
        .flatMap(eni -> Stream.concat(eni.primary().stream(), eni.ipv6Addresses().stream().limit(1)))
        .map(Ip::inet)
        .toList();
  }

  /** The address by which the internet sees it. */
  public InetAddress publicAddress() {
    return lab.model().state().primaryOf(instanceId).flatMap(NetworkInterface::publicAddress).orElseThrow().inet();
  }

  /** Its network namespace, in which processes of the host's network run. */
  public NetworkNamespace netns() {
    return netns;
  }

  /** Its daemon. */
  public NodeDaemon daemon() {
    return daemon;
  }

  /** Runs its plugins. */
  public CniCaller cni() {
    return cni;
  }

  /** The metadata service of its instance. */
  public ImdsHandler imds() {
    return lab.imds(instanceId);
  }

  /** Where its container runtime finds plugins. */
  public Path cniBin() {
    return files.cniBin();
  }

  /** The network configuration file that its daemon writes when it can serve. */
  public Path conflist() {
    return files.cniConf().resolve("10-patchbay.conflist");
  }

  /** Where its container runtime finds network configuration. */
  public Path cniConf() {
    return files.cniConf();
  }

  /** The socket on which its daemon serves the executable. */
  public Path socket() {
    return files.socket();
  }

  /** The configuration of its daemon, read when it starts. */
  public Path configuration() {
    return files.configuration();
  }

  /** The kubeconfig of its daemon. */
  public Path kubeconfig() {
    return files.kubeconfig();
  }

  /** The folder of its daemon's journals that must not survive a boot. */
  public Path runState() {
    return files.run();
  }

  /** The folder of its daemon's journals that survive a boot. */
  public Path libState() {
    return files.lib();
  }

  /**
   * What the environment of a process must have so that clients of AWS and Kubernetes use the lab as this node.
   *
   * @param inside for a process in the node's network; else for one in the machine's own
   */
  public ClientEnvironment environment(boolean inside) {
    return lab.clients().ofNode(this, inside);
  }

  /** Runs a command in the host's network to its end. */
  public NetworkNamespace.Outcome exec(String... command) {
    return netns.run(command);
  }

  /**
   * Runs the operator's command of the installation on this node: in the host's network, with the daemon's configuration.
   *
   * @param arguments the subcommand and its arguments
   */
  public NetworkNamespace.Outcome patchbay(String... arguments) {
    return exec(patchbayCommand(arguments).toArray(String[]::new));
  }

  /** The words of such a command, for who runs it elsewhere. */
  public List<String> patchbayCommand(String... arguments) {
    List<String> command = new ArrayList<>(List.of("env", "PATCHBAY_CONFIG=" + files.configuration()));
    command.addAll(Installations.command(lab.settings(), arguments));
    return command;
  }

  /** Where its processes run: in the host's network, and as {@link #environment} of it says. */
  public Place place() {
    return lab.clients().insideOf(this);
  }

  Place place(LabPod pod) {
    return files(pod).place(pod);
  }

  private PodFiles files(LabPod pod) {
    return new PodFiles(lab.kube(), lab.podFolder(name, pod.namespace(), pod.name()));
  }

  /** Makes a pod, see {@link #addPod(PodRequest)}. */
  public LabPod addPod(String podName) {
    return addPod(PodRequest.of(podName));
  }

  /**
   * Makes a pod: its object, its network namespace, and its network by the node's plugins. If that fails nothing of it stays,
   * where a kubelet would try again.
   *
   * @throws CniException if a plugin refuses
   * @throws LabException if there is such a pod on this node
   */
  public LabPod addPod(PodRequest request) {
    String key = key(request.namespace(), request.name());
    if (pods.containsKey(key)) {
      throw new LabException("there is a pod " + key + " on " + name + " already");
    }
    String uid = lab.cluster().addPod(name, request);
    String part = part(request, uid);
    boolean added = false;
    try {
      Sandbox sandbox = sandbox(request, uid, lab.fabric().addNamespace(part));
      LabPod pod = new LabPod(this, request, sandbox, cni.add(sandbox));
      pods.put(key, pod);
      added = true;
      lab.cluster().podRuns(request.namespace(), request.name(), pod.addresses().stream().map(InetAddress::getHostAddress).toList());
      return pod;
    } finally {
      if (!added) {
        lab.fabric().removeNamespace(part);
        lab.cluster().removePod(request.namespace(), request.name());
      }
    }
  }

  /**
   * Ends a pod: DEL, its namespace, its object.
   *
   * @throws CniException if a plugin refuses DEL; the pod stays then
   * @throws LabException if there is no such pod
   */
  public void deletePod(String namespace, String podName) {
    LabPod pod = pod(namespace, podName);
    cni.delete(pod.sandbox(), pod.added());
    lab.fabric().removeNamespace(pod.netns().name().substring(("patchbay-" + lab.name() + "-").length()));
    lab.cluster().removePod(namespace, podName);
    files(pod).remove();
    pods.remove(key(namespace, podName));
  }

  /**
   * Ends the node without notice and boots it: its processes, pods and namespaces are gone, and what lies under /run; what lies under
   * /var/lib stays, and its interfaces are devices again. Its daemon is started as at a boot, if the node runs one and it ran; see
   * {@link NodeDaemon#awaitServing}. The pods' objects go, too, as if the node had been drained too late.
   */
  public void reboot() {
    boolean ran = daemon.pid().isPresent();
    daemon.kill();
    for (LabPod pod : pods()) {
      lab.fabric().removeNamespace(pod.netns().name().substring(("patchbay-" + lab.name() + "-").length()));
      lab.cluster().removePod(pod.namespace(), pod.name());
      pods.remove(key(pod.namespace(), pod.name()));
    }
    lab.reboot(this);
    files.boot();
    if (ran) {
      daemon.start();
    }
  }

  /** The pod of that name. */
  public LabPod pod(String namespace, String podName) {
    return Optional.ofNullable(pods.get(key(namespace, podName)))
        .orElseThrow(() -> new LabException("there is no pod " + key(namespace, podName) + " on " + name));
  }

  /** Its pods, in the order of their names. */
  public List<LabPod> pods() {
    return pods.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(Map.Entry::getValue).toList();
  }

  private static String key(String namespace, String podName) {
    return namespace + "/" + podName;
  }

  /** The end of a pod's namespace's name. Underscores are in no name of Kubernetes, so no two pods share one. */
  private String part(PodRequest request, String uid) {
    String part = "pod_" + name + "_" + request.namespace() + "_" + request.name();
    return part.length() <= LONGEST_PART ? part : "pod_" + uid;
  }

  /** As containerd calls plugins for a pod of kubelet. */
  private static Sandbox sandbox(PodRequest request, String uid, NetworkNamespace netns) {
    String containerId = (UUID.randomUUID().toString() + UUID.randomUUID()).replace("-", "");
    Map<String, String> arguments = new LinkedHashMap<>();
    arguments.put("IgnoreUnknown", "1");
    arguments.put("K8S_POD_NAMESPACE", request.namespace());
    arguments.put("K8S_POD_NAME", request.name());
    arguments.put("K8S_POD_INFRA_CONTAINER_ID", containerId);
    arguments.put("K8S_POD_UID", uid);
    Map<String, JsonNode> capabilities = new LinkedHashMap<>();
    if (!request.ports().isEmpty()) {
      ArrayNode mappings = JsonNodeFactory.instance.arrayNode();
      for (PodRequest.Port port : request.ports()) {
        mappings.addObject()
            .put("hostPort", port.hostPort())
            .put("containerPort", port.containerPort())
            .put("protocol", port.protocol())
            .put("hostIP", "");
      }
      capabilities.put("portMappings", mappings);
    }
    return new Sandbox(containerId, netns, "eth0", arguments, capabilities);
  }
}
