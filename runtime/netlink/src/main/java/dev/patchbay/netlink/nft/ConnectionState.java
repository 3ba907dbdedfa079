package dev.patchbay.netlink.nft;

/** How a packet stands to its connection ({@code NF_CT_STATE_BIT} in include/uapi/linux/netfilter/nf_conntrack_common.h). */
public enum ConnectionState {
  INVALID(1),
  ESTABLISHED(2),
  RELATED(4),
  NEW(8),
  UNTRACKED(64);

  private final int bit;

  ConnectionState(int bit) {
    this.bit = bit;
  }

  int bit() {
    return bit;
  }
}
