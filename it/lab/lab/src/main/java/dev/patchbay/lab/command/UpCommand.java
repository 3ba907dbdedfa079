package dev.patchbay.lab.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.Configurations;
import dev.patchbay.lab.LabException;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.control.Control;
import dev.patchbay.lab.control.LabProcess;
import dev.patchbay.lab.kube.KubeBinaries;
import dev.patchbay.lab.services.ServiceRules;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "up", description = "Starts a lab; returns when all nodes serve.", mixinStandardHelpOptions = true)
final class UpCommand extends Step {
  @Option(names = "--nodes", paramLabel = "N", description = "How many nodes (default: ${DEFAULT-VALUE}).")
  private int nodes = 2;

  @Option(names = "--pods", paramLabel = "N", description = "How many pods are made on each node (default: ${DEFAULT-VALUE}).")
  private int pods;

  @Option(names = "--instance-type", paramLabel = "T",
      description = "Their instance type, which limits interfaces and addresses (default: ${DEFAULT-VALUE}).")
  private String type = "m5.large";

  @Option(names = "--config", paramLabel = "FILE",
      description = "The daemon's configuration, laid over the one that the lab writes.")
  private Optional<Path> configuration = Optional.empty();

  @Option(names = "--network", paramLabel = "FILE",
      description = "NetworkAttachmentDefinitions, as YAML, for the pods of --pods and all others; several may be given.")
  private List<Path> networks = List.of();

  @Option(names = "--empty", description = "Nodes without the daemon, for another one: interfaces appear as devices.")
  private boolean empty;

  @Option(names = "--cluster", paramLabel = "N",
      description = "How many replicas of the cluster's controller run, cluster-0 and so on (default: ${DEFAULT-VALUE}).")
  private int replicas;

  @Option(names = "--ipv6", description = "IPv6 beside IPv4 in the VPC, its subnets and its nodes.")
  private boolean ipv6;

  @Option(names = "--services", paramLabel = "none|iptables|nft",
      description = "Rules for service addresses on every node, as kube-proxy makes them in that mode (default: ${DEFAULT-VALUE}).")
  private String services = "none";

  @Option(names = "--kube-apiserver", paramLabel = "FILE",
      description = "The real API server, run on loopback in place of the lab's own; goes with --etcd.")
  private Optional<Path> apiServer = Optional.empty();

  @Option(names = "--etcd", paramLabel = "FILE", description = "The store of the real API server; goes with --kube-apiserver.")
  private Optional<Path> etcd = Optional.empty();

  @Option(names = "--json", description = "Prints the status as JSON.")
  private boolean json;

  @Override
  int run() {
    if (pods > 0 && empty) {
      throw new LabException("--pods needs the daemon on the nodes, which --empty leaves out");
    }
    LabSettings settings =
        (empty ? LabSettings.empty(lab) : LabSettings.discover(lab)).withNodes(nodes).withInstanceType(type).withServices(form());
    if (configuration.isPresent()) {
      settings = settings.withConfiguration(Configurations.read(configuration.get()));
    }
    settings = settings.withReplicas(replicas);
    if (ipv6) {
      settings = settings.withIpv6();
    }
    Optional<KubeBinaries> real = realKubernetes();
    if (real.isPresent()) {
      settings = settings.withKubernetes(real.get());
    }
    List<ObjectNode> definitions = networks.stream().map(NetworkCommand::request).toList();
    LabProcess.start(settings, step -> {
      errors().println("  " + step);
      errors().flush();
    });
    definitions.forEach(definition -> Control.ask(lab, definition));
    if (pods > 0) {
      errors().println("  " + pods + (pods == 1 ? " pod on each node" : " pods on each node"));
      errors().flush();
      Control.ask(lab, Control.request("pods add").put("each", pods));
    }
    StatusCommand.print(this, Control.ask(lab, Control.request("status")), json);
    return 0;
  }

  private Optional<KubeBinaries> realKubernetes() {
    if (apiServer.isPresent() != etcd.isPresent()) {
      throw new LabException("--kube-apiserver and --etcd go together: the one needs the other");
    }
    Optional<KubeBinaries> real =
        apiServer.map(file -> new KubeBinaries(file.toAbsolutePath(), etcd.orElseThrow().toAbsolutePath(), Path.of("")));
    real.flatMap(KubeBinaries::complaint).ifPresent(why -> {
      throw new LabException(why);
    });
    return real;
  }

  private ServiceRules form() {
    return ServiceRules.named(services)
        .orElseThrow(() -> new LabException("'" + services + "' is no form of service rules; there are none, iptables and nft"));
  }
}
