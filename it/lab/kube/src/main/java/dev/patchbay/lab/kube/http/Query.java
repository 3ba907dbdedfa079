package dev.patchbay.lab.kube.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The parameters of a request. The last of several with one name counts. */
final class Query {
  private final Map<String, String> parameters = new HashMap<>();

  /**
   * @param raw the part after the question mark, still encoded; empty if there is none
   */
  Query(String raw) {
    for (String part : raw.split("&")) {
      if (!part.isEmpty()) {
        int at = part.indexOf('=');
        String name = at < 0 ? part : part.substring(0, at);
        String value = at < 0 ? "" : part.substring(at + 1);
        parameters.put(decode(name), decode(value));
      }
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** The text of a parameter, empty if it is missing. */
  String text(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** Whether a parameter says yes: {@code true}, {@code 1}, or its name alone, as k8s.io/apimachinery converts. */
  boolean flag(String name) {
    String value = parameters.get(name);
    return value != null && !value.equalsIgnoreCase("false") && !value.equals("0");
  }

  /** Whether a parameter is there. */
  boolean has(String name) {
    return parameters.containsKey(name);
  }

  /** A number, 0 if it is missing or none. */
  long number(String name) {
    try {
      return Long.parseLong(text(name));
    } catch (NumberFormatException notGiven) {
      return 0;
    }
  }
}
