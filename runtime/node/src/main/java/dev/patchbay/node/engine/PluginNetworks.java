package dev.patchbay.node.engine;

import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.linux.socket.CniCall;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.Act;
import io.avaje.json.JsonException;
import io.avaje.json.mapper.JsonMapper;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What the container runtime says of a whole network, STATUS and GC, for the networks that other plugins make: it reaches those of their
 * plugins that know these verbs, of version 1.1.0 of the CNI specification and later.
 */
final class PluginNetworks {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** A network: how it is configured, as it was last, and which attachments it has. */
  private record Network(Act act, List<Map<String, Object>> attachments) {}

  private PluginNetworks() {}

  /**
   * Asks whether the networks are ready.
   *
   * @return {@code error}, later, if one is not, in its plugin's words
   */
  static CompletableFuture<Fields> status(CniCall call, List<Act> plugins, Duration limit) {
    return status(call, new ArrayDeque<>(networks(plugins, List.of()).values()), limit);
  }

  private static CompletableFuture<Fields> status(CniCall call, Deque<Network> rest, Duration limit) {
    Network next = rest.pollFirst();
    return next == null ? CompletableFuture.completedFuture(Fields.empty()) : Delegates.ofNetwork(call, next.act(), "STATUS", Map.of(), limit)
        .thenCompose(outcome -> outcome.has("error") ? CompletableFuture.completedFuture(outcome) : status(call, rest, limit));
  }

  /**
   * Has the networks remove what is of attachments that are not there any more: all of them, whichever of them can't.
   *
   * @param left the attachments that are there, of whatever network
   * @return {@code error}, later, if one could not, in the plugins' words
   */
  static CompletableFuture<Fields> collect(CniCall call, List<Act> plugins, List<AttachmentRecord> left, Duration limit) {
    return collect(call, new ArrayDeque<>(networks(plugins, left).values()), new ArrayList<>(), limit);
  }

  private static CompletableFuture<Fields> collect(CniCall call, Deque<Network> rest, List<String> wrong, Duration limit) {
    Network next = rest.pollFirst();
    if (next == null) {
      return CompletableFuture.completedFuture(wrong.isEmpty() ? Fields.empty() : Delegates.error(String.join("; ", wrong)));
    }
    // The first of the two names is the specification's; libcni writes the other as well.
    Map<String, Object> valid = Map.of("cni.dev/valid-attachments", next.attachments(), "cni.dev/attachments", next.attachments());
    return Delegates.ofNetwork(call, next.act(), "GC", valid, limit).thenCompose(outcome -> {
      outcome.text("error").ifPresent(wrong::add);
      return collect(call, rest, wrong, limit);
    });
  }

  /** By the networks' names, as plugins know them. */
  private static Map<String, Network> networks(Collection<Act> plugins, List<AttachmentRecord> left) {
    Map<String, Network> networks = new LinkedHashMap<>();
    plugins.forEach(act -> name(act).ifPresent(name -> networks.put(name, new Network(act, new ArrayList<>()))));
    for (AttachmentRecord attachment : left) {
      attachment.plan().elements(Act.class).stream().filter(act -> act.type().equals("plugin")).forEach(act -> name(act).ifPresent(name ->
          networks.computeIfAbsent(name, n -> new Network(act, new ArrayList<>())).attachments().add(Map.of(
              "containerID", attachment.key().containerId(), "ifname", act.interfaceName().orElse(attachment.key().interfaceName())))));
    }
    return networks;
  }

  private static Optional<String> name(Act act) {
    try {
      return JSON.fromJsonObject(act.configuration().orElse("{}")).get("name") instanceof String name ? Optional.of(name)
          : Optional.empty();
    } catch (JsonException e) {
      return Optional.empty();
    }
  }
}
