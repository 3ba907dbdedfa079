package dev.patchbay.cluster.admission;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.cluster.AdmissionPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the API server is told about webhooks (Kubernetes API reference, {@code admissionregistration.k8s.io/v1}). Whatever the API server
 * would set by itself is written out, so that what is there can be compared.
 */
public final class Registration {
  /** How long the API server waits for an answer. */
  public static final int PATIENCE_SECONDS = 10;

  private static final int PORT = 443;
  private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

  private final String namespace;
  private final String service;
  private final SortedSet<String> exempt;

  /**
   * Makes it.
   *
   * @param namespace the namespace of the controller and its Service
   * @param service the Service
   * @param exempt namespaces about whose objects nobody is asked, beside the controller's own
   */
  public Registration(String namespace, String service, List<String> exempt) {
    this.namespace = namespace;
    this.service = service;
    this.exempt = new TreeSet<>(exempt);
    this.exempt.add(namespace);
  }

  /**
   * What a configuration of webhooks should hold.
   *
   * @param asked what modes want to be asked about
   * @param mutating whether it is that of webhooks which may change objects
   * @param bundle the authorities by which answers are trusted, in PEM and then in base64
   * @param conditions whether the API server knows conditions. Where it does not, no rule that has one may hold anything up: it would be
   *     asked about everything
   * @return the content, without metadata; without webhooks if nothing is asked
   */
  public Fields wanted(List<Asked> asked, boolean mutating, String bundle, boolean conditions) {
    return Fields.empty().with("webhooks", asked.stream().filter(each -> each.rule().mutating() == mutating)
        .map(each -> webhook(each, bundle, conditions)).toList());
  }

  private Fields webhook(Asked asked, String bundle, boolean conditions) {
    boolean namespaced = asked.rule().kind().namespaced();
    boolean passes = asked.rule().failOpen() || asked.rule().condition().isPresent() && !conditions;
    Fields webhook = Fields.empty()
        .with("name", asked.name())
        .with("admissionReviewVersions", List.of("v1"))
        .with("clientConfig", Fields.empty().with("caBundle", bundle).with("service", Fields.empty().with("namespace", namespace)
            .with("name", service).with("path", asked.path()).with("port", PORT)))
        .with("rules", List.of(Fields.empty().with("apiGroups", List.of(asked.rule().kind().group()))
            .with("apiVersions", List.of(asked.rule().kind().version())).with("operations", List.copyOf(new TreeSet<>(asked.rule().operations())))
            .with("resources", List.of(resource(asked.rule()))).with("scope", namespaced ? "Namespaced" : "Cluster")))
        .with("failurePolicy", passes ? "Ignore" : "Fail")
        .with("matchPolicy", "Equivalent")
        .with("sideEffects", "None")
        .with("timeoutSeconds", PATIENCE_SECONDS)
        .with("objectSelector", Fields.empty())
        .with("namespaceSelector", namespaced ? elsewhere() : Fields.empty());
    if (asked.rule().mutating()) {
      // Another webhook may change what a selector looks at.
      webhook = webhook.with("reinvocationPolicy", "IfNeeded");
    }
    return conditions && asked.rule().condition().isPresent()
        ? webhook.with("matchConditions", List.of(Fields.empty().with("name", asked.rule().name())
            .with("expression", asked.rule().condition().get()))) : webhook;
  }

  private static String resource(AdmissionPlanner.Rule rule) {
    return rule.kind().plural() + (rule.subresource().isEmpty() ? "" : "/" + rule.subresource());
  }

  private Fields elsewhere() {
    return Fields.empty().with("matchExpressions", List.of(Fields.empty().with("key", NAMESPACE_NAME).with("operator", "NotIn")
        .with("values", List.copyOf(exempt))));
  }

  /**
   * {@return whether an object holds what it should, and no other webhooks}
   * @param there what it holds
   * @param wanted what it should hold
   */
  public static boolean holds(Fields there, Fields wanted) {
    return contains(there, wanted);
  }

  /**
   * {@return whether the API server left out conditions, which one that is too old does without a word}
   * @param there what it holds
   * @param wanted what it should hold
   */
  public static boolean lacksConditions(Fields there, Fields wanted) {
    return wanted.list("webhooks").stream().anyMatch(w -> w.has("matchConditions"))
        && there.list("webhooks").stream().noneMatch(w -> w.has("matchConditions"));
  }

  /**
   * {@return whether all of a configuration's webhooks are Patchbay's, so that it may be taken away}
   * @param there what it holds
   */
  public static boolean isOurs(Fields there) {
    return there.list("webhooks").stream().allMatch(w -> Asked.isOurs(w.text("name").orElse("")));
  }

  private static boolean contains(Object there, Object wanted) {
    if (wanted instanceof Fields fields) {
      // What is empty the API server may leave out.
      return there instanceof Fields has && fields.values().entrySet().stream().allMatch(field -> {
        Object value = has.values().get(field.getKey());
        return value == null ? field.getValue() instanceof Fields none && none.values().isEmpty() : contains(value, field.getValue());
      });
    }
    if (wanted instanceof List<?> list) {
      if (!(there instanceof List<?> has) || has.size() != list.size()) {
        return false;
      }
      List<Object> left = new ArrayList<>(has);
      return list.stream().allMatch(each -> contains(left.removeFirst(), each));
    }
    return there.equals(wanted);
  }
}
