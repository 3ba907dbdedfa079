package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.Names;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Pods: the defaults that networking reads, what may not change, and graceful deletion (Kubernetes documentation, "Pod
 * Lifecycle"; k8s.io/kubernetes, {@code pkg/registry/core/pod}).
 */
public final class PodStrategy implements Strategy {
  private static final long DEFAULT_GRACE_SECONDS = 30;
  private static final Set<String> CHANGEABLE =
      Set.of("tolerations", "activeDeadlineSeconds", "terminationGracePeriodSeconds", "schedulingGates");

  @Override
  public void applyDefaults(ObjectNode pod) {
    ObjectNode spec = Json.child(pod, "spec");
    putMissing(spec, "restartPolicy", "Always");
    putMissing(spec, "dnsPolicy", "ClusterFirst");
    putMissing(spec, "schedulerName", "default-scheduler");
    putMissing(spec, "serviceAccountName", Json.optional(spec, "serviceAccount").orElse("default"));
    putMissing(spec, "serviceAccount", Json.text(spec, "serviceAccountName"));
    if (!spec.has("terminationGracePeriodSeconds")) {
      Json.put(spec, "terminationGracePeriodSeconds", DEFAULT_GRACE_SECONDS);
    }
    if (!spec.has("enableServiceLinks")) {
      spec.put("enableServiceLinks", true);
    }
    spec.withObjectProperty("securityContext");
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode each : spec.path(list)) {
        if (each instanceof ObjectNode container) {
          defaultContainer(container);
        }
      }
    }
  }

  private static void defaultContainer(ObjectNode container) {
    container.withObjectProperty("resources");
    putMissing(container, "terminationMessagePath", "/dev/termination-log");
    putMissing(container, "terminationMessagePolicy", "File");
    String image = Json.text(container, "image");
    boolean latest = image.endsWith(":latest") || image.indexOf(':', image.lastIndexOf('/') + 1) < 0;
    putMissing(container, "imagePullPolicy", latest ? "Always" : "IfNotPresent");
    for (JsonNode each : container.path("ports")) {
      if (each instanceof ObjectNode port) {
        putMissing(port, "protocol", "TCP");
      }
    }
    // A limit without a request is one too (Kubernetes documentation, "Resource Management for Pods and Containers").
    if (container.path("resources").path("limits") instanceof ObjectNode limits && !limits.isEmpty()) {
      ObjectNode requests = Json.child(container, "resources", "requests");
      limits.properties().stream()
          .filter(limit -> !requests.has(limit.getKey()))
          .forEach(limit -> requests.set(limit.getKey(), limit.getValue().deepCopy()));
    }
  }

  @Override
  public void prepareCreate(ResourceType type, ObjectNode pod) {
    ObjectNode status = Json.object().put("phase", "Pending");
    status.put("qosClass", qualityOfService(pod.path("spec")));
    pod.set("status", status);
  }

  private static String qualityOfService(JsonNode spec) {
    boolean any = false;
    boolean guaranteed = true;
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : spec.path(list)) {
        JsonNode resources = container.path("resources");
        for (String resource : List.of("cpu", "memory")) {
          String limit = Json.text(resources, "limits", resource);
          String request = Json.text(resources, "requests", resource);
          any |= !limit.isEmpty() || !request.isEmpty();
          guaranteed &= !limit.isEmpty() && limit.equals(request);
        }
      }
    }
    return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
  }

  @Override
  public List<Cause> validate(ObjectNode pod) {
    List<Cause> causes = new ArrayList<>();
    JsonNode containers = Json.at(pod, "spec", "containers");
    if (!containers.isMissingNode() && !containers.isArray()) {
      String found = containers.getNodeType().name().toLowerCase(Locale.ROOT);
      throw StatusException.badRequest(
          "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal " + found
              + " into Go struct field PodSpec.spec.containers of type []v1.Container");
    }
    if (containers.isEmpty()) {
      causes.add(Cause.required("spec.containers", ""));
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < containers.size(); i++) {
      String path = "spec.containers[" + i + "]";
      String name = Json.text(containers.get(i), "name");
      if (name.isEmpty()) {
        causes.add(Cause.required(path + ".name", ""));
      } else {
        Names.invalidLabel(name).ifPresent(why -> causes.add(Cause.invalid(path + ".name", '"' + name + '"', why)));
        if (!names.add(name)) {
          causes.add(new Cause("FieldValueDuplicate", path + ".name", "Duplicate value: \"" + name + '"'));
        }
      }
      if (Json.text(containers.get(i), "image").isEmpty()) {
        causes.add(Cause.required(path + ".image", ""));
      }
    }
    return causes;
  }

  @Override
  public List<Cause> validateUpdate(ObjectNode pod, ObjectNode before) {
    if (fixed(pod).equals(fixed(before))) {
      return List.of();
    }
    return List.of(
        Cause.forbidden(
            "spec",
            "pod updates may not change fields other than `spec.containers[*].image`,"
                + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to"
                + " existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was"
                + " previously negative)"));
  }

  private static ObjectNode fixed(ObjectNode pod) {
    ObjectNode spec = pod.path("spec").deepCopy() instanceof ObjectNode copy ? copy : Json.object();
    spec.remove(CHANGEABLE);
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode each : spec.path(list)) {
        if (each instanceof ObjectNode container) {
          container.remove("image");
        }
      }
    }
    return spec;
  }

  @Override
  public long gracePeriod(ObjectNode pod, Optional<Long> asked) {
    String phase = Json.text(pod, "status", "phase");
    boolean runsNowhere = Json.text(pod, "spec", "nodeName").isEmpty();
    if (runsNowhere || phase.equals("Succeeded") || phase.equals("Failed")) {
      return 0;
    }
    return Math.max(
        0,
        asked.orElseGet(
            () -> Json.at(pod, "spec", "terminationGracePeriodSeconds").asLong(DEFAULT_GRACE_SECONDS)));
  }

  @Override
  public boolean goesGracefully() {
    return true;
  }

  @Override
  public boolean tracksGeneration() {
    return true;
  }

  @Override
  public boolean returnsDeleted() {
    return true;
  }

  private static void putMissing(ObjectNode object, String field, String value) {
    if (object.path(field).asText("").isEmpty()) {
      object.put(field, value);
    }
  }
}
