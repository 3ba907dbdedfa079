package dev.patchbay.cli.awsnode;

import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The variables of aws-node that the runtime itself answers to; those of modes stand in the modes' own settings. Names, values and
 * defaults: README of amazon-vpc-cni-k8s, "CNI Configuration Variables".
 */
final class Counterparts {
  private static final String DEFAULT_HERE_TOO = "it can't be read, and aws-node takes its default too.";

  private static final Map<String, BiConsumer<Translation, String>> ALL = all();

  private Counterparts() {}

  /** Translates a variable that is set; false if it is none of these. */
  static boolean translate(Translation translation, String variable) {
    BiConsumer<Translation, String> how = ALL.get(variable);
    if (how != null) {
      how.accept(translation, variable);
    }
    return how != null;
  }

  private static Map<String, BiConsumer<Translation, String>> all() {
    Map<String, BiConsumer<Translation, String>> all = new LinkedHashMap<>();
    all.put("AWS_VPC_ENI_MTU", (t, v) -> number(t, v, "node.mtu", 576, 9001));
    all.put("POD_MTU", Counterparts::podMtu);
    all.put("AWS_VPC_K8S_CNI_VETHPREFIX", (t, v) -> text(t, v, "node.vethPrefix"));
    all.put("IP_COOLDOWN_PERIOD", (t, v) -> whole(t, v, 0, 3600).ifPresentOrElse(n -> t.take("node.cooldown", n + "s", v),
        () -> t.leave(v, "it is no number of seconds from 0 to 3600.")));
    all.put("AWS_VPC_K8S_CNI_EXTERNALSNAT", (t, v) -> truth(t, v, yes -> t.take("egress.translate", !yes, v)));
    all.put("AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS", (t, v) -> networks(t, v, "egress.exceptions", "addresses of IPv6 are never translated"));
    all.put("AWS_EXTERNAL_SERVICE_CIDRS", (t, v) -> networks(t, v, "egress.mainTable", "it counts for IPv4 alone"));
    all.put("AWS_VPC_K8S_CNI_RANDOMIZESNAT", (t, v) -> word(t, v, "egress.ports", (value, _) -> switch (value) {
      case "prng" -> "random-fully";
      case "hashrandom" -> "random";
      case "none" -> "kernel";
      default -> "";
    }));
    all.put("AWS_VPC_CNI_NODE_PORT_SUPPORT", (t, v) -> truth(t, v, yes -> t.take("egress.nodePorts", yes, v)));
    all.put("AWS_EC2_ENDPOINT", (t, v) -> text(t, v, "ec2.endpoint"));
    all.put("ADDITIONAL_ENI_TAGS", Counterparts::tags);
    all.put("CLUSTER_NAME", (t, v) -> text(t, v, "cluster.name"));
    all.put("INTROSPECTION_BIND_ADDRESS", Counterparts::introspection);
    all.put("DISABLE_INTROSPECTION", (t, v) -> truth(t, v, yes -> off(t, v, "introspection.address", yes)));
    all.put("DISABLE_METRICS", (t, v) -> truth(t, v, yes -> off(t, v, "metrics.address", yes)));
    all.put("AWS_VPC_K8S_CNI_LOGLEVEL", (t, v) -> word(t, v, "log.level", (value, _) -> switch (value.toLowerCase(Locale.ROOT)) {
      case "debug", "info", "warn", "error" -> value.toLowerCase(Locale.ROOT);
      case "fatal" -> "error";
      default -> "";
    }));
    return all;
  }

  private static void text(Translation t, String variable, String path) {
    if (!t.value(variable).isBlank()) {
      t.take(path, t.value(variable).strip(), variable);
    }
  }

  private static void word(Translation t, String variable, String path, BiFunction<String, String, String> words) {
    String word = words.apply(t.value(variable).strip(), variable);
    if (word.isEmpty()) {
      t.leave(variable, DEFAULT_HERE_TOO);
    } else {
      t.take(path, word, variable);
    }
  }

