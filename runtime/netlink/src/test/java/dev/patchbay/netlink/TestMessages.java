package dev.patchbay.netlink;

import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/** Shows what a request puts on the wire. */
public final class TestMessages {
  private TestMessages() {}

  /** The message in hexadecimal, all of it. */
  public static String hex(Request request) {
    MessageWriter writer = new MessageWriter(64);
    request.encode(writer);
    writer.end();
    byte[] bytes = writer.memory().asSlice(0, writer.length()).toArray(ValueLayout.JAVA_BYTE);
    return HexFormat.of().formatHex(bytes);
  }
}
