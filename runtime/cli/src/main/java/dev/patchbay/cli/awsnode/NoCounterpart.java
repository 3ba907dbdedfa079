package dev.patchbay.cli.awsnode;

import java.util.Map;
import java.util.Optional;

/** The variables of aws-node that Patchbay has no setting for, and why. */
final class NoCounterpart {
  private static final String LOG_FILE = "logs go to standard error, where kubelet keeps them.";
  private static final String METRICS_HELPER = "it is for the metrics helper; let Prometheus scrape metrics.address.";
  private static final String MODE = "it takes a mode that this installation does not have.";

  private static final Map<String, String> WHY = Map.ofEntries(
      Map.entry("ANNOTATE_POD_IP", "pods are not annotated with their address; it is in the pod's status, and in `patchbay status`."),
      Map.entry("AWS_CLUSTER_ID", METRICS_HELPER),
      Map.entry("CLUSTER_ID", METRICS_HELPER),
      Map.entry("AWS_REGION", "Patchbay reads it from its own environment."),
      Map.entry("AWS_MANAGE_ENIS_NON_SCHEDULABLE", "a node that is cordoned keeps its stock like any other."),
      Map.entry("AWS_VPC_K8S_CNI_BACKING_STORE", "the ledger lies in state.run and has a format of its own."),
      Map.entry("AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER", "aws-node does nothing with it any more; Patchbay sets rp_filter where it must."),
      Map.entry("AWS_VPC_K8S_CNI_CONNMARK", "the mark of connections is 0x80, as aws-node's is by default, also with node.datapath: classic, and can't be"
          + " changed."),
      Map.entry("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", MODE),
      Map.entry("AWS_VPC_K8S_CNI_LOG_FILE", LOG_FILE),
      Map.entry("AWS_VPC_K8S_PLUGIN_LOG_FILE", LOG_FILE),
      Map.entry("AWS_VPC_K8S_PLUGIN_LOG_LEVEL", "the executable logs nothing: the daemon does, by log.level."),
      Map.entry("AWS_VPC_K8S_EGRESS_V4_PLUGIN_LOG_FILE", LOG_FILE),
      Map.entry("AWS_VPC_K8S_EGRESS_V6_PLUGIN_LOG_FILE", LOG_FILE),
      Map.entry("CLUSTER_ENDPOINT", "the API server is the one of the service account, or of kubernetes.kubeconfig."),
      Map.entry("DISABLE_LEAKED_ENI_CLEANUP", "a node deletes only what it made itself, by its ledger; there is nothing to turn off."),
      Map.entry("DISABLE_NETWORK_RESOURCE_PROVISIONING", "a node that may not change EC2 goes on with what it has, by its IAM policy."),
      Map.entry("DISABLE_POD_V6", "chain the plugin tuning under cni.chained, with the sysctl net.ipv6.conf.all.disable_ipv6."),
      Map.entry("DISABLE_TCP_EARLY_DEMUX", "a mode that needs it sets it itself."),
      Map.entry("ENABLE_BANDWIDTH_PLUGIN", "Patchbay limits rates itself, by the pod's annotations; no plugin is needed."),
      Map.entry("ENABLE_IMDS_ONLY_MODE", "where EC2 does not answer the node goes on with what IMDS says, without being told."),
      Map.entry("ENABLE_IPv4", "the modes say which families there are."),
      Map.entry("ENABLE_IPv6", MODE),
      Map.entry("ENABLE_MULTI_NIC", "a pod has one address of each family; interfaces of further network cards are not used for pods, and left to whoever attached"
          + " them."),
      Map.entry("ENABLE_NFTABLES", "Patchbay always uses nftables; aws-node does nothing with it any more."),
      Map.entry("ENABLE_POD_ENI", MODE),
      Map.entry("ENABLE_PREFIX_DELEGATION", MODE),
      Map.entry("ENABLE_SUBNET_DISCOVERY", "subnets are found by their tags where a mode that says where interfaces lie has a setting for it: discoverSubnets for aws-node's own tags, subnetTags for others."),
      Map.entry("ENABLE_V4_EGRESS", "the modes chosen have no such setting; it counts in IPv6 clusters only."),
      Map.entry("ENABLE_V6_EGRESS", "the modes chosen have no such setting; it counts in IPv4 clusters only."),
      Map.entry("ENI_CONFIG_ANNOTATION_DEF", "it counts with custom networking only."),
      Map.entry("ENI_CONFIG_LABEL_DEF", "it counts with custom networking only."),
      Map.entry("HOST_CNI_BIN_PATH", "it says where aws-node's container sees the folder; set cni.binDir if the runtime's is another."),
      Map.entry("HOST_CNI_CONFDIR_PATH", "it says where aws-node's container sees the folder; set cni.confDir if the runtime's is another."),
      Map.entry("HTTP_TIMEOUT", "the time limit for an EC2 call is 10 s and can't be changed."),
      Map.entry("MANAGE_UNTAGGED_ENI", "an interface without Patchbay's tags is used and never changed; tag it"
          + " node.k8s.amazonaws.com/no_manage=true and it is left alone."),
      Map.entry("MAX_ENI", "the modes chosen have no such limit."),
      Map.entry("METRIC_UPDATE_INTERVAL", METRICS_HELPER),
      Map.entry("MINIMUM_IP_TARGET", "the modes chosen hold no stock."),
      Map.entry("MY_NODE_NAME", "Patchbay reads it from its own environment, set by spec.nodeName."),
      Map.entry("MY_POD_NAME", "Patchbay has no use for it."),
      Map.entry("NETWORK_POLICY_ENFORCING_MODE", "policy is enforced by an engine of its own, which attaches to Patchbay's veths."),
      Map.entry("POD_SECURITY_GROUP_ENFORCING_MODE", MODE),
      Map.entry("USE_CLOUDWATCH", METRICS_HELPER),
      Map.entry("USE_PROMETHEUS", METRICS_HELPER),
      Map.entry("VPC_CNI_VERSION", "it is aws-node's own version."),
      Map.entry("WARM_ENI_TARGET", "the modes chosen have no such target."),
      Map.entry("WARM_IP_TARGET", "the modes chosen hold no stock."),
      Map.entry("WARM_PREFIX_TARGET", "the modes chosen have no such target."));

  private NoCounterpart() {}

  /** Why a variable of aws-node has no counterpart; empty for what is no variable of it. */
  static Optional<String> why(String variable) {
    return Optional.ofNullable(WHY.get(variable));
  }
}
