package dev.patchbay.mode.sgp.policy;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.view.ObjectView;
import java.util.List;
import java.util.stream.Stream;

/** Whether a pod asked for a branch: by a container's resources, which the webhook writes, or by the controller's answer. */
public final class Requests {
  /** The extended resource, and the annotation of the same name. */
  public static final String KEY = "vpc.amazonaws.com/pod-eni";

  private Requests() {}

  /**
   * {@return whether a pod asked, by any of its containers or by the annotation}
   * @param pod the pod
   */
  public static boolean asked(ObjectView pod) {
    Fields spec = pod.content().fields("spec");
    return pod.annotations().containsKey(KEY) || Stream.of("containers", "initContainers")
        .flatMap(kind -> spec.list(kind).stream()).map(c -> c.fields("resources"))
        .flatMap(r -> List.of(r.fields("limits"), r.fields("requests")).stream())
        .anyMatch(names -> names.values().keySet().stream().anyMatch(n -> n.equals(KEY)));
  }
}
