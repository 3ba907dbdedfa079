package com.example.fixedaddresses;

import dev.patchbay.spi.view.PodView;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which of a StatefulSet's pods a pod is. */
final class Ordinal {
  /** What the StatefulSet's controller writes on each pod (Kubernetes documentation, "StatefulSets", pod index label). */
  static final String LABEL = "apps.kubernetes.io/pod-index";

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final Pattern NAME = Pattern.compile(".*-(\\d{1,9})");

  private Ordinal() {}

  static OptionalLong of(PodView pod) {
    String label = pod.object().map(object -> object.labels().getOrDefault(LABEL, "")).orElse("");
    if (NUMBER.matcher(label).matches()) {
      return OptionalLong.of(Long.parseLong(label));
    }
    // Before Kubernetes 1.28 the name alone says it.
    Matcher name = NAME.matcher(pod.name());
    return name.matches() ? OptionalLong.of(Long.parseLong(name.group(1))) : OptionalLong.empty();
  }
}
