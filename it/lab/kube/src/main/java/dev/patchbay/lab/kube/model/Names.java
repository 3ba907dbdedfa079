package dev.patchbay.lab.kube.model;

import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Names of objects: what may be one (Kubernetes documentation, "Object Names and IDs"), and generated ones. */
public final class Names {
  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final Pattern SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
  private static final Pattern DNS_LABEL = Pattern.compile(LABEL);

  // No vowels and no digits that look like them, so that no words come about (apimachinery, util/rand).
  private static final String SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX_LENGTH = 5;
  private static final int LONGEST_PREFIX = 63 - SUFFIX_LENGTH;

  private Names() {}

  /** What is wrong with a DNS subdomain name. */
  public static Optional<String> invalidSubdomain(String name) {
    if (name.length() <= 253 && SUBDOMAIN.matcher(name).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start"
            + " and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '"
            + "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
  }

  /** What is wrong with a DNS label. */
  public static Optional<String> invalidLabel(String name) {
    if (name.length() <= 63 && DNS_LABEL.matcher(name).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end"
            + " with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '"
            + "[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
  }

  /** What is wrong with a segment of a path: names of roles and bindings. */
  public static Optional<String> invalidPathSegment(String name) {
    if (name.equals(".") || name.equals("..")) {
      return Optional.of("may not be '" + name + "'");
    }
    if (name.contains("/") || name.contains("%")) {
      return Optional.of("may not contain '/' or '%'");
    }
    return Optional.empty();
  }

  /** A name with a random end, for {@code generateName}. */
  public static String generate(String prefix) {
    StringBuilder name = new StringBuilder(prefix.substring(0, Math.min(prefix.length(), LONGEST_PREFIX)));
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      name.append(SUFFIX_ALPHABET.charAt(random.nextInt(SUFFIX_ALPHABET.length())));
    }
    return name.toString();
  }
}
