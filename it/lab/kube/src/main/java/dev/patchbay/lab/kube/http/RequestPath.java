package dev.patchbay.lab.kube.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A path that names a resource: {@code /api/v1/...} or {@code /apis/GROUP/VERSION/...} (k8s.io/apiserver,
 * {@code endpoints/request}, RequestInfo).
 *
 * @param group empty for core
 * @param version the version
 * @param namespace empty for cluster-scoped objects and for all namespaces
 * @param resource the plural
 * @param name empty for the collection
 * @param subresource empty for the object itself
 */
record RequestPath(
    String group, String version, String namespace, String resource, String name, String subresource) {

  /** Parses a raw path; empty if it names no resource. */
  static Optional<RequestPath> parse(String rawPath) {
    List<String> parts =
        Arrays.stream(rawPath.split("/"))
            .filter(part -> !part.isEmpty())
            .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
            .toList();
    if (parts.size() > 2 && parts.getFirst().equals("api")) {
      return resource("", parts.get(1), parts.subList(2, parts.size()));
    }
    if (parts.size() > 3 && parts.getFirst().equals("apis")) {
      return resource(parts.get(1), parts.get(2), parts.subList(3, parts.size()));
    }
    return Optional.empty();
  }

  private static Optional<RequestPath> resource(String group, String version, List<String> parts) {
    boolean inNamespace =
        parts.getFirst().equals("namespaces")
            && parts.size() > 2
            && !(group.isEmpty() && (parts.get(2).equals("status") || parts.get(2).equals("finalize")));
    String namespace = inNamespace ? parts.get(1) : "";
    List<String> rest = inNamespace ? parts.subList(2, parts.size()) : parts;
    if (rest.size() > 3) {
      return Optional.empty();
    }
    return Optional.of(
        new RequestPath(
            group,
            version,
            namespace,
            rest.getFirst(),
            rest.size() > 1 ? rest.get(1) : "",
            rest.size() > 2 ? rest.get(2) : ""));
  }

  /** The namespace that access is checked in: a namespace object is in itself. */
  String accessNamespace() {
    return group.isEmpty() && resource.equals("namespaces") ? name : namespace;
  }
}
