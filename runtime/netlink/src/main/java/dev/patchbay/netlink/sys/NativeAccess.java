package dev.patchbay.netlink.sys;

import java.lang.foreign.MemorySegment;

/** Turns a refusal of native access into a message that says how to grant it, before any handle is linked. */
public final class NativeAccess {
  private NativeAccess() {}

  /**
   * Passes when this module may use restricted methods.
   *
   * @throws UnsupportedOperationException when the JVM refuses them
   */
  @SuppressWarnings("restricted")
  public static void require() {
    try {
      // The cheapest restricted method; without it the refusal would come from a static initializer and be reported only once.
      MemorySegment unused = MemorySegment.NULL.reinterpret(0);
      assert unused.byteSize() == 0;
    } catch (IllegalCallerException refused) {
      Module module = NativeAccess.class.getModule();
      String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
      throw new UnsupportedOperationException(
          "The JVM refuses native access to " + module + ", so netlink can't be used: start java with --enable-native-access="
              + name + ", or put Enable-Native-Access into the manifest of the executable jar",
          refused);
    }
  }
}
