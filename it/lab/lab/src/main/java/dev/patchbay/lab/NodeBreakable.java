package dev.patchbay.lab;

import dev.patchbay.lab.calls.Breakable;
import dev.patchbay.lab.calls.Fault;
import dev.patchbay.lab.calls.Lengths;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** What can happen to a node as a machine. */
final class NodeBreakable implements Breakable {
  private final Lab lab;

  NodeBreakable(Lab lab) {
    this.lab = lab;
  }

  @Override
  public String service() {
    return "node";
  }

  @Override
  public Set<String> words() {
    return Set.of();
  }

  @Override
  public Map<String, String> acts() {
    return Map.of(
        "reboot", "a node: it ends without notice and boots, and its daemon is started",
        "clock", "a node:STEP, such as node-0:-1h or node-0:+30d: the wall clock of its daemon is set by so much");
  }

  @Override
  public void check(Fault fault) {
    if (fault.effect().word().equals("reboot") && fault.extent().time().isPresent()) {
      throw new IllegalArgumentException("a reboot can't be undone, so it takes no for=TIME");
    }
  }

  @Override
  public Runnable act(String word, String argument) {
    if (word.equals("clock")) {
      return step(argument);
    }
    node(word, argument, argument).reboot();
    return () -> {};
  }

  private Runnable step(String argument) {
    int colon = argument.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("clock=" + argument + ": by how much is needed, such as node-0:-1h or node-0:+30d");
    }
    Duration by = Lengths.parseSigned("clock", argument.substring(colon + 1));
    NodeDaemon daemon = node("clock", argument, argument.substring(0, colon)).daemon();
    try {
      daemon.stepClock(by);
    } catch (LabException impossible) {
      throw new IllegalArgumentException(impossible.getMessage(), impossible);
    }
    return () -> daemon.stepClock(by.negated());
  }

  private LabNode node(String word, String argument, String name) {
    try {
      return lab.node(name);
    } catch (LabException unknown) {
      throw new IllegalArgumentException(word + "=" + argument + ": " + unknown.getMessage(), unknown);
    }
  }
}
