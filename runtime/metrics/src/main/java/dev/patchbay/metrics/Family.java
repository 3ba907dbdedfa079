package dev.patchbay.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Every metric that the node and the controller have: the one place that says its name, type, labels and meaning. The table in {@code docs/metrics.md} is
 * made of it. Names follow Prometheus' conventions (prometheus.io, "Metric and label naming").
 */
enum Family {
  BUILD("patchbay_build_info", Type.GAUGE, "1; which version of Patchbay and of Java the node runs.", "version", "java"),
  MODE("patchbay_mode_info", Type.GAUGE, "1 for each mode that is in force.", "mode", "version"),
  SERVING("patchbay_serving", Type.GAUGE, "1 while pods can be served, 0 otherwise."),
  FINDINGS("patchbay_findings", Type.GAUGE, "What the operator should know at present, by code; see patchbay status.", "code",
      "name"),
  FINDING_VALUE("patchbay_finding_value", Type.GAUGE, "The figure of a finding that has one.", "code", "name", "subject"),
  FINDINGS_APPEARED("patchbay_findings_appeared_total", Type.COUNTER, "Findings that have appeared since the start, by code.", "code",
      "name"),

  PODS("patchbay_pods", Type.GAUGE, "Pods that have a network on this node."),
  ATTACHMENTS("patchbay_attachments", Type.GAUGE, "Interfaces of pods, by state: open is being made, live is there, closing is being"
      + " removed.", "state"),
  WAITING("patchbay_pods_waiting", Type.GAUGE, "Pods whose ADD waits, for an address mostly."),
  WAITING_OLDEST("patchbay_pods_waiting_oldest_seconds", Type.GAUGE, "How long the pod that has waited longest has waited; 0 if none"
      + " waits."),
  CAPACITY("patchbay_pod_capacity", Type.GAUGE, "The most pods that the node can carry; absent if the modes can carry any number."),

  ADDRESSES("patchbay_addresses", Type.GAUGE, "Addresses for pods, by state: held by a pod, free, or cooling down after one.", "lane",
      "family", "state"),
  STOCK_TARGET("patchbay_stock_target_addresses", Type.GAUGE, "How many addresses should be free, by the targets in force.", "lane",
      "family"),
  ENIS("patchbay_enis", Type.GAUGE, "Interfaces of the instance, by lane (none: left alone) and by who made them (patchbay, other).",
      "lane", "maker"),
  ENI_LIMIT("patchbay_eni_limit", Type.GAUGE, "The most interfaces that the instance type carries."),
  PREFIXES("patchbay_prefixes", Type.GAUGE, "Prefixes on the instance's interfaces.", "lane", "family"),

  CNI_DURATION("patchbay_cni_request_duration_seconds", Type.HISTOGRAM, "How long requests of container runtimes took in the daemon;"
      + " outcome is ok or failed.", "verb", "outcome"),
  CNI_FAILURES("patchbay_cni_failures_total", Type.COUNTER, "Requests of container runtimes that failed, by the code of the CNI error.",
      "verb", "code", "name"),

  EC2_CALLS("patchbay_ec2_calls_total", Type.COUNTER, "Calls to EC2; dry runs are left out.", "action"),
  EC2_ERRORS("patchbay_ec2_errors_total", Type.COUNTER, "Calls to EC2 that failed, by EC2's error code or the name of what failed on the"
      + " way.", "action", "code"),
  EC2_THROTTLES("patchbay_ec2_throttles_total", Type.COUNTER, "Calls to EC2 that it answered by asking to slow down; they are errors"
      + " too.", "action"),
  EC2_DURATION("patchbay_ec2_call_duration_seconds", Type.HISTOGRAM, "How long calls to EC2 took, those that failed included.",
      "action"),
  EC2_OPERATION("patchbay_ec2_operation_running", Type.GAUGE, "1 while something is being changed in EC2, 0 otherwise."),

