package dev.patchbay.node.engine;

import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.linux.socket.CniCall;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.wire.DelegateOutcome;
import dev.patchbay.wire.DelegateRun;
import dev.patchbay.wire.Payload;
import io.avaje.json.JsonException;
import io.avaje.json.mapper.JsonMapper;
import io.avaje.json.stream.JsonStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Runs another CNI plugin, or a list of them, where the container runtime would run it: by an executable whose call is open. Undoing
 * may go by the call of another pod, since all are made by the same container runtime.
 */
final class Delegates {
  /** In the outcome of a run that failed: how many plugins were started, so that those that never were are not undone. */
  private static final String STARTED = "started";
  /** In an outcome: where plugins were looked for. */
  private static final String PATH = "path";

  /** What is empty or null goes to plugins as it is: it may say something. */
  private static final JsonMapper JSON = JsonMapper.builder()
      .jsonStream(JsonStream.builder().serializeEmpty(true).serializeNulls(true).build()).build();
  /** Above a plugin's limit: the executable kills it and tells of it. */
  private static final Duration GRACE = Duration.ofSeconds(5);
  /** The versions of the CNI specification that know no CHECK. */
  private static final Set<String> BEFORE_CHECK = Set.of("0.1.0", "0.2.0", "0.3.0", "0.3.1");
  /** The versions that know no STATUS and no GC. */
  private static final Pattern BEFORE_STATUS = Pattern.compile("0\\..*|1\\.0\\..*");
  private static final int LONGEST_WORDS = 500;
  private static final AtomicInteger IDS = new AtomicInteger();

  private final CniCall call;
  private final Optional<AttachmentRecord> attachment;
  private final Act act;
  private final Duration limit;
  /** Where a plugin is looked for if it is not where the call says, since it was made by one from there. */
  private Optional<String> madeFrom = Optional.empty();
  /** How many plugins of the list were started. */
  private int started;

  private Delegates(CniCall call, Optional<AttachmentRecord> attachment, Act act, Duration limit) {
    this.call = call;
    this.attachment = attachment;
    this.act = act;
    this.limit = limit;
  }

  /**
   * Runs the plugins that an act names, each with the result of the one before.
   *
   * @return the outcome, later: {@code result}, that of the last, or {@code error}
   */
  static CompletableFuture<Fields> add(CniCall call, AttachmentRecord attachment, Act act, Duration limit) {
    Delegates run = new Delegates(call, Optional.of(attachment), act, limit);
    try {
      String path = call.request().environment().getOrDefault("CNI_PATH", "");
      return run.next("ADD", new ArrayDeque<>(run.plugins()), Optional.empty()).thenApply(outcome -> outcome.with(PATH, path));
    } catch (JsonException | IllegalArgumentException e) {
      return CompletableFuture.completedFuture(error("the plugin's configuration can't be used: " + e.getMessage()));
    }
  }

  /**
   * Undoes what {@link #add} did, in reverse.
   *
   * @param outcome what it gave; empty if that is not known
   * @return the outcome, later: {@code error} if it must be tried again
   */
  static CompletableFuture<Fields> undo(CniCall call, AttachmentRecord attachment, Act act, Fields outcome, Duration limit) {
    Delegates run = new Delegates(call, Optional.of(attachment), act, limit);
    run.madeFrom = outcome.text(PATH).filter(path -> !path.isEmpty());
    Optional<Map<String, Object>> result = outcome.has("result") ? Optional.of(FieldsJson.map(outcome.fields("result"))) : Optional.empty();
    try {
      List<Map<String, Object>> plugins = run.plugins();
      int ran = (int) outcome.number(STARTED).orElse(plugins.size());
      return run.next("DEL", new ArrayDeque<>(plugins.subList(0, Math.min(ran, plugins.size())).reversed()), result);
    } catch (JsonException | IllegalArgumentException e) {
      // It could not be run with this configuration either, so there is nothing of it.
      return CompletableFuture.completedFuture(Fields.empty());
    }
  }

