package dev.patchbay.node.engine;

import dev.patchbay.core.brain.Effect;
import dev.patchbay.linux.socket.CniCall;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.wire.DelegateRun;
import dev.patchbay.wire.Payload;
import io.avaje.json.JsonException;
import io.avaje.json.mapper.JsonMapper;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Runs another CNI plugin, where the container runtime would run it: by the executable whose call is open. */
final class Delegates {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Delegates() {}

  /**
   * Runs the plugin that an act names.
   *
   * @return its outcome, later; empty if the act is no plugin
   */
  static Optional<CompletableFuture<Fields>> run(CniCall call, Effect.Run effect, Duration limit) {
    Act act = effect.act();
    if (!act.type().equals("plugin") || act.configuration().isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> configuration;
    try {
      configuration = new LinkedHashMap<>(JSON.fromJsonObject(act.configuration().get()));
    } catch (JsonException e) {
      return Optional.of(CompletableFuture.completedFuture(
          Fields.empty().with("error", "the plugin's configuration is no JSON object: " + e.getMessage())));
    }
    if (!(configuration.get("type") instanceof String type)) {
      return Optional.of(CompletableFuture.completedFuture(
          Fields.empty().with("error", "the configuration names no single plugin; lists are not run by this version")));
    }
    Map<String, String> environment = new TreeMap<>(call.request().environment());
    environment.put("CNI_COMMAND", "ADD");
    act.interfaceName().ifPresent(name -> environment.put("CNI_IFNAME", name));
    return Optional.of(call.runDelegate(DelegateRun.of(Math.toIntExact(effect.token() & 0x7fff_ffff), type, environment,
        Payload.utf8(JSON.toJson(configuration)), limit)).thenApply(outcome -> {
          if (outcome.succeeded()) {
            return Fields.empty().with("result", outcome.standardOutput().text());
          }
          String text = outcome.standardOutput().text();
          return Fields.empty().with("error", text.isBlank() ? outcome.ending() + " " + outcome.message() : text);
        }));
  }
}