  LEDGER_ENTRIES("patchbay_ledger_entries", Type.GAUGE, "Entries of the ledger, by part: run ends with a boot, lib survives it.",
      "part"),
  LEDGER_BYTES("patchbay_ledger_size_bytes", Type.GAUGE, "Size of the ledger's files.", "part"),
  LEDGER_RECORDS("patchbay_ledger_written_entries_total", Type.COUNTER, "Entries that were made durable.", "part"),
  LEDGER_WRITTEN("patchbay_ledger_written_bytes_total", Type.COUNTER, "Bytes that were written for them.", "part"),
  LEDGER_WRITES("patchbay_ledger_writes_total", Type.COUNTER, "Writes to the disk, several entries in one where they come together.",
      "part"),
  LEDGER_WRITE_SECONDS("patchbay_ledger_write_seconds_total", Type.COUNTER, "How long these writes took, flushing included.", "part"),
  LEDGER_REFUSED("patchbay_ledger_refused_entries_total", Type.COUNTER, "Entries that the disk did not take.", "part"),

  BACKLOG("patchbay_brain_backlog_events", Type.GAUGE, "Events that the brain has yet to take."),

  CONTROLLER_LEADS("patchbay_controller_leads", Type.GAUGE, "Of the controller: 1 while this replica acts for the cluster, 0 while it"
      + " stands by."),
  CONTROLLER_TERMS("patchbay_controller_terms_total", Type.COUNTER, "Of the controller: how often this replica has come to act."),
  CONTROLLER_NODES("patchbay_controller_nodes", Type.GAUGE, "Of the controller: nodes of the cluster; 0 while not all have been heard of."),
  CONTROLLER_ENIS("patchbay_controller_enis", Type.GAUGE, "Of the controller: interfaces with the cluster's tag, by state: leftover by a"
      + " node that is gone, unproven, or other. Of the replica that acts.", "state"),
  CONTROLLER_SWEPT("patchbay_controller_swept_enis_total", Type.COUNTER, "Of the controller: interfaces of dead nodes that were deleted."),
  CONTROLLER_MADE("patchbay_controller_made_enis_total", Type.COUNTER, "Of the controller: interfaces that were made for modes."),
  CONTROLLER_REMOVED("patchbay_controller_removed_enis_total", Type.COUNTER, "Of the controller: interfaces of modes that were deleted."),
  CONTROLLER_OPEN("patchbay_controller_open_work", Type.GAUGE, "Of the controller: what is not yet in EC2 as it should be. Of the replica"
      + " that acts."),
  CONTROLLER_LOOKS("patchbay_controller_looks_total", Type.COUNTER, "Of the controller: whole looks at what the cluster has in EC2."),

  PROCESS_CPU("process_cpu_seconds_total", Type.COUNTER, "Processor time of the process, in user and system mode."),
  PROCESS_START("process_start_time_seconds", Type.GAUGE, "When the process started, in seconds since 1970."),
  PROCESS_RESIDENT("process_resident_memory_bytes", Type.GAUGE, "Resident memory of the process."),
  PROCESS_VIRTUAL("process_virtual_memory_bytes", Type.GAUGE, "Virtual memory of the process."),
  PROCESS_THREADS("process_threads", Type.GAUGE, "Threads of the process."),
  PROCESS_FDS("process_open_fds", Type.GAUGE, "Open file descriptors of the process."),
  PROCESS_MAX_FDS("process_max_fds", Type.GAUGE, "The most file descriptors that the process may have open."),
  JVM_MEMORY("jvm_memory_used_bytes", Type.GAUGE, "Memory that the virtual machine uses.", "area"),
  JVM_GC("jvm_gc_collection_seconds_total", Type.COUNTER, "How long garbage was collected.", "gc"),
  JVM_GC_COUNT("jvm_gc_collections_total", Type.COUNTER, "How often garbage was collected.", "gc");

  /** The types of metrics. */
  enum Type {
    COUNTER,
    GAUGE,
    HISTOGRAM;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final String name;
  private final Type type;
  private final String help;
  private final List<String> labels;

  Family(String name, Type type, String help, String... labels) {
    this.name = name;
    this.type = type;
    this.help = help;
    this.labels = List.copyOf(Arrays.asList(labels));
  }

  /** The name as it is shown; that of a counter ends in {@code _total}. */
  String title() {
    return name;
  }

  /** The name as the library takes it, which adds {@code _total} to that of a counter by itself. */
  String stem() {
    return type == Type.COUNTER ? name.substring(0, name.length() - "_total".length()) : name;
  }

  /** Whether only the controller has it. */
  boolean isOfController() {
    return name.startsWith("patchbay_controller_");
  }

  Type type() {
    return type;
  }

  String help() {
    return help;
  }

  List<String> labels() {
    return labels;
  }
}
