package dev.patchbay.netlink;

/** Tries to open a socket and a namespace, twice, and prints what it is told. */
public final class NativeAccessProbe {
  private NativeAccessProbe() {}

  public static void main(String[] arguments) {
    for (int i = 0; i < 2; i++) {
      try {
        NetlinkSocket.open(Protocol.ROUTE).close();
        System.exit(1);
      } catch (UnsupportedOperationException refused) {
        System.out.println(refused.getMessage());
      }
      try {
        Netns.current().close();
        System.exit(2);
      } catch (UnsupportedOperationException refused) {
        System.out.println(refused.getMessage());
      }
    }
  }
}
