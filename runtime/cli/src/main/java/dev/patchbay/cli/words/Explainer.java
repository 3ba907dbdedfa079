package dev.patchbay.cli.words;

import dev.patchbay.cli.daemon.Daemon;
import dev.patchbay.cli.daemon.Json;
import dev.patchbay.spi.net.IpAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Explains a pod, an address, an interface or the node: from the daemon's report, and from what the daemon finds in the kernel. */
public final class Explainer {
  private static final int SHOWN = 100;

  private final Report report;
  private final KernelText kernel;
  private final Page page;
  private final Map<String, Object> json = new LinkedHashMap<>();

  private Explainer(Report report, Function<String, Daemon.Answer> daemon, boolean colour) {
    this.report = report;
    this.kernel = new KernelText(daemon);
    this.page = new Page(colour, report.json().text("time"));
  }

  /**
   * Explains something.
   *
   * @param report the daemon's report
   * @param daemon asks the daemon for more
   * @param subject what is asked about
   * @param colour whether the reader wants colour
   * @return the explanation
   */
  public static Explanation of(Report report, Function<String, Daemon.Answer> daemon, String subject, boolean colour) {
    return new Explainer(report, daemon, colour).explain(subject);
  }

  private Explanation explain(String subject) {
    if (subject.equalsIgnoreCase("node") || subject.equals(report.json().text("name")) || subject.equals(report.json().at("node").text("instanceId"))) {
      return done("node", node());
    }
    Optional<Json> eni = report.eni(subject);
    if (eni.isPresent()) {
      return done("eni", eni(eni.get()));
    }
    if (subject.startsWith("eni-")) {
      page.line(shown(subject) + " is not an interface of this node.");
      page.entry("has", report.enis().stream().map(e -> e.text("id")).collect(Collectors.joining(" ")));
      page.entry("do", "Ask on the node that has it; `aws ec2 describe-network-interfaces` says which, or that there is none.");
      return done("unknown", false);
    }
    Optional<IpAddress> address = Report.address(subject);
    if (address.isPresent()) {
      return done("address", address(address.get()));
    }
    if (subject.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
      page.line("\"" + shown(subject) + "\" is no IP address.");
      page.entry("do", "Write it like 10.0.1.17 or 2001:db8::17, without a prefix length.");
      return done("unknown", false);
    }
    return pods(subject);
  }

