package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.sys.NftConstants;
import java.util.Locale;

/** Which packets a table sees. */
public enum NftFamily {
  /** IPv4 and IPv6. */
  INET(NftConstants.NFPROTO_INET),
  IP(NftConstants.NFPROTO_IPV4),
  IP6(NftConstants.NFPROTO_IPV6),
  ARP(NftConstants.NFPROTO_ARP),
  NETDEV(NftConstants.NFPROTO_NETDEV),
  BRIDGE(NftConstants.NFPROTO_BRIDGE);

  private static final NftFamily[] ALL = values();

  private final int number;

  NftFamily(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** As the nft tool writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static NftFamily of(int number) {
    for (NftFamily family : ALL) {
      if (family.number == number) {
        return family;
      }
    }
    throw new IllegalStateException("The kernel speaks of nftables family " + number + ", which is not known here");
  }
}
