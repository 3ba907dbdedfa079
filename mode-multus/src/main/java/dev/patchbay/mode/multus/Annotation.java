package dev.patchbay.mode.multus;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads what a pod asks for, in the short form or as JSON (Kubernetes Network Custom Resource Definition De-facto Standard 1.3, sections
 * 4.1.1 and 4.1.2). What can't be read is refused, with the element and the key.
 */
final class Annotation {
  /** Names the networks that a pod gets beside its first. */
  static final String NETWORKS = "k8s.v1.cni.cncf.io/networks";
  /** Names the network of a pod's first interface. */
  static final String DEFAULT_NETWORK = "v1.multus-cni.io/default-network";

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern DEVICE = Pattern.compile("[^\\s/:]{1,15}");
  private static final Pattern GUID = Pattern.compile("([0-9a-fA-F]{2}:){7}[0-9a-fA-F]{2}");

  private final String key;
  private final String namespace;

  private Annotation(String key, String namespace) {
    this.key = key;
    this.namespace = namespace;
  }

  /**
   * Reads an annotation.
   *
   * @param key its key
   * @param value its value
   * @param namespace the namespace of networks that are named without one
   * @return the networks in order
   * @throws Refusal if it can't be read
   */
  static List<Selection> read(String key, String value, String namespace) throws Refusal {
    Annotation annotation = new Annotation(key, namespace);
    String text = value.strip();
    if (text.isEmpty()) {
      return List.of();
    }
    return text.matches("(?s).*[\\[{\"].*") ? annotation.json(text) : annotation.list(text);
  }

  private Refusal wrong(String cause) {
    return Refusal.ofPod("The annotation " + key + " can't be used: " + cause + ".", "Correct the pod's annotation.");
  }

