package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.netlink.nft.NftChain;

/**
 * How our own table of the packet filter stands to what is around it.
 *
 * @param leaving the chain that translates what leaves
 */
record FilterPlace(NftChain leaving) {
  /** Alone. */
  static final FilterPlace FAST = new FilterPlace(FilterObjects.LEAVING);
  /** Beside the chains of aws-node, whose translation takes all, so ours comes before it. */
  static final FilterPlace BESIDE = new FilterPlace(FilterObjects.LEAVING_BEFORE);

  /** The bits of packet marks that name an interface. */
  static final int MARK_MASK = Numbers.MARK_MASK | Numbers.RETURN_MARK;

  /** The packet mark of an interface; that of the primary one is aws-node's. */
  static int mark(EniPath eni) {
    return eni.primary() ? Numbers.RETURN_MARK : Numbers.mark(eni);
  }
}
