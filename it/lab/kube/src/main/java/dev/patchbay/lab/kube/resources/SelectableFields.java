package dev.patchbay.lab.kube.resources;

import java.util.Map;
import java.util.Set;

/**
 * By which fields built-in objects can be selected, beside name and namespace (k8s.io/kubernetes, {@code pkg/apis},
 * AddFieldLabelConversionFuncs).
 */
final class SelectableFields {
  private static final Set<String> REPLICAS = Set.of("status.replicas");

  private static final Map<String, Set<String>> BY_STORAGE =
      Map.of(
          "pods",
          Set.of(
              "spec.nodeName",
              "spec.restartPolicy",
              "spec.schedulerName",
              "spec.serviceAccountName",
              "spec.hostNetwork",
              "status.phase",
              "status.podIP",
              "status.nominatedNodeName"),
          "nodes",
          Set.of("spec.unschedulable"),
          "namespaces",
          Set.of("status.phase"),
          "secrets",
          Set.of("type"),
          "services",
          Set.of("spec.clusterIP", "spec.type"),
          "events",
          Set.of(
              "involvedObject.kind",
              "involvedObject.namespace",
              "involvedObject.name",
              "involvedObject.uid",
              "involvedObject.apiVersion",
              "involvedObject.resourceVersion",
              "involvedObject.fieldPath",
              "reason",
              "reportingComponent",
              "source",
              "type",
              "regarding.kind",
              "regarding.namespace",
              "regarding.name",
              "regarding.uid",
              "reportingController"),
          "replicasets.apps",
          REPLICAS,
          "jobs.batch",
          Set.of("status.successful"));

  private SelectableFields() {}

  static Set<String> of(String storage) {
    return BY_STORAGE.getOrDefault(storage, Set.of());
  }
}