  private List<Selection> list(String text) throws Refusal {
    List<Selection> selections = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      selections.add(item(item.strip()));
    }
    return selections;
  }

  private Selection item(String item) throws Refusal {
    String[] halves = item.split("@", -1);
    String[] names = halves[0].split("/", -1);
    if (halves.length > 2 || names.length > 2) {
      throw wrong("\"" + item + "\" is not of the form namespace/name@interface");
    }
    return Selection.of(label(names.length == 2 ? names[0] : namespace, item), label(names[names.length - 1], item),
        halves.length == 2 ? Optional.of(device(halves[1], item)) : Optional.empty());
  }

  private String label(String name, String where) throws Refusal {
    if (name.length() > 63 || !LABEL.matcher(name).matches()) {
      throw wrong("\"" + name + "\"" + (where.equals(name) ? "" : " in \"" + where + "\"") + " is no name of a network or namespace, of lower-case"
          + " letters, digits and dashes");
    }
    return name;
  }

  private String device(String name, String where) throws Refusal {
    if (!DEVICE.matcher(name).matches() || name.equals(".") || name.equals("..") || name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > 15) {
      throw wrong("\"" + name + "\" for " + where + " is no name of an interface: 1 to 15 bytes without blanks, slashes and colons");
    }
    return name;
  }

  private List<Selection> json(String text) throws Refusal {
    Object read;
    try {
      read = Json.read(text);
    } catch (IllegalArgumentException e) {
      throw wrong("it looks like JSON, and " + e.getMessage());
    }
    if (!(read instanceof List<?> elements)) {
      throw wrong("its JSON is no list");
    }
    List<Selection> selections = new ArrayList<>();
    for (Object element : elements) {
      if (!(element instanceof Map<?, ?> map)) {
        throw wrong("element " + (selections.size() + 1) + " of its list is no object");
      }
      selections.add(new Element(selections.size() + 1, Json.copy(map)).read());
    }
    return selections;
  }

  /** One object of the JSON form. */
  private final class Element {
    private final int number;
    private final Map<String, Object> members;

    private Element(int number, Map<String, Object> members) {
      this.number = number;
      this.members = members;
    }

    private Refusal bad(String name, String why) {
      return wrong("\"" + name + "\" of element " + number + " " + why);
    }

    private Optional<String> text(String name) throws Refusal {
      Object value = members.get(name);
      if (value == null || value.equals(new Json.Literal("null"))) {
        return Optional.empty();
      }
      if (!(value instanceof String text)) {
        throw bad(name, "is no text");
      }
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private <T> Optional<List<T>> texts(String name, Function<String, T> of) throws Refusal {
      Object value = members.get(name);
      if (value == null || value.equals(new Json.Literal("null"))) {
        return Optional.empty();
      }
      if (!(value instanceof List<?> list)) {
        throw bad(name, "is no list");
      }
      List<T> texts = new ArrayList<>();
      for (Object one : list) {
        if (!(one instanceof String text)) {
          throw bad(name, "holds " + Json.write(one) + ", which is no text");
        }
        try {
          texts.add(of.apply(text));
        } catch (IllegalArgumentException e) {
          throw bad(name, "holds \"" + text + "\": " + e.getMessage());
        }
      }
      return Optional.of(List.copyOf(texts));
    }

    private Selection read() throws Refusal {
      String name = text("name").orElseThrow(() -> wrong("element " + number + " has no \"name\""));
      Optional<String> device = text("interface");
      if (device.isEmpty()) {
        device = text("interfaceRequest");
      }
      Optional<String> namespaceThere = text("namespace");
      if (device.isPresent()) {
        device(device.get(), name);
      }
      Optional<List<String>> ips = texts("ips", Annotation::ip);
      if (text("ipam-claim-reference").isPresent() && ips.isPresent()) {
        throw bad("ipam-claim-reference", "can't be combined with \"ips\"");
      }
      Object arguments = members.getOrDefault("cni-args", Map.of());
      if (!(arguments instanceof Map<?, ?>)) {
        throw bad("cni-args", "is no object");
      }
      return new Selection(label(namespaceThere.orElse(namespace), name), label(name, name), device, capabilities(ips),
          Json.copy(arguments), texts("default-route", IpAddress::of));
    }

    private Fields capabilities(Optional<List<String>> ips) throws Refusal {
      Map<String, Object> asked = new LinkedHashMap<>();
      ips.ifPresent(list -> asked.put("ips", list));
      Optional<String> mac = text("mac");
      if (mac.isPresent()) {
        try {
          asked.put("mac", MacAddress.of(mac.get().toLowerCase(Locale.ROOT)).toString());
        } catch (IllegalArgumentException e) {
          throw bad("mac", "is no hardware address of 6 bytes: " + e.getMessage());
        }
      }
      Optional<String> guid = text("infiniband-guid");
      if (guid.isPresent()) {
        if (!GUID.matcher(guid.get()).matches()) {
          throw bad("infiniband-guid", "is no GUID of 8 bytes");
        }
        asked.put("infinibandGUID", guid.get());
      }
      Object mappings = members.get("portMappings");
      if (mappings != null) {
        asked.put("portMappings", portMappings(mappings));
      }
      Object bandwidth = members.get("bandwidth");
      if (bandwidth != null) {
        asked.put("bandwidth", bandwidth(bandwidth));
      }
      text("deviceID").ifPresent(id -> asked.put("deviceID", id));
      return Fields.of(asked);
    }

    private List<Fields> portMappings(Object value) throws Refusal {
      if (!(value instanceof List<?> list)) {
        throw bad("portMappings", "is no list");
      }
      List<Fields> mappings = new ArrayList<>();
      for (Object one : list) {
        if (!(one instanceof Map<?, ?> map)) {
          throw bad("portMappings", "holds " + Json.write(one) + ", which is no object");
        }
        Fields given = Json.fields(Json.copy(map));
        Fields mapping = Fields.empty();
        for (String port : List.of("hostPort", "containerPort")) {
          long number = given.number(port).orElse(0);
          if (number < 1 || number > 65_535) {
            throw bad("portMappings", "has no " + port + " from 1 to 65535");
          }
          mapping = mapping.with(port, number);
        }
        String protocol = given.text("protocol").orElse("tcp").toLowerCase(Locale.ROOT);
        if (!List.of("tcp", "udp", "sctp").contains(protocol)) {
          throw bad("portMappings", "has the protocol \"" + protocol + "\", which is none of tcp, udp and sctp");
        }
        mapping = mapping.with("protocol", protocol);
        Optional<String> host = given.text("hostIP").filter(ip -> !ip.isEmpty());
        if (host.isPresent()) {
          try {
            mapping = mapping.with("hostIP", IpAddress.of(host.get()).toString());
          } catch (IllegalArgumentException e) {
            throw bad("portMappings", "has a hostIP that is no address: " + e.getMessage());
          }
        }
        mappings.add(mapping);
      }
      return mappings;
    }

    private Fields bandwidth(Object value) throws Refusal {
      if (!(value instanceof Map<?, ?> map)) {
        throw bad("bandwidth", "is no object");
      }
      Fields given = Json.fields(Json.copy(map));
      Fields bandwidth = Fields.empty();
      for (String direction : List.of("ingress", "egress")) {
        for (String part : List.of("Rate", "Burst")) {
          String name = direction + part;
          if (given.has(name)) {
            long number = given.number(name).orElse(-1);
            if (number < 0) {
              throw bad("bandwidth", "has a " + name + " that is no whole number of bits");
            }
            bandwidth = bandwidth.with(name, number);
          }
        }
        if (bandwidth.has(direction + "Burst") && !bandwidth.has(direction + "Rate")) {
          throw bad("bandwidth", "has a burst and no rate for " + direction);
        }
      }
      return bandwidth;
    }
  }

  /** An address, with or without the length of its network's prefix. */
  private static String ip(String text) {
    int slash = text.indexOf('/');
    IpAddress address = IpAddress.of(slash < 0 ? text : text.substring(0, slash));
    if (slash >= 0) {
      String length = text.substring(slash + 1);
      if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > address.family().bits()) {
        throw new IllegalArgumentException("/" + length + " is no length of a prefix");
      }
    }
    return text;
  }
}
