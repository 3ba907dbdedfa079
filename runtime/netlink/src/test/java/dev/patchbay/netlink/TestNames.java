package dev.patchbay.netlink;

import java.util.concurrent.atomic.AtomicInteger;

/** Names that no other test on the machine uses, since many may run at once. */
public final class TestNames {
  private static final AtomicInteger NEXT = new AtomicInteger();

  private TestNames() {}

  /** At most 15 bytes, as an interface's name may have. */
  public static String unique() {
    return "nl" + ProcessHandle.current().pid() % 1_000_000 + "x" + NEXT.incrementAndGet();
  }
}
