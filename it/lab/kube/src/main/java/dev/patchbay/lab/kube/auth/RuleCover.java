package dev.patchbay.lab.kube.auth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.lab.kube.model.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which rights of some rules are in none of others. */
public final class RuleCover {
  private RuleCover() {}

  /** One verb on one thing: a rule taken apart. */
  private record Right(String verb, String group, String resource, String name, String path) {
    /** All but the verb, which the rules that are told are gathered by. */
    Right of() {
      return new Right("", group, resource, name, path);
    }
  }

  /**
   * The rights that are given and not held, as Kubernetes writes them in a refusal; empty if there are none.
   *
   * @param held what the giver may do
   * @param given what is to be given
   */
  public static List<String> missing(List<JsonNode> held, List<JsonNode> given) {
    Map<Right, Set<String>> missing = new LinkedHashMap<>();
    for (JsonNode rule : given) {
      for (Right right : rights(rule)) {
        if (held.stream().noneMatch(each -> covers(each, right))) {
          missing.computeIfAbsent(right.of(), none -> new TreeSet<>()).add(right.verb());
        }
      }
    }
    return missing.entrySet().stream().map(each -> text(each.getKey(), each.getValue())).sorted().distinct().toList();
  }

  private static List<Right> rights(JsonNode rule) {
    List<Right> rights = new ArrayList<>();
    for (String verb : Json.list(rule, "verbs")) {
      for (String path : Json.list(rule, "nonResourceURLs")) {
        rights.add(new Right(verb, "", "", "", path));
      }
      for (String group : Json.list(rule, "apiGroups")) {
        for (String resource : Json.list(rule, "resources")) {
          List<String> names = Json.list(rule, "resourceNames");
          (names.isEmpty() ? List.of("") : names).forEach(name -> rights.add(new Right(verb, group, resource, name, "")));
        }
      }
    }
    return rights;
  }

  private static boolean covers(JsonNode rule, Right right) {
    if (!has(rule, "verbs", right.verb())) {
      return false;
    }
    if (!right.path().isEmpty()) {
      return Json.list(rule, "nonResourceURLs").stream()
          .anyMatch(
              each ->
                  each.equals(right.path())
                      || (each.endsWith("*") && right.path().startsWith(each.substring(0, each.length() - 1))));
    }
    List<String> names = Json.list(rule, "resourceNames");
    return has(rule, "apiGroups", right.group())
        && hasResource(rule, right.resource())
        && (names.isEmpty() || names.contains(right.name()));
  }

  private static boolean hasResource(JsonNode rule, String resource) {
    int slash = resource.indexOf('/');
    return has(rule, "resources", resource)
        || (slash >= 0 && Json.list(rule, "resources").contains("*" + resource.substring(slash)));
  }

  private static boolean has(JsonNode rule, String field, String value) {
    List<String> values = Json.list(rule, field);
    return values.contains("*") || values.contains(value);
  }

  private static String text(Right right, Set<String> verbs) {
    List<String> parts = new ArrayList<>();
    if (right.path().isEmpty()) {
      parts.add("APIGroups:" + quoted(Set.of(right.group())));
      parts.add("Resources:" + quoted(Set.of(right.resource())));
      if (!right.name().isEmpty()) {
        parts.add("ResourceNames:" + quoted(Set.of(right.name())));
      }
    } else {
      parts.add("NonResourceURLs:" + quoted(Set.of(right.path())));
    }
    parts.add("Verbs:" + quoted(verbs));
    return parts.stream().collect(Collectors.joining(", ", "{", "}"));
  }

  private static String quoted(Set<String> texts) {
    return texts.stream().map(each -> '"' + each + '"').collect(Collectors.joining(" ", "[", "]"));
  }
}
