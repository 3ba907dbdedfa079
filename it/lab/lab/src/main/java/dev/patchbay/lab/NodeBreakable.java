package dev.patchbay.lab;

import dev.patchbay.lab.calls.Breakable;
import dev.patchbay.lab.calls.Fault;
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
    return Map.of("reboot", "a node: it ends without notice and boots, and its daemon is started");
  }

  @Override
  public void check(Fault fault) {
    if (fault.extent().time().isPresent()) {
      throw new IllegalArgumentException("a reboot can't be undone, so it takes no for=TIME");
    }
  }

  @Override
  public Runnable act(String word, String argument) {
    LabNode node;
    try {
      node = lab.node(argument);
    } catch (LabException unknown) {
      throw new IllegalArgumentException(word + "=" + argument + ": " + unknown.getMessage(), unknown);
    }
    node.reboot();
    return () -> {};
  }
}
