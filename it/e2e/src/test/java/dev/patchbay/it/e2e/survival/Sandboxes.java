package dev.patchbay.it.e2e.survival;

import dev.patchbay.lab.Lab;
import dev.patchbay.lab.Sandbox;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Sandboxes as a container runtime makes them: a network namespace and an id. Closing this removes them. Thread-safe. */
public final class Sandboxes implements AutoCloseable {
  private final Lab lab;
  private final Set<String> parts = new TreeSet<>();
  private int made;

  /** No sandboxes at first. */
  public Sandboxes(Lab lab) {
    this.lab = lab;
  }

  /** Makes a sandbox with an id of its own. */
  public synchronized Sandbox make() {
    String part = "box" + ++made;
    parts.add(part);
    return new Sandbox(part, lab.fabric().addNamespace(part), "eth0", Map.of(), Map.of());
  }

  /** What attachments are called: container and interface. */
  public static String key(Sandbox sandbox) {
    return sandbox.containerId() + "/" + sandbox.interfaceName();
  }

  /** Removes the namespace of a sandbox, with all that is in it. */
  public void remove(Sandbox sandbox) {
    synchronized (this) {
      if (!parts.remove(sandbox.containerId())) {
        return;
      }
    }
    lab.fabric().removeNamespace(sandbox.containerId());
  }

  @Override
  public synchronized void close() {
    parts.forEach(lab.fabric()::removeNamespace);
    parts.clear();
  }
}
