package dev.patchbay.kube;

import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where things are in the API (Kubernetes documentation, "API Concepts", "Resource URIs"). */
final class Paths {
  private Paths() {}

  /** All objects of a kind. */
  static String of(ObjectKind kind) {
    return root(kind) + "/" + kind.plural();
  }

  /** The objects of a kind in a namespace; all of them if the kind has none. */
  static String in(ObjectKind kind, String namespace) {
    return kind.namespaced() ? root(kind) + "/namespaces/" + namespace + "/" + kind.plural() : of(kind);
  }

  /** One object. */
  static String of(ObjectRef ref) {
    return in(ref.kind(), ref.namespace()) + "/" + ref.name();
  }

  /** A subresource of an object; the object itself if it is empty. */
  static String of(ObjectRef ref, String subresource) {
    return subresource.isEmpty() ? of(ref) : of(ref) + "/" + subresource;
  }

  private static String root(ObjectKind kind) {
    return kind.group().isEmpty() ? "/api/" + kind.version() : "/apis/" + kind.group() + "/" + kind.version();
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