  /**
   * Has the plugins compare what they made with what they said of it.
   *
   * @return the outcome, later: {@code error} if it is otherwise
   */
  static CompletableFuture<Fields> check(CniCall call, AttachmentRecord attachment, Act act, Duration limit) {
    Delegates run = new Delegates(call, Optional.of(attachment), act, limit);
    Fields outcome = attachment.outcomes().getOrDefault(act.id(), Fields.empty());
    if (!act.type().equals("plugin") || !outcome.has("result")) {
      return CompletableFuture.completedFuture(Fields.empty());
    }
    Fields result = outcome.fields("result");
    // Another interface may have got the pod's default route since; the kernel is compared with the plan for that.
    List<Fields> routes = result.list("routes").stream().filter(r -> !r.text("dst").orElse("").endsWith("/0")).toList();
    Map<String, Object> standing = FieldsJson.map(result.has("routes") ? result.with("routes", routes) : result);
    try {
      List<Map<String, Object>> plugins = run.plugins();
      boolean able = plugins.stream().noneMatch(p -> BEFORE_CHECK.contains(String.valueOf(p.getOrDefault("cniVersion", "0.1.0"))));
      return able && !run.checkIsOff() ? run.next("CHECK", new ArrayDeque<>(plugins), Optional.of(standing))
          : CompletableFuture.completedFuture(Fields.empty());
    } catch (JsonException | IllegalArgumentException e) {
      return CompletableFuture.completedFuture(error("the plugin's configuration can't be used: " + e.getMessage()));
    }
  }

  private boolean checkIsOff() {
    return isOn("disableCheck");
  }

  private boolean isOn(String key) {
    return List.of("true", "TRUE", "True").contains(String.valueOf(JSON.fromJsonObject(act.configuration().orElse("{}")).get(key)));
  }

  /**
   * Says something to a network's plugins that is of no attachment, one after the other; to those whose version of the CNI specification
   * knows it.
   *
   * @param verb {@code STATUS} or {@code GC}
   * @param beside what is said beside each plugin's configuration
   * @return the outcome, later: {@code error} if one failed
   */
  static CompletableFuture<Fields> ofNetwork(CniCall call, Act act, String verb, Map<String, Object> beside, Duration limit) {
    Delegates run = new Delegates(call, Optional.empty(), act, limit);
    try {
      List<Map<String, Object>> plugins = run.plugins();
      if (verb.equals("GC") && run.isOn("disableGC")
          || plugins.stream().anyMatch(p -> BEFORE_STATUS.matcher(String.valueOf(p.getOrDefault("cniVersion", "0.1.0"))).matches())) {
        return CompletableFuture.completedFuture(Fields.empty());
      }
      plugins.forEach(plugin -> plugin.putAll(beside));
      return run.next(verb, new ArrayDeque<>(plugins), Optional.empty());
    } catch (JsonException | IllegalArgumentException e) {
      return CompletableFuture.completedFuture(error("the plugin's configuration can't be used: " + e.getMessage()));
    }
  }

  /**
   * {@return whether there may be something to undo}
   * @param act the act
   * @param outcome what is known of its outcome
   */
  static boolean mayHaveRun(Act act, Fields outcome) {
    return act.type().equals("plugin") && outcome.number(STARTED).orElse(1) > 0;
  }

  static Fields error(String cause) {
    return Fields.empty().with("error", cause);
  }

  /** The configuration of each plugin, with the list's name and version in it (CNI specification, "Deriving execution configuration"). */
  private List<Map<String, Object>> plugins() {
    Map<String, Object> whole = new LinkedHashMap<>(JSON.fromJsonObject(act.configuration().orElse("{}")));
    if (!(whole.get("plugins") instanceof List<?> list)) {
      return List.of(withRuntimeConfig(whole));
    }
    List<Map<String, Object>> plugins = new ArrayList<>();
    for (Object element : list) {
      if (!(element instanceof Map<?, ?> map)) {
        throw new IllegalArgumentException("a plugin of the list is no object");
      }
      Map<String, Object> plugin = new LinkedHashMap<>();
      map.forEach((key, value) -> plugin.put(String.valueOf(key), value));
      for (String key : List.of("name", "cniVersion")) {
        if (whole.containsKey(key)) {
          plugin.put(key, whole.get(key));
        }
      }
      plugins.add(withRuntimeConfig(plugin));
    }
    return plugins;
  }

  /** A plugin gets of what was asked for by capability what it says that it can do. */
  private Map<String, Object> withRuntimeConfig(Map<String, Object> plugin) {
    if (!(plugin.get("type") instanceof String)) {
      throw new IllegalArgumentException("it names no plugin under \"type\"");
    }
    Fields asked = act.arguments().fields("capabilities");
    Map<String, Object> given = new TreeMap<>();
    if (plugin.get("capabilities") instanceof Map<?, ?> can) {
      FieldsJson.map(asked).forEach((name, value) -> {
        if (Boolean.TRUE.equals(can.get(name))) {
          given.put(name, value);
        }
      });
    }
    if (!given.isEmpty()) {
      plugin.put("runtimeConfig", given);
    }
    return plugin;
  }

