package dev.patchbay.config;

import static dev.patchbay.config.Key.Kind.CIDRS;
import static dev.patchbay.config.Key.Kind.FIELDS;
import static dev.patchbay.config.Key.Kind.LABELS;
import static dev.patchbay.config.Key.Kind.OBJECTS;
import static dev.patchbay.config.Key.Kind.TEXT;
import static dev.patchbay.config.Key.Kind.TEXTS;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * Every key of the file: the one place that says what it is called, what it may hold, what it is by default and what it
 * does. The reference in {@code docs/configuration.md} is made of it.
 */
final class Keys {
  /** All keys but those of {@code overrides}, in the order of the reference. */
  static final List<Key> ALL = List.of(
      Key.of("node.name", TEXT, "text", "The name of the Kubernetes node that the daemon runs on. Write it where there is one"
              + " node; in a DaemonSet, set NODE_NAME from spec.nodeName.")
          .from("NODE_NAME", "MY_NODE_NAME").answersTo("MY_NODE_NAME"),
      Key.number("node.mtu", 576, 9001, "The MTU of every ENI and of the pods, in bytes. IPv6 needs 1280 or more.")
          .withDefault(9001L).answersTo("AWS_VPC_ENI_MTU", "POD_MTU"),
      Key.of("node.vethPrefix", TEXT, "1 to 4 letters or digits", "What the host's end of a pod's veth is called before its"
              + " digits. Policy engines look for it; not eth, lo or vlan.")
          .withDefault("eni").answersTo("AWS_VPC_K8S_CNI_VETHPREFIX").checked(Form.VETH_PREFIX),
      Key.choice("node.datapath", List.of("fast", "classic"), "How plans are rendered: fast keeps the number of rules by the"
              + " number of ENIs; classic is the rules, tables and chains of aws-node, for tools that read these. It may be changed at"
              + " any start: running pods keep their traffic.")
          .withDefault("fast"),
      Key.number("node.maxPods", 1, 5000, "The most pods that the node is made ready for; unless set, as many as its interfaces"
              + " can carry addresses for."),
      Key.duration("node.addressWait", 0, 600_000, "How long a pod waits for an address when the stock is empty, before its ADD is"
              + " refused.")
          .withDefault(60_000L),
      Key.duration("node.cooldown", 0, 3_600_000, "How long an address rests after a pod has left it, before another gets it.")
          .withDefault(30_000L).answersTo("IP_COOLDOWN_PERIOD"),

      Key.truth("egress.translate", "Whether traffic of pods to addresses outside the VPC gets the node's address (SNAT).")
          .withDefault(true).answersTo("AWS_VPC_K8S_CNI_EXTERNALSNAT"),
      Key.of("egress.exceptions", CIDRS, "list of networks", "Destinations outside the VPC that see the pod's own address.")
          .withDefault(List.of()).answersTo("AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS"),
      Key.of("egress.mainTable", CIDRS, "list of networks", "Destinations that pods reach as the node's main routing table says, usually by"
              + " the primary interface, whichever interface has the pod's address: where a route was put there by hand.")
          .withDefault(List.of()).answersTo("AWS_EXTERNAL_SERVICE_CIDRS"),
      Key.choice("egress.ports", List.of("random-fully", "random", "kernel"), "How source ports are chosen when traffic is"
              + " translated; kernel keeps the pod's port where it is free.")
          .withDefault("random-fully").answersTo("AWS_VPC_K8S_CNI_RANDOMIZESNAT"),
      Key.truth("egress.nodePorts", "Whether connections that come in by the primary interface for a port of the node are answered by"
              + " it, also where the pod that answers leaves by another interface.")
          .withDefault(true).answersTo("AWS_VPC_CNI_NODE_PORT_SUPPORT"),

      Key.of("cni.socket", TEXT, "absolute path", "The unix socket on which the daemon serves the CNI executable; it stands in the"
              + " conflist too.")
          .withDefault("/run/patchbay/cni.sock").sameOnAllNodes().checked(Form.ABSOLUTE_PATH),
      Key.of("cni.confDir", TEXT, "absolute path", "Where the container runtime looks for CNI configuration.")
          .withDefault("/etc/cni/net.d").sameOnAllNodes().answersTo("HOST_CNI_CONFDIR_PATH").checked(Form.ABSOLUTE_PATH),
      Key.of("cni.confFile", TEXT, "file name", "The name of the conflist that is written there while the node can serve; the"
              + " runtime takes the first in the alphabet.")
          .withDefault("10-patchbay.conflist").sameOnAllNodes().checked(Form.CONFLIST_NAME),
      Key.of("cni.binDir", TEXT, "absolute path", "Where the container runtime looks for CNI executables.")
          .withDefault("/opt/cni/bin").sameOnAllNodes().answersTo("HOST_CNI_BIN_PATH").checked(Form.ABSOLUTE_PATH),
      Key.of("cni.networkName", TEXT, "text", "The name of the network in the conflist.")
          .withDefault("patchbay").sameOnAllNodes().checked(Form.NETWORK_NAME),
      Key.choice("cni.cniVersion", List.of("0.3.1", "0.4.0", "1.0.0", "1.1.0"), "The CNI version of the conflist. Chained plugins"
              + " and the runtime must speak it too: containerd 1.6 can't read a result of 1.1.0.")
          .withDefault("1.0.0").sameOnAllNodes(),
      Key.of("cni.chained", OBJECTS, "list of plugin objects, each with a type", "Plugins that run after ours, as they stand in"
              + " the conflist: portmap, tuning, bandwidth.")
          .withDefault(List.of()).sameOnAllNodes(),
      Key.duration("cni.delegateLimit", 1_000, 100_000, "How long a plugin may take that makes one of a pod's further interfaces,"
              + " before it is killed and the pod refused.")
          .withDefault(30_000L).sameOnAllNodes(),
      Key.of("cni.networkDir", TEXT, "absolute path", "Where files lie that configure networks of pods, for those whose object in the"
              + " cluster has no configuration.")
          .withDefault("/etc/cni/networks.d").sameOnAllNodes().checked(Form.ABSOLUTE_PATH),
      Key.truth("cni.undoWithoutCall", "Whether the daemon has plugins undo what they made where no call of the container runtime is in"
              + " progress; it takes the host's processes (hostPID) and the right to enter the mounts of process 1. Otherwise that waits"
              + " for the next call.")
          .withDefault(false).sameOnAllNodes(),

      Key.of("state.run", TEXT, "absolute path", "Where the ledger of attachments lives; it must not survive a boot.")
          .withDefault("/run/patchbay").sameOnAllNodes().checked(Form.ABSOLUTE_PATH),
      Key.of("state.lib", TEXT, "absolute path", "Where the knowledge of what was made in EC2 lives; it must survive a boot.")
          .withDefault("/var/lib/patchbay").sameOnAllNodes().checked(Form.ABSOLUTE_PATH),

      Key.of("ec2.endpoint", TEXT, "URL", "Where EC2 is asked; unless set, the region's own endpoint.")
          .from("AWS_ENDPOINT_URL_EC2", "AWS_ENDPOINT_URL").answersTo("AWS_EC2_ENDPOINT").checked(Form.URL),
      Key.of("ec2.region", TEXT, "text", "The region; unless set, the one that IMDS names.").from("AWS_REGION"),
      Key.of("ec2.tags", LABELS, "names and texts", "Tags for every ENI that Patchbay makes, beside its own.")
          .answersTo("ADDITIONAL_ENI_TAGS"),

      Key.of("imds.endpoint", TEXT, "URL", "Where the instance metadata service is asked.")
          .withDefault("http://169.254.169.254").from("AWS_EC2_METADATA_SERVICE_ENDPOINT").checked(Form.URL),

      Key.of("kubernetes.kubeconfig", TEXT, "absolute path", "The kubeconfig file that says how to reach the API server; unless"
              + " set, the service account of the pod that Patchbay runs in.")
          .from("KUBECONFIG").checked(Form.ABSOLUTE_PATH),

      Key.of("cluster.name", TEXT, "text", "The cluster's name; it stands in the tags of ENIs, and what carries another cluster's"
              + " name is left alone.")
          .from("CLUSTER_NAME").answersTo("CLUSTER_NAME").sameOnAllNodes(),

      Key.of("controller.identity", TEXT, "text", "What a replica of the controller calls itself in the Lease, before a part that is"
              + " another at each start; unless set, the name of its host.")
          .from("POD_NAME").sameOnAllNodes(),
      Key.of("controller.namespace", TEXT, "text", "The namespace of the Lease by which replicas of the controller agree which of them"
              + " acts.")
          .withDefault("kube-system").from("POD_NAMESPACE").sameOnAllNodes().checked(Form.NETWORK_NAME),
      Key.of("controller.lease", TEXT, "text", "The name of that Lease; one for each cluster name.")
          .withDefault("patchbay-cluster").sameOnAllNodes().checked(Form.NETWORK_NAME),
      Key.duration("controller.leaseDuration", 1_500, 300_000, "How long after the last sign of the replica that acts another takes over."
              + " It stops acting itself after half of that.")
          .withDefault(30_000L).sameOnAllNodes(),
      Key.duration("controller.lookEvery", 1_000, 3_600_000, "How often the controller looks at what the cluster has in EC2, if nothing"
              + " else has it look.")
          .withDefault(300_000L).sameOnAllNodes(),
      Key.duration("controller.sweepGrace", 0, 86_400_000, "How long an ENI must have been left over by a node that is gone before the"
              + " controller deletes it. Shorter than a minute, it may be decided by descriptions that lag behind.")
          .withDefault(600_000L).sameOnAllNodes(),
      Key.of("controller.serviceAccount", TEXT, "text", "The service account that the controller runs as; what only it may write,"
              + " others are refused.")
          .withDefault("patchbay-cluster").sameOnAllNodes().checked(Form.NETWORK_NAME),
      Key.of("controller.webhookAddress", TEXT, "ADDRESS:PORT, or off", "Where each replica answers the API server's questions, if a"
              + " mode that is chosen takes part in admission; off: nobody is asked.")
          .withDefault("0.0.0.0:9443").sameOnAllNodes().checked(Form.LISTENER),
      Key.of("controller.webhookService", TEXT, "text", "The Service, in the controller's namespace, whose port 443 leads there.")
          .withDefault("patchbay-cluster").sameOnAllNodes().checked(Form.NETWORK_NAME),
      Key.of("controller.webhookExempt", TEXTS, "list of texts", "Namespaces about whose objects nobody is asked, beside the controller's"
              + " own: what the cluster needs to come up must not wait for it.")
          .withDefault(List.of("kube-system")).sameOnAllNodes(),
      Key.duration("controller.certificateLifetime", 20_000, 31_536_000_000L, "How long a certificate of the webhooks is good for; when"
              + " half of that is over, another is made.")
          .withDefault(7_776_000_000L).sameOnAllNodes(),

      Key.of("introspection.address", TEXT, "ADDRESS:PORT on loopback, or off", "Where status is shown as JSON; port 0 lets the"
              + " kernel choose.")
          .withDefault("127.0.0.1:61679").answersTo("INTROSPECTION_BIND_ADDRESS", "DISABLE_INTROSPECTION")
          .checked(Form.LOOPBACK_LISTENER),
      Key.of("metrics.address", TEXT, "ADDRESS:PORT, or off", "Where metrics and health are served; port 0 lets the kernel"
              + " choose.")
          .withDefault("127.0.0.1:61678").from("METRICS_ADDRESS").answersTo("DISABLE_METRICS").checked(Form.LISTENER),

      Key.choice("log.level", List.of("error", "warn", "info", "debug", "trace"), "What is logged at least.")
          .withDefault("info").answersTo("AWS_VPC_K8S_CNI_LOGLEVEL"),
      Key.choice("log.format", List.of("json", "text"), "How log lines are written to standard error.").withDefault("json"),

      Key.of("modules[].file", TEXT, "path", "A module that may be loaded: a jar, or a directory that holds the mode's jar and the"
              + " libraries it brings. A relative path counts from the configuration file's folder. Nothing that is not named"
              + " here is loaded.")
          .sameOnAllNodes().needed(),
      Key.of("modules[].sha256", TEXT, "64 hexadecimal digits", "The digest that the file must have, as sha256sum prints it. Of a"
              + " directory: what LC_ALL=C sha256sum * | sha256sum prints in it.")
          .sameOnAllNodes().checked(Form.SHA256),

      Key.of("modes[].use", TEXT, "name of a mode", "A mode that is in force, by the name that its module gives it.")
          .needed().checked(Form.MODE_ID),
      Key.of("modes[].settings", FIELDS, "the mode's settings", "The mode's own settings; patchbay modes shows them."));

  private Keys() {}

  /** The keys of one section, by the section's path: {@code node}, {@code modules[]}; the top level is empty text. */
  static List<Key> of(String section) {
    List<Key> keys = new ArrayList<>();
    for (Key key : ALL) {
      if (key.path().startsWith(section) && key.path().length() == section.length() + 1 + key.name().length()) {
        keys.add(key);
      }
    }
    return keys;
  }

  /** The names of sections and lists at the top, in order. */
  static SequencedSet<String> sections() {
    SequencedSet<String> names = new LinkedHashSet<>();
    for (Key key : ALL) {
      names.add(key.path().substring(0, key.path().indexOf('.')).replace("[]", ""));
    }
    return names;
  }
}
