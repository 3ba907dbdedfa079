package dev.patchbay.lab.kube;

import dev.patchbay.lab.calls.Breakable;
import dev.patchbay.lab.calls.Effect;
import dev.patchbay.lab.calls.Fault;
import java.util.Map;
import java.util.Set;

/** The faults of the API server in the lab's vocabulary. */
final class KubeBreakable implements Breakable {
  private final KubeFaults faults;

  KubeBreakable(KubeFaults faults) {
    this.faults = faults;
  }

  @Override
  public String service() {
    return "kube";
  }

  @Override
  public Set<String> words() {
    return Set.of("refuse", "throttle", "delay", "drop", "cut", "lose", "hang");
  }

  @Override
  public void check(Fault fault) {
    if (fault.effect() instanceof Effect.Refuse(String code, String _) && !code.matches("4[0-9]{2}|5[0-9]{2}")) {
      throw new IllegalArgumentException("'" + code + "' is no HTTP status that the API server refuses with, such as 409 or 503");
    }
  }

  @Override
  public Map<String, String> acts() {
    return Map.of(
        "away", "the API server is away, until it comes back when this is undone",
        "cut-watches", "the connections of all watches break",
        "forget", "the history is forgotten: who goes on from an older version gets 410 Gone");
  }

  @Override
  public Runnable act(String word, String argument) {
    if (!argument.isEmpty()) {
      throw new IllegalArgumentException(word + " is of the whole API server, and takes no '" + argument + "'");
    }
    switch (word) {
      case "away" -> {
        faults.refuseConnections();
        return faults::comeBack;
      }
      case "cut-watches" -> faults.cutWatches();
      case "forget" -> faults.expireHistory();
      default -> throw new IllegalArgumentException("kube can't " + word);
    }
    return () -> {};
  }
}
