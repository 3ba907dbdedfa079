package dev.patchbay.node.cni;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.spi.Fields;
import dev.patchbay.wire.CniRequest;
import io.avaje.json.JsonException;
import io.avaje.json.mapper.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A CNI request, checked: environment and configuration as the CNI specification and its library have them. The checks are in
 * the library's order, since that decides which of several faults a caller is told.
 */
public final class CniInput {
  /** The verbs that the daemon serves; VERSION is the executable's own. */
  public enum Verb {
    /** Make an attachment. */
    ADD,
    /** Undo one. */
    DEL,
    /** Compare one with reality. */
    CHECK,
    /** Remove all but those given. */
    GC,
    /** Say whether ADD would work. */
    STATUS
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();
  /** What the conventions call the capabilities; container runtimes write some with another case (containerd 1.6). */
  private static final List<String> KNOWN_KEYS = List.of("portMappings", "hostPort", "containerPort", "protocol", "hostIP",
      "bandwidth", "ingressRate", "ingressBurst", "egressRate", "egressBurst", "ips", "mac", "dns", "servers", "searches", "options",
      "ipRanges", "aliases", "deviceID", "infinibandGUID", "cgroupPath");

  private final Verb verb;
  private final CniVersion version;
  private final String network;
  private final Map<String, Object> configuration;
  private final CniRequest request;

  private CniInput(Verb verb, CniVersion version, String network, Map<String, Object> configuration, CniRequest request) {
    this.verb = verb;
    this.version = version;
    this.network = network;
    this.configuration = configuration;
    this.request = request;
  }

  /**
   * {@return the verb of a request; empty if it has none that is known}
   * @param request the request
   */
  public static Optional<Verb> verb(CniRequest request) {
    for (Verb verb : Verb.values()) {
      if (verb.name().equals(request.command())) {
        return Optional.of(verb);
      }
    }
    return Optional.empty();
  }

  /**
   * Checks a request.
   *
   * @param request the request
   * @return what it says
   * @throws CniError if something is wrong with it
   */
  public static CniInput of(CniRequest request) {
    Verb verb = verb(request).orElseThrow(() -> new CniError(CniError.INVALID_ENVIRONMENT,
        "unknown CNI_COMMAND: " + request.command(), "Patchbay serves ADD, DEL, CHECK, GC, STATUS and VERSION."));
    checkEnvironment(verb, request);
    Map<String, Object> configuration;
    try {
      configuration = JSON.fromJsonObject(request.standardInput().text());
    } catch (JsonException | StackOverflowError e) {
      throw new CniError(CniError.DECODING, "the network configuration is no JSON object: "
          + (e instanceof JsonException ? e.getMessage() : "it is nested too deep"),
          "Check the conflist that the container runtime reads.");
    }
    Object name = configuration.get("name");
    if (!(name instanceof String network) || !network.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]*")) {
      throw new CniError(CniError.INVALID_CONFIGURATION,
          name == null ? "the network configuration has no name" : "\"" + name + "\" is no name of a network",
          "A name has letters, digits, dots, dashes and underscores, and starts with a letter or digit.");
    }
    String text = String.valueOf(configuration.getOrDefault("cniVersion", CniVersion.ABSENT));
    if (!CniVersion.isWellFormed(text)) {
      throw new CniError(CniError.DECODING, "cniVersion \"" + text + "\" is no version", "Write it like 1.0.0.");
    }
    CniVersion version = CniVersion.of(text).orElseThrow(() -> new CniError(CniError.INCOMPATIBLE_VERSION,
        "incompatible CNI versions", "config is \"" + text + "\", plugin supports " + CniVersion.SUPPORTED));
    String needed = verb == Verb.CHECK ? "0.4.0" : verb == Verb.GC || verb == Verb.STATUS ? "1.1.0" : CniVersion.ABSENT;
    if (!version.atLeast(needed)) {
      throw new CniError(CniError.INCOMPATIBLE_VERSION, "config version does not allow " + verb,
          "config is \"" + text + "\", " + verb + " came with " + needed);
    }
    CniInput input = new CniInput(verb, version, network, configuration, request);
    // Before anything is done: what is wrong in them is found now or never.
    input.checkPrevious();
    input.valid();
    return input;
  }

  private void checkPrevious() {
    if (verb != Verb.ADD) {
      // CHECK and DEL work from the ledger; what the runtime has kept may be old.
      return;
    }
    Object given = configuration.get("prevResult");
    if (given != null && !(given instanceof Map<?, ?>)) {
      throw new CniError(CniError.DECODING, "prevResult is no JSON object", "Look at the plugin before this one in the conflist.");
    }
    Object its = previous().map(p -> p.getOrDefault("cniVersion", version.text())).orElse(version.text());
    if (!version.text().equals(its)) {
      throw new CniError(CniError.DECODING, "prevResult has version " + its + ", the configuration " + version.text(),
          "Look at the plugin before this one in the conflist: it has to answer in the configuration's version.");
    }
  }

