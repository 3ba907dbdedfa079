package dev.patchbay.linux.socket;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A network namespace of the test's own. */
record TestNetns(String name) implements AutoCloseable {
  private static final AtomicInteger COUNTER = new AtomicInteger();

  static TestNetns create() throws IOException {
    TestNetns netns = new TestNetns("pb-exec-" + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet());
    ip("add", netns.name());
    return netns;
  }

  Path path() {
    return Path.of("/run/netns", name);
  }

  @Override
  public void close() throws IOException {
    ip("del", name);
  }

  private static void ip(String verb, String name) throws IOException {
    int exit = new ProcessBuilder("ip", "netns", verb, name).inheritIO().start().onExit().join().exitValue();
    if (exit != 0) {
      throw new IOException("ip netns " + verb + " " + name + " ended with " + exit);
    }
  }
}
