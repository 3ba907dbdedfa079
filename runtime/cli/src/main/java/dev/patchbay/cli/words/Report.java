package dev.patchbay.cli.words;

import dev.patchbay.cli.daemon.Json;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The daemon's report, and what can be looked up in it.
 *
 * @param json the report as the daemon gave it
 */
public record Report(Json json) {
  /**
   * {@return whether it is a report at all: what listens at an address may be anybody}
   */
  public boolean isOne() {
    return json.at("serving").text().isPresent() && json.at("modes").exists();
  }

  /**
   * {@return the node's name; its instance's id, or empty text, if it has none}
   */
  public String node() {
    String name = json.text("name");
    return name.isEmpty() ? json.at("node").text("instanceId") : name;
  }

  /**
   * {@return whether there is nothing that an operator should look at}
   */
  public boolean isWell() {
    return json.isTrue("serving") && json.list("findings").isEmpty() && json.list("waiting").isEmpty()
        && openRefusals().isEmpty();
  }

  List<Json> attachments() {
    return json.list("attachments");
  }

  List<Json> enis() {
    return json.at("node").list("enis");
  }

  Optional<Json> eni(String id) {
    return enis().stream().filter(e -> e.text("id").equals(id) || e.text("mac").equalsIgnoreCase(id)).findFirst();
  }

  /** The name of a pod as people say it. */
  static String pod(Json attachment) {
    String name = attachment.text("name");
    return name.isEmpty() ? "sandbox " + attachment.text("attachment").replaceAll("/[^/]*$", "")
        : attachment.text("namespace") + "/" + name;
  }

  /** Refusals of pods that have no network now: the others are over. */
  List<Json> openRefusals() {
    Set<String> attached = new LinkedHashSet<>();
    attachments().forEach(a -> attached.add(pod(a)));
    return json.list("refusals").stream().filter(r -> !attached.contains(r.text("pod"))).toList();
  }

  Optional<Json> holder(IpAddress address) {
    return attachments().stream().filter(a -> addresses(a).contains(address)).findFirst();
  }

  static List<IpAddress> addresses(Json attachment) {
    List<IpAddress> addresses = new ArrayList<>();
    attachment.list("addresses").forEach(h -> address(h.text("address")).ifPresent(addresses::add));
    return addresses;
  }

  /** A text as an address; empty if it is none. */
  public static Optional<IpAddress> address(String text) {
    try {
      return Optional.of(IpAddress.of(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static boolean contains(String network, IpAddress address) {
    try {
      Cidr cidr = Cidr.of(network);
      return cidr.family() == address.family() && cidr.contains(address);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** What pods may get of an interface: addresses one by one and prefixes. */
  static List<String> units(Json eni) {
    List<String> units = new ArrayList<>(eni.texts("addresses"));
    units.addAll(eni.texts("prefixes"));
    return units;
  }

  /** What an interface is for, in few words. */
  static String use(Json eni) {
    Optional<String> alone = eni.at("leftAlone").text();
    if (alone.isPresent()) {
      return "left alone";
    }
    String lane = eni.at("lane").text().map(l -> "lane " + l).orElse("no lane");
    return lane + (eni.isTrue("draining") ? ", being given back" : eni.at("ready").exists() && !eni.isTrue("ready") ? ", not ready" : "");
  }

  /** Who made an interface. */
  static String maker(Json eni) {
    return eni.isTrue("primary") ? "the instance" : eni.isTrue("madeByPatchbay") ? "Patchbay" : "somebody else";
  }

  /** Findings that speak of something. */
  List<Json> findingsAbout(String... words) {
    List<Json> about = new ArrayList<>();
    for (Json finding : json.list("findings")) {
      String text = (finding.text("subject") + " " + finding.text("cause")).toLowerCase(Locale.ROOT);
      for (String word : words) {
        if (!word.isEmpty() && text.contains(word.toLowerCase(Locale.ROOT)) && !about.contains(finding)) {
          about.add(finding);
        }
      }
    }
    return about;
  }
}
