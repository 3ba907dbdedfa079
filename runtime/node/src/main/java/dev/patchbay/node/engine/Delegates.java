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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs another CNI plugin, or a list of them, where the container runtime would run it: by an executable whose call is open. Undoing
 * may go by the call of another pod, since all are made by the same container runtime.
 */
final class Delegates {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final AtomicInteger IDS = new AtomicInteger();

  private final CniCall call;
  private final AttachmentRecord attachment;
  private final Act act;
  private final Duration limit;

  private Delegates(CniCall call, AttachmentRecord attachment, Act act, Duration limit) {
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
    Delegates run = new Delegates(call, attachment, act, limit);
    try {
      return run.next("ADD", new ArrayDeque<>(run.plugins()), Optional.empty());
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
    Delegates run = new Delegates(call, attachment, act, limit);
    Optional<Map<String, Object>> result = outcome.has("result") ? Optional.of(FieldsJson.map(outcome.fields("result"))) : Optional.empty();
    try {
      return run.next("DEL", new ArrayDeque<>(run.plugins().reversed()), result);
    } catch (JsonException | IllegalArgumentException e) {
      // It could not be run with this configuration either, so there is nothing of it.
      return CompletableFuture.completedFuture(Fields.empty());
    }
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
    environment.put("CNI_CONTAINERID", attachment.key().containerId());
    environment.put("CNI_NETNS", attachment.netns());
    environment.put("CNI_IFNAME", act.interfaceName().orElse(attachment.key().interfaceName()));
    act.arguments().text("args").ifPresent(args -> environment.put("CNI_ARGS", args));
    DelegateRun run = DelegateRun.of(IDS.getAndIncrement() & Integer.MAX_VALUE, String.valueOf(plugin.get("type")), environment,
        Payload.utf8(JSON.toJson(plugin)), limit);
    return call.runDelegate(run).thenCompose(outcome -> {
      if (!outcome.succeeded()) {
        return CompletableFuture.completedFuture(error(words(outcome)));
      }
      if (command.equals("DEL")) {
        return next(command, rest, before);
      }
      try {
        return next(command, rest, Optional.of(new LinkedHashMap<>(JSON.fromJsonObject(outcome.standardOutput().text()))));
      } catch (JsonException e) {
        return CompletableFuture.completedFuture(error(plugin.get("type") + " printed no result: " + e.getMessage()));
      }
    });
  }

  private static String words(DelegateOutcome outcome) {
    String text = outcome.standardOutput().text();
    return text.isBlank() ? outcome.ending() + " " + outcome.message() : text;
  }
}
