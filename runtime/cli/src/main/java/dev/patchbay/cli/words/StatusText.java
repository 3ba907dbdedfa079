package dev.patchbay.cli.words;

import dev.patchbay.cli.daemon.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What {@code patchbay status} says of a report. */
public final class StatusText {
  private final Report report;
  private final Page page;

  private StatusText(Report report, Page page) {
    this.report = report;
    this.page = page;
  }

  /**
   * The state at a glance.
   *
   * @param report the report
   * @param conflist what is to be said of the CNI configuration; empty if that can't be seen from here
   * @param colour whether the reader wants colour
   * @return the lines
   */
  public static List<String> of(Report report, Optional<String> conflist, boolean colour) {
    StatusText text = new StatusText(report, new Page(colour, report.json().text("time")));
    text.write(conflist);
    return text.page.lines();
  }

  private void write(Optional<String> conflist) {
    Json json = report.json();
    Json node = json.at("node");
    boolean serves = json.isTrue("serving");
    String what = node.exists() ? " (" + node.text("instanceId") + ", " + node.text("instanceType") + " in " + node.text("zone") + ")" : "";
    String name = report.node().isEmpty() ? "This node" : report.node();
    page.line(name + what + (serves ? " " + page.good("serves pods") + "." : " " + page.bad("does not serve pods") + "."
        + (json.list("findings").isEmpty() ? " It is starting and does not know its own interfaces yet." : "")));
    page.entry("modes", String.join(", ", json.texts("modes")));
    page.entry("pods", pods(json));
    page.entry("EC2", json.at("operation").text().map(o -> "under way: " + o).orElse("nothing is under way"));
    Json daemon = json.at("daemon");
    if (daemon.exists()) {
      page.entry("daemon", "process " + daemon.text("pid") + " since " + page.since(daemon.text("since")));
    }
    conflist.ifPresent(c -> page.entry("CNI", c));
    findings(json.list("findings"));
    lanes(json.list("lanes"));
    interfaces();
    attachments();
    waiting(json.list("waiting"));
    refusals();
  }

  private String pods(Json json) {
    int attached = report.attachments().size();
    int waiting = json.list("waiting").size();
    String room = json.at("capacity").text().map(c -> " of " + c + " that the plans can carry on this node").orElse("");
    return attached + " attached" + room + (waiting == 0 ? "" : ", " + page.bad(waiting + (waiting == 1 ? " waits" : " wait")));
  }

  private void findings(List<Json> findings) {
    if (!findings.isEmpty()) {
      page.heading("To be looked at");
      findings.forEach(f -> page.finding("  ", f));
    }
  }

  private void lanes(List<Json> lanes) {
    if (lanes.isEmpty()) {
      return;
    }
    page.heading("Addresses by lane");
    List<List<String>> rows = new ArrayList<>();
    for (Json lane : lanes) {
      rows.add(List.of(lane.text("name"), lane.text("family"), lane.text("held"), lane.text("free"), lane.text("target"),
          lane.text("cooling"), source(lane), String.join(" ", lane.texts("enis"))));
    }
    page.table(List.of("lane", "family", "held", "free", "wanted free", "cooling", "from", "interfaces"), rows);
  }

  /** The kind of source, without its details. */
  private static String source(Json lane) {
    return lane.text("source").replaceAll("[^A-Za-z].*", "").toLowerCase(Locale.ROOT);
  }

  private void interfaces() {
    List<Json> enis = report.enis();
    if (enis.isEmpty()) {
      return;
    }
    page.heading("Interfaces (ENIs)");
    List<List<String>> rows = new ArrayList<>();
    for (Json eni : enis) {
      rows.add(List.of(eni.text("id"), eni.text("device"), eni.text("address"),
          Page.count(eni.list("addresses").size(), "address", "addresses")
              + (eni.list("prefixes").isEmpty() ? "" : ", " + Page.count(eni.list("prefixes").size(), "prefix", "prefixes")),
          Report.maker(eni), Report.use(eni)));
    }
    page.table(List.of("ENI", "index", "own address", "for pods", "made by", "use"), rows);
    for (Json eni : enis) {
      eni.at("leftAlone").text().ifPresent(why -> page.line("  " + eni.text("id") + " is left alone: " + why + "."));
    }
  }

  private void attachments() {
    List<Json> attachments = report.attachments().stream().sorted(Comparator.comparing(Report::pod)).toList();
    if (attachments.isEmpty()) {
      return;
    }
    page.heading("Pods");
    List<List<String>> rows = new ArrayList<>();
    for (Json a : attachments) {
      List<Json> held = a.list("addresses");
      String state = a.text("state");
      rows.add(List.of(Report.pod(a), held.stream().map(h -> h.text("address")).collect(Collectors.joining(" ")),
          held.stream().map(h -> h.text("lane")).distinct().collect(Collectors.joining(" ")),
          held.stream().map(h -> h.text("eni")).filter(e -> !e.isEmpty()).distinct().collect(Collectors.joining(" ")),
          page.since(a.text("since")),
          state.equals("LIVE") ? "" : state.equals("OPEN") ? "is being made" : "is being removed"));
    }
    page.table(List.of("pod", "address", "lane", "ENI", "since", ""), rows);
  }

  private void waiting(List<Json> waiting) {
    if (waiting.isEmpty()) {
      return;
    }
    page.heading("Waiting, in order");
    for (Json w : waiting) {
      page.line("  " + w.text("pod") + ", for " + Page.span(w.number("millis")) + ":");
      page.finding("    ", w.at("reason"));
    }
  }

  private void refusals() {
    List<Json> refusals = report.openRefusals();
    if (refusals.isEmpty()) {
      return;
    }
    page.heading("Refused lately, and without a network now");
    for (Json r : refusals) {
      page.line("  " + r.text("pod") + ", " + times(r) + page.since(r.text("last")) + ":");
      page.finding("    ", r.at("reason"));
    }
  }

  private static String times(Json refusal) {
    return refusal.number("times") > 1 ? refusal.number("times") + " times, last at " : "at ";
  }
}