  private static void checkEnvironment(Verb verb, CniRequest request) {
    List<String> missing = new ArrayList<>();
    boolean attachment = verb == Verb.ADD || verb == Verb.DEL || verb == Verb.CHECK;
    if (attachment && request.containerId().isEmpty()) {
      missing.add("CNI_CONTAINERID");
    }
    if ((verb == Verb.ADD || verb == Verb.CHECK) && request.netnsPath().isEmpty()) {
      missing.add("CNI_NETNS");
    }
    if (attachment && request.interfaceName().isEmpty()) {
      missing.add("CNI_IFNAME");
    }
    // CNI_PATH is required by the specification for GC alone; Patchbay needs it only where it runs delegates.
    if (!missing.isEmpty()) {
      throw new CniError(CniError.INVALID_ENVIRONMENT, "required env variables [" + String.join(",", missing) + "] missing", "");
    }
    if (!attachment) {
      return;
    }
    String container = request.containerId().orElseThrow();
    if (!container.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]*")) {
      throw new CniError(CniError.INVALID_ENVIRONMENT, "invalid characters in CNI_CONTAINERID \"" + container + "\"",
          "An id has letters, digits, dots, dashes and underscores, and starts with a letter or digit.");
    }
    String name = request.interfaceName().orElseThrow();
    if (name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > 15 || name.equals(".") || name.equals("..")
        || name.chars().anyMatch(c -> c == '/' || c == ':' || Character.isWhitespace(c) || Character.isSpaceChar(c))) {
      throw new CniError(CniError.INVALID_ENVIRONMENT, "CNI_IFNAME \"" + name + "\" is no name of an interface",
          "A name has 1 to 15 bytes, no blank, no slash and no colon, and is neither . nor ..");
    }
  }

  /**
   * {@return the verb}
   */
  public Verb verb() {
    return verb;
  }

  CniVersion version() {
    return version;
  }

  /**
   * {@return the network's name}
   */
  public String network() {
    return network;
  }

  /**
   * {@return the request as it came}
   */
  public CniRequest request() {
    return request;
  }

  /**
   * {@return the attachment, for a verb that is about one}
   */
  public AttachmentKey key() {
    return new AttachmentKey(request.containerId().orElseThrow(), request.interfaceName().orElseThrow());
  }

  /**
   * {@return the key and value pairs of {@code CNI_ARGS}; what is no pair is left out, unknown keys are kept}
   */
  public Map<String, String> arguments() {
    Map<String, String> arguments = new TreeMap<>();
    for (String pair : request.arguments().orElse("").split(";")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        arguments.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return arguments;
  }

  /**
   * A pod of Kubernetes, as the caller names it.
   *
   * @param namespace its namespace
   * @param name its name
   * @param uid its uid; empty if the caller does not say
   */
  public record Pod(String namespace, String name, String uid) {}

  /**
   * {@return the pod that the caller names; empty if it names none, as {@code ctr} does, or half a one: podman gives the name of a
   * container where a pod's belongs, and no namespace}
   */
  public Optional<Pod> pod() {
    Map<String, String> arguments = arguments();
    Pod pod = new Pod(arguments.getOrDefault("K8S_POD_NAMESPACE", ""), arguments.getOrDefault("K8S_POD_NAME", ""),
        arguments.getOrDefault("K8S_POD_UID", ""));
    return pod.namespace.isEmpty() || pod.name.isEmpty() ? Optional.empty() : Optional.of(pod);
  }

  /**
   * {@return the capabilities' values ({@code runtimeConfig}), keys spelled as the conventions have them}
   */
  public Fields capabilities() {
    return configuration.get("runtimeConfig") instanceof Map<?, ?> map ? fields(map) : Fields.empty();
  }

  private static Fields fields(Map<?, ?> map) {
    Map<String, Object> values = new TreeMap<>();
    map.forEach((key, value) -> {
      Object converted = value(value);
      if (converted != null) {
        values.put(spelled(String.valueOf(key)), converted);
      }
    });
    return Fields.of(values);
  }

  private static @org.jspecify.annotations.Nullable Object value(@org.jspecify.annotations.Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Map<?, ?> map -> fields(map);
      case List<?> list -> list.stream().map(CniInput::value).filter(java.util.Objects::nonNull).toList();
      case Long number -> number;
      case Integer number -> (long) number;
      case Boolean truth -> truth;
      case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 -> number.longValue();
      default -> String.valueOf(value);
    };
  }

  private static String spelled(String key) {
    return KNOWN_KEYS.stream().filter(known -> known.equalsIgnoreCase(key)).findFirst().orElse(key);
  }

  /**
   * {@return the result of the plugins before, or of the whole ADD; empty if there is none}
   */
  Optional<Map<String, Object>> previous() {
    if (!(configuration.get("prevResult") instanceof Map<?, ?> map)) {
      return Optional.empty();
    }
    Map<String, Object> previous = new LinkedHashMap<>();
    map.forEach((key, value) -> previous.put(String.valueOf(key), value));
    return Optional.of(previous);
  }

  /**
   * {@return the attachments that GC must leave; empty if the caller gave no list, and then nothing is removed}
   * @throws CniError if one of them is none
   */
  public Optional<Set<AttachmentKey>> valid() {
    Object list = configuration.getOrDefault("cni.dev/valid-attachments", configuration.get("cni.dev/attachments"));
    if (!(list instanceof List<?> entries)) {
      return Optional.empty();
    }
    Set<AttachmentKey> keys = new LinkedHashSet<>();
    for (Object entry : entries) {
      if (entry instanceof Map<?, ?> map && map.get("containerID") instanceof String container
          && map.get("ifname") instanceof String name) {
        keys.add(new AttachmentKey(container, name));
      } else {
        throw new CniError(CniError.DECODING, "cni.dev/valid-attachments has an entry without containerID and ifname", "");
      }
    }
    return Optional.of(keys);
  }
}