  private Explanation done(String kind, boolean well) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("kind", kind);
    all.put("well", well);
    all.putAll(json);
    all.put("words", page.lines());
    return new Explanation(kind, well, page.lines(), all);
  }

  private static String shown(String text) {
    String clean = Json.of(text).text().orElse("");
    return clean.length() <= SHOWN ? clean : clean.substring(0, SHOWN) + "...";
  }

  // Pods

  private Explanation pods(String subject) {
    List<Json> attached = report.attachments().stream().filter(a -> isOf(subject, Report.pod(a), a.text("attachment"), a.text("uid"))).toList();
    List<Json> waiting = report.json().list("waiting").stream().filter(w -> isOf(subject, w.text("pod"), w.text("attachment"), "")).toList();
    List<Json> refused = report.json().list("refusals").stream().filter(r -> isOf(subject, r.text("pod"), r.text("attachment"), "")).toList();
    Set<String> names = new LinkedHashSet<>();
    attached.forEach(a -> names.add(Report.pod(a)));
    waiting.forEach(w -> names.add(w.text("pod")));
    refused.forEach(r -> names.add(r.text("pod")));
    if (names.isEmpty()) {
      return done("unknown", unknownPod(subject));
    }
    if (names.size() > 1) {
      page.line("Several pods are called " + shown(subject) + ": " + String.join(", ", names) + ".");
      page.entry("do", "Name one of them with its namespace.");
      return done("unknown", false);
    }
    boolean well = true;
    json.put("pod", names.iterator().next());
    List<Object> raw = new ArrayList<>();
    for (Json attachment : attached) {
      well &= attachment(attachment, raw);
    }
    json.put("attachments", raw);
    json.put("waiting", waiting.stream().map(Json::raw).toList());
    json.put("refusals", refused.stream().map(Json::raw).toList());
    waiting.forEach(this::waiting);
    refused.forEach(r -> refusal(r, !attached.isEmpty()));
    boolean without = attached.isEmpty();
    return done("pod", well && waiting.isEmpty() && !without);
  }

  private static boolean isOf(String subject, String pod, String attachment, String uid) {
    String sandbox = attachment.replaceAll("/[^/]*$", "");
    return pod.equals(subject) || pod.endsWith("/" + subject) || attachment.equals(subject) || (!uid.isEmpty() && uid.equals(subject))
        || sandbox.equals(subject) || (subject.length() >= 8 && sandbox.startsWith(subject));
  }

  private boolean unknownPod(String subject) {
    page.line("No pod " + shown(subject) + " has a network on this node, waits for one, or was refused one lately.");
    List<String> near = report.attachments().stream().map(Report::pod)
        .filter(p -> p.contains(subject) || subject.contains(p.replaceAll("^.*/", ""))).limit(5).toList();
    if (!near.isEmpty()) {
      page.entry("like it", String.join(", ", near));
    }
    page.entry("do", "See with `kubectl get pod -o wide` whether it runs on " + (report.node().isEmpty() ? "this node" : report.node())
        + " and whether it is in the host's network, which Patchbay has no part in; `patchbay status` lists the pods that are here.");
    return false;
  }

  private boolean attachment(Json a, List<Object> raw) {
    List<Json> held = a.list("addresses");
    String pod = Report.pod(a);
    page.line(switch (a.text("state")) {
      case "OPEN" -> pod + " is being made since " + page.since(a.text("since")) + ".";
      case "CLOSING" -> pod + " is being removed; what it has is held until all of it is undone. It was made at " + page.since(a.text("since")) + ".";
      default -> pod + " has its network since " + page.since(a.text("since")) + ".";
    });
    page.entry("claimed by", a.text("mode").isEmpty() ? "no mode" : "the mode " + a.text("mode"));
    Set<String> enis = new LinkedHashSet<>();
    for (Json h : held) {
      h.at("eni").text().ifPresent(enis::add);
      page.entry("address", h.text("address") + " from lane " + h.text("lane") + h.at("eni").text().map(e -> ", on " + describe(e))
          .orElse(", of a range of the node's own") + (h.text("role").isEmpty() ? "" : ", role " + h.text("role")));
    }
    page.entry("link", a.text("hostInterface") + " on the node, "
        + a.text("attachment").replaceAll("^.*/", "") + " in the pod");
    page.entry("sandbox", a.text("attachment").replaceAll("/[^/]*$", "") + ", namespace " + a.text("netns"));
    List<Json> about = findings(pod, a, enis);
    about.forEach(f -> page.finding("  ", f));
    KernelText.Seen own = kernel.list(page, "/v1/kernel/attachment?key=" + URLEncoder.encode(a.text("attachment"), StandardCharsets.UTF_8),
        "What there is of it in the kernel now", o -> true);
    KernelText.Seen shared = kernel.list(page, "/v1/kernel/node", enis.isEmpty() ? "What the node has for all pods"
        : "What the node has for pods of " + String.join(" and ", enis), o -> serves(o, enis, Report.addresses(a)));
    remedies(own, shared);
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("attachment", a.raw());
    one.put("findings", about.stream().map(Json::raw).toList());
    one.put("kernel", own.json());
    one.put("node", shared.json());
    raw.add(one);
    return own.complete() && shared.complete() && about.isEmpty() && a.text("state").equals("LIVE");
  }

  private List<Json> findings(String pod, Json attachment, Set<String> enis) {
    List<String> words = new ArrayList<>(enis);
    words.add(pod);
    Report.addresses(attachment).forEach(address -> words.add(address + " "));
    return report.findingsAbout(words.toArray(String[]::new));
  }

  /** Whether an object of the node's serves an attachment: that of its interfaces, the way to pods, translations of its address. */
  private static boolean serves(Json object, Set<String> enis, List<IpAddress> addresses) {
    Json element = object.at("element");
    boolean toPods = object.text("kind").equals("rule") && element.text("table").equals("pods");
    boolean translated = element.text("kind").equals("translation")
        && element.texts("sources").stream().anyMatch(s -> addresses.stream().anyMatch(a -> Report.contains(s, a)));
    return enis.contains(object.text("eni")) || toPods || translated;
  }

  private void remedies(KernelText.Seen own, KernelText.Seen shared) {
    if (!own.complete() && own.objects() > 0) {
      page.heading("What is missing");
      page.line("  Something removed or altered it after Patchbay had made it. What is on the node comes back within seconds, also where somebody put"
          + " a route of their own in its place; what is in the pod does not. CHECK says the same.");
      page.line("  do: Ask again in a moment. If it is still so, delete the pod, so that it is made anew; and look for what changes the network behind"
          + " Patchbay: another network plugin, a firewall's service, `nft flush ruleset`.");
    }
    if (!shared.complete() && shared.objects() > 0) {
      page.heading("What is missing on the node");
      page.line("  do: Ask again in a moment: Patchbay brings it back by itself. If it is still so, `patchbay status` says why, and a restart of the"
          + " daemon makes the node's own part anew; pods keep their network meanwhile.");
    }
  }

  private String describe(String id) {
    return report.eni(id).map(e -> id + " (" + (e.isTrue("primary") ? "the primary interface" : "device index " + e.text("device"))
        + ", subnet " + e.text("subnet") + ")").orElse(id + ", which the node does not have any more");
  }

  private void waiting(Json w) {
    page.line(w.text("pod") + " waits for its network, for " + Page.span(w.number("millis")) + " now.");
    page.finding("  ", w.at("reason"));
    page.entry("EC2", report.json().at("operation").text().map(o -> "under way: " + o).orElse("nothing is under way"));
    long before = report.json().list("waiting").stream().takeWhile(o -> !o.text("attachment").equals(w.text("attachment"))).count();
    page.entry("in order", before == 0 ? "it is the first that waits" : Page.count(before, "pod waits", "pods wait") + " before it");
    json.put("operation", report.json().at("operation").raw());
    report.json().list("findings").forEach(f -> page.finding("  ", f));
  }

  private void refusal(Json r, boolean over) {
    long times = r.number("times");
    String when = times > 1 ? times + " times, first at " + page.since(r.text("first")) + ", last at " + page.since(r.text("last"))
        : "at " + page.since(r.text("last"));
    if (over) {
      page.line("");
      page.line("Before, it was refused " + when + ":");
    } else {
      page.line(r.text("pod") + " has no network: it was refused " + when + ".");
    }
    page.finding("  ", r.at("reason"));
    if (!over) {
      page.line(r.isTrue("later") ? "  kubelet tries again by itself as long as the pod is there."
          : "  Trying again changes nothing until the cause is mended; kubelet does all the same.");
    }
  }

  // Addresses

  private boolean address(IpAddress address) {
    String text = address.toString();
    json.put("address", text);
    Optional<Json> holder = report.holder(address);
    if (holder.isPresent()) {
      json.put("state", "held");
      List<Object> raw = new ArrayList<>();
      page.line(text + " is held by " + Report.pod(holder.get()) + ".");
      boolean well = attachment(holder.get(), raw);
      json.put("attachments", raw);
      return well;
    }
    Optional<Json> own = report.enis().stream().filter(e -> Report.address(e.text("address")).equals(Optional.of(address))).findFirst();
    if (own.isPresent()) {
      json.put("state", "own");
      json.put("eni", own.get().text("id"));
      page.line(text + " is the own address of " + describe(own.get().text("id")) + "; pods never get it.");
      return true;
    }
    Optional<Json> eni = report.enis().stream().filter(e -> Report.units(e).stream().anyMatch(u -> Report.contains(u, address))).findFirst();
    Optional<Json> cooling = report.json().members("cooling").entrySet().stream()
        .filter(e -> Report.address(e.getKey()).equals(Optional.of(address))).map(Map.Entry::getValue).findFirst();
    json.put("eni", eni.map(e -> e.text("id")).orElse(null));
    if (cooling.isPresent()) {
      cooling(text, eni, Long.parseLong(cooling.get().text().orElse("0").replaceAll("\\D.*", "0")));
    } else if (eni.isPresent()) {
      free(text, eni.get());
    } else {
      return elsewhere(address);
    }
    formerHolder(text);
    return true;
  }

  private void cooling(String text, Optional<Json> eni, long millis) {
    json.put("state", "cooling");
    json.put("millis", millis);
    page.line(text + " cools down: nobody has it, and no other pod gets it for " + Page.span(millis)
        + " yet, so that no packet for the pod before reaches the one after.");
    eni.ifPresent(e -> page.entry("on", describe(e.text("id"))));
  }

  private void free(String text, Json eni) {
    Optional<String> alone = eni.at("leftAlone").text();
    String on = describe(eni.text("id"));
    if (alone.isPresent()) {
      json.put("state", "left alone");
      page.line(text + " is on " + on + ", which is left alone: " + alone.get() + ".");
    } else if (eni.isTrue("draining")) {
      json.put("state", "draining");
      page.line(text + " is on " + on + ", which is being given back to EC2; nobody has it.");
    } else if (!eni.isTrue("ready")) {
      json.put("state", "not ready");
      page.line(text + " is on " + on + ", whose part of the node's datapath is not made yet; nobody has it.");
    } else {
      json.put("state", "free");
      page.line(text + " is free: nobody has it, and the next pods of lane " + eni.text("lane") + " may get it.");
      page.entry("on", on);
    }
  }

  private void formerHolder(String text) {
    Json holder = report.json().at("lastHolders").at(text);
    if (holder.exists()) {
      json.put("lastHolder", holder.raw());
      page.entry("before", holder.text("pod") + " had it until " + page.since(holder.text("until")));
    } else {
      page.entry("before", "who had it before is not known; the daemon remembers what ended since its start");
    }
  }

  private boolean elsewhere(IpAddress address) {
    json.put("state", "unknown");
    List<String> vpc = report.json().at("node").texts("vpcCidrs");
    boolean inside = vpc.stream().anyMatch(c -> Report.contains(c, address));
    page.line(address + " is not on this node's interfaces" + (inside ? ", though it lies in the VPC: another node may have it."
        : vpc.isEmpty() ? "." : ", and not in the VPC (" + String.join(", ", vpc) + ")."));
    page.entry("do", inside ? "See with `aws ec2 describe-network-interfaces --filters Name=addresses.private-ip-address,Values=" + address
        + "` which interface has it, and ask on its node." : "Look for a slip in the address.");
    return false;
  }

  // Interfaces and the node

  private boolean eni(Json eni) {
    String id = eni.text("id");
    json.put("eni", eni.raw());
    Optional<String> alone = eni.at("leftAlone").text();
    page.line(id + (alone.isPresent() ? " is left alone: " + alone.get() + "." : " serves pods of lane " + eni.text("lane") + "."));
    page.entry("made by", Report.maker(eni) + (eni.isTrue("primary") ? "; it stays as long as the instance"
        : eni.isTrue("madeByPatchbay") ? ", which gives it back when it is not needed" : "; Patchbay never gives back what it did not make"));
    page.entry("is", "type " + eni.text("type") + ", " + eni.text("mac") + ", device index " + eni.text("device") + ", card " + eni.text("card"));
    page.entry("in", "subnet " + eni.text("subnet") + ", security groups " + String.join(" ", eni.texts("groups")));
    page.entry("own", eni.text("address").isEmpty() ? "no address of its own" : eni.text("address"));
    if (alone.isEmpty()) {
      page.entry("now", eni.isTrue("draining") ? "it is being given back to EC2"
          : eni.isTrue("ready") ? "ready: the kernel has its device and its part of the datapath" : page.bad("not ready")
              + ": its device has not appeared, or its part of the datapath is not made");
    }
    List<Json> about = report.findingsAbout(id);
    about.forEach(f -> page.finding("  ", f));
    json.put("findings", about.stream().map(Json::raw).toList());
    units(eni);
    boolean complete = true;
    if (alone.isEmpty()) {
      KernelText.Seen seen = kernel.list(page, "/v1/kernel/node", "What there is of it in the kernel now", o -> o.text("eni").equals(id));
      remedies(new KernelText.Seen(true, 0, null), seen);
      json.put("kernel", seen.json());
      complete = seen.complete();
    }
    return complete && about.isEmpty() && (alone.isPresent() || eni.isTrue("ready"));
  }

  private void units(Json eni) {
    List<String> units = Report.units(eni);
    if (units.isEmpty()) {
      return;
    }
    page.heading("What it has for pods");
    List<List<String>> rows = new ArrayList<>();
    for (String unit : units) {
      List<String> pods = report.attachments().stream()
          .filter(a -> Report.addresses(a).stream().anyMatch(ip -> Report.contains(unit, ip))).map(Report::pod).toList();
      long cooling = report.json().members("cooling").keySet().stream()
          .filter(ip -> Report.address(ip).filter(a -> Report.contains(unit, a)).isPresent()).count();
      boolean single = !unit.contains("/");
      String state = !pods.isEmpty() ? "held by " + String.join(", ", pods) : cooling > 0 ? "cools down"
          : eni.at("leftAlone").text().isPresent() ? "left alone" : "free";
      rows.add(List.of(unit, single || pods.isEmpty() ? state : state + (cooling > 0 ? ", " + cooling + " cool down" : "")));
    }
    page.table(List.of(eni.list("prefixes").isEmpty() ? "address" : "address or prefix", ""), rows);
  }

  private boolean node() {
    Json node = report.json().at("node");
    String name = report.node().isEmpty() ? "This node" : report.node();
    boolean serving = report.json().isTrue("serving");
    page.line(name + (serving ? " serves pods." : " does not serve pods."));
    page.entry("modes", String.join(", ", report.json().texts("modes")));
    if (node.exists()) {
      page.entry("instance", node.text("instanceId") + ", " + node.text("instanceType") + " in " + node.text("zone") + ", " + node.text("vpc")
          + " (" + String.join(", ", node.texts("vpcCidrs")) + ")");
    }
    page.entry("capacity", report.json().at("capacity").text().map(c -> c + " pods by the modes' plans").orElse("not limited by addresses"));
    page.entry("EC2", report.json().at("operation").text().map(o -> "under way: " + o).orElse("nothing is under way"));
    List<Json> findings = report.json().list("findings");
    findings.forEach(f -> page.finding("  ", f));
    page.heading("Its interfaces");
    for (Json eni : report.enis()) {
      Optional<String> alone = eni.at("leftAlone").text();
      page.line("  " + eni.text("id") + ", made by " + Report.maker(eni) + ": "
          + alone.map(why -> "left alone, since " + why).orElseGet(() -> Report.use(eni)
              + (eni.isTrue("primary") || eni.isTrue("madeByPatchbay") ? "" : "; used, and never given back, since Patchbay did not make it")));
    }
    KernelText.Seen seen = kernel.list(page, "/v1/kernel/node", "What the node itself has in the kernel now", o -> true);
    remedies(new KernelText.Seen(true, 0, null), seen);
    json.put("node", node.raw());
    json.put("findings", findings.stream().map(Json::raw).toList());
    json.put("kernel", seen.json());
    return serving && findings.isEmpty() && seen.complete();
  }
}