  private CompletableFuture<Fields> next(String command, Deque<Map<String, Object>> rest, Optional<Map<String, Object>> before) {
    Map<String, Object> plugin = rest.pollFirst();
    if (plugin == null) {
      return CompletableFuture.completedFuture(before.map(r -> Fields.empty().with("result", FieldsJson.fields(r)))
          .orElse(Fields.empty().with("result", Fields.empty())));
    }
    before.ifPresent(result -> plugin.put("prevResult", result));
    Map<String, String> environment = new TreeMap<>(call.request().environment());
    environment.put("CNI_COMMAND", command);
    // Of a whole network they are there, and empty.
    environment.put("CNI_CONTAINERID", attachment.map(a -> a.key().containerId()).orElse(""));
    environment.put("CNI_NETNS", attachment.map(AttachmentRecord::netns).orElse(""));
    environment.put("CNI_IFNAME", attachment.map(a -> act.interfaceName().orElse(a.key().interfaceName())).orElse(""));
    madeFrom.ifPresent(path -> environment.merge("CNI_PATH", path, (now, then) -> now.equals(then) ? now : now + ":" + then));
    act.arguments().text("args").ifPresent(args -> environment.put("CNI_ARGS", args));
    DelegateRun run = DelegateRun.of(IDS.getAndIncrement() & Integer.MAX_VALUE, String.valueOf(plugin.get("type")), environment,
        Payload.utf8(JSON.toJson(plugin)), limit);
    return begin(run).thenCompose(outcome -> {
      started += outcome.ending() == DelegateOutcome.Ending.NOT_STARTED ? 0 : 1;
      if (!outcome.succeeded()) {
        return failed(words(run.program(), command, outcome));
      }
      if (!command.equals("ADD")) {
        return next(command, rest, before);
      }
      try {
        Map<String, Object> result = new LinkedHashMap<>(JSON.fromJsonObject(outcome.standardOutput().text()));
        Object version = result.getOrDefault("cniVersion", plugin.get("cniVersion"));
        return !plugin.containsKey("cniVersion") || Objects.equals(version, plugin.get("cniVersion")) ? next(command, rest, Optional.of(result))
            : failed(run.program() + " answered in version " + version + " of the CNI specification, and was asked in version "
                + plugin.get("cniVersion"));
      } catch (JsonException | StackOverflowError e) {
        return failed(run.program() + " printed something that is no result: " + shortened(outcome.standardOutput().text()));
      }
    });
  }

  /** A caller that is stopped and not dead never says what became of the plugin. */
  private CompletableFuture<DelegateOutcome> begin(DelegateRun run) {
    try {
      return call.runDelegate(run).orTimeout(limit.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (IllegalStateException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<Fields> failed(String cause) {
    return CompletableFuture.completedFuture(error(cause).with(STARTED, started));
  }

  /** An error as the CNI specification has it, in words; how the plugin ended, if it printed none. */
  private static String words(String program, String command, DelegateOutcome outcome) {
    String ending = switch (outcome.ending()) {
      case EXITED -> "ended with exit code " + outcome.value();
      case SIGNALLED -> "was ended by signal " + outcome.value();
      case TIMED_OUT -> "did not end within " + outcome.value() / 1000 + " s and was killed";
      case TOO_MUCH_OUTPUT -> "printed more than " + outcome.value() + " bytes and was killed";
      case NOT_STARTED -> "could not be started: " + outcome.message();
    };
    String printed = outcome.standardOutput().text().strip();
    try {
      Fields error = FieldsJson.fields(JSON.fromJsonObject(printed));
      if (error.has("msg")) {
        return program + " failed (" + command + "): " + error.text("msg").orElse("")
            + error.text("details").filter(d -> !d.isBlank()).map(d -> "; " + d).orElse("")
            + (error.number("code").isPresent() ? " (code " + error.number("code").getAsLong() + ")" : "");
      }
    } catch (JsonException | StackOverflowError e) {
      // It printed no error; what it printed is told as it is.
    }
    String told = printed.isEmpty() ? outcome.standardError().text().strip() : printed;
    return program + " " + ending + (told.isEmpty() ? "" : ": " + shortened(told));
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_WORDS ? text : text.substring(0, LONGEST_WORDS) + "...";
  }
}
