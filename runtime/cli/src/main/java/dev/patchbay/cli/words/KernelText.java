package dev.patchbay.cli.words;

import dev.patchbay.cli.daemon.Daemon;
import dev.patchbay.cli.daemon.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is in the kernel, as the daemon found it. */
final class KernelText {
  private final Function<String, Daemon.Answer> daemon;
  private final Map<String, Daemon.Answer> asked = new LinkedHashMap<>();

  KernelText(Function<String, Daemon.Answer> daemon) {
    this.daemon = daemon;
  }

  /** What came of looking. */
  record Seen(boolean complete, int objects, @Nullable Object json) {}

  /** Lists the objects of an answer that a test holds for; says so if there is no answer. */
  Seen list(Page page, String path, String title, Predicate<Json> which) {
    Daemon.Answer answer = asked.computeIfAbsent(path, daemon::apply);
    page.heading(title);
    return switch (answer) {
      case Daemon.Answer.Given given -> objects(page, given.body(), which);
      case Daemon.Answer.Refused refused -> unknown(page, refused.why());
      case Daemon.Answer.Away away -> unknown(page, away.why());
      case Daemon.Answer.Strange strange -> unknown(page, strange.why());
    };
  }

  private static Seen unknown(Page page, String why) {
    page.line("  " + page.bad("unknown") + ": " + why);
    return new Seen(false, 0, null);
  }

  private static Seen objects(Page page, Json body, Predicate<Json> which) {
    List<Json> objects = body.list("objects").stream().filter(which).toList();
    boolean complete = true;
    for (String space : List.of("host", "pod")) {
      List<Json> here = objects.stream().filter(o -> o.text("in").equals(space)).toList();
      if (!here.isEmpty() && space.equals("pod")) {
        page.line("  in the pod:");
      }
      complete &= lines(page, here);
    }
    if (objects.isEmpty()) {
      page.line("  nothing");
    }
    body.at("unseen").text().ifPresent(why -> page.line("  " + why));
    return new Seen(complete, objects.size(), objects.stream().map(Json::raw).toList());
  }

  /** One line for each object; several that read the same (rules for each family, say) share one. */
  private static boolean lines(Page page, List<Json> objects) {
    Map<String, Integer> times = new LinkedHashMap<>();
    Map<String, Json> first = new LinkedHashMap<>();
    for (Json object : objects) {
      String same = object.text("state") + " " + object.text("kind") + " " + object.text("text") + " " + object.texts("found");
      times.merge(same, 1, Integer::sum);
      first.putIfAbsent(same, object);
    }
    int kinds = first.values().stream().mapToInt(o -> o.text("kind").length()).max().orElse(0);
    int purposes = first.values().stream().mapToInt(o -> purpose(o).length()).max().orElse(0);
    boolean complete = true;
    for (Map.Entry<String, Json> entry : first.entrySet()) {
      Json object = entry.getValue();
      String state = object.text("state");
      complete &= state.equals("present") || state.equals("unseen");
      int n = times.getOrDefault(entry.getKey(), 1);
      page.line("  " + word(page, state) + "  " + Page.pad(purpose(object), purposes) + "  " + Page.pad(object.text("kind"), kinds) + "  "
          + object.text("text") + (n > 1 ? " (" + n + " of them)" : ""));
      object.texts("found").forEach(found -> page.line("           " + page.bad(found)));
    }
    return complete;
  }

  /** What an object is there for, in plain words. */
  private static String purpose(Json object) {
    Json element = object.at("element");
    String table = element.text("table");
    return switch (element.text("kind")) {
      case "veth", "child-link", "standalone-link", "moved-device" -> "its link";
      case "delivery" -> "packets to it";
      case "source-egress" -> "packets from it";
      case "address" -> !element.text("device").startsWith("eni:") ? "its address"
          : object.text("kind").equals("link") ? "the ENI's device" : "the ENI's address";
      case "neighbour" -> "its gateway";
      case "sysctl" -> "a setting";
      case "route" -> table.startsWith("eni:") ? "leaving by the ENI" : "its way out";
      case "rule" -> table.equals("pods") ? "packets to pods" : table.startsWith("eni:") ? "leaving by the ENI" : "";
      case "return-path" -> object.text("kind").equals("link") ? "the ENI's device" : "answers to callers";
      case "port-mapping" -> "port " + element.text("hostPort") + " of the node";
      case "rate-limit" -> "its rate";
      case "translation" -> "leaving the VPC";
      default -> "";
    };
  }

  private static String word(Page page, String state) {
    return switch (state) {
      case "present" -> page.good("there  ");
      case "missing" -> page.bad("MISSING");
      case "altered" -> page.bad("ALTERED");
      default -> page.dim("unseen ");
    };
  }
}