  private static void truth(Translation t, String variable, java.util.function.Consumer<Boolean> then) {
    Translation.truth(t.value(variable)).ifPresentOrElse(then, () -> t.leave(variable, DEFAULT_HERE_TOO));
  }

  private static void off(Translation t, String variable, String path, boolean yes) {
    if (yes) {
      t.take(path, "off", variable);
    }
  }

  private static Optional<Long> whole(Translation t, String variable, long least, long most) {
    try {
      long number = Long.parseLong(t.value(variable).strip());
      return number >= least && number <= most ? Optional.of(number) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static void number(Translation t, String variable, String path, long least, long most) {
    whole(t, variable, least, most).ifPresentOrElse(n -> t.take(path, n, variable),
        () -> t.leave(variable, "it is no number from " + least + " to " + most + "."));
  }

  private static void podMtu(Translation t, String variable) {
    String ofEni = t.isSet("AWS_VPC_ENI_MTU") ? t.value("AWS_VPC_ENI_MTU") : "9001";
    if (!t.value(variable).isBlank() && !t.value(variable).equals(ofEni)) {
      t.leave(variable, "pods have the MTU of their interface, " + ofEni + "; for another set AWS_VPC_ENI_MTU, or node.mtu, for both.");
    }
  }

  private static void networks(Translation t, String variable, String path, String ofIpv6) {
    List<String> networks = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    for (String each : t.value(variable).split(",", -1)) {
      String network = each.strip();
      if (network.isEmpty()) {
        continue;
      }
      try {
        networks.add(ipv4(network).toString());
      } catch (IllegalArgumentException e) {
        bad.add(network);
      }
    }
    if (!networks.isEmpty()) {
      t.take(path, networks, variable);
    }
    if (!bad.isEmpty()) {
      t.leave(variable, String.join(", ", bad) + (bad.size() == 1 ? " is no IPv4 network" : " are no IPv4 networks")
          + (bad.stream().anyMatch(network -> network.contains(":")) ? " (" + ofIpv6 + ")" : "") + "; aws-node passes over it too.");
    }
  }

  /** Bits of the host are cut off, as aws-node does. */
  private static Cidr ipv4(String network) {
    int slash = network.indexOf('/');
    if (slash < 0 || network.contains(":")) {
      throw new IllegalArgumentException(network);
    }
    return Cidr.containing(IpAddress.of(network.substring(0, slash)), Integer.parseInt(network.substring(slash + 1)));
  }

  private static void tags(Translation t, String variable) {
    if (t.value(variable).isBlank()) {
      return;
    }
    Map<String, String> tags = new LinkedHashMap<>();
    List<String> reserved = new ArrayList<>();
    try {
      Object read = new Load(LoadSettings.builder().build()).loadFromString(t.value(variable));
      if (!(read instanceof Map<?, ?> map)) {
        t.leave(variable, "it is no JSON object; aws-node sets no tags then either.");
        return;
      }
      map.forEach((key, value) -> {
        if (String.valueOf(key).contains("k8s.amazonaws.com")) {
          reserved.add(String.valueOf(key));
        } else {
          tags.put(String.valueOf(key), String.valueOf(value));
        }
      });
    } catch (YamlEngineException | StackOverflowError e) {
      t.leave(variable, "it is no JSON object; aws-node sets no tags then either.");
      return;
    }
    if (!tags.isEmpty()) {
      t.take("ec2.tags", tags, variable);
    }
    if (!reserved.isEmpty()) {
      t.leave(variable, "tags named k8s.amazonaws.com are kept for controllers, and aws-node drops them too: "
          + String.join(", ", reserved) + ".");
    }
  }

  private static void introspection(Translation t, String variable) {
    if (t.value(variable).startsWith("unix:")) {
      t.leave(variable, "status is served on TCP on loopback; set introspection.address.");
    } else {
      text(t, variable, "introspection.address");
    }
  }
}
