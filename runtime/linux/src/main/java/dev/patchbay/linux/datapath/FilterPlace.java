package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.netlink.nft.NftChain;

/**
 * How our own table of the packet filter stands to what is around it.
 *
 * @param primaryMark the packet mark of what leaves by the primary interface; 0 if it leaves by it without one
 * @param markMask the bits of packet marks that name an interface
 * @param leaving the chain that translates what leaves
 */
record FilterPlace(int primaryMark, int markMask, NftChain leaving) {
  /** Alone: what has no mark leaves by the primary interface. */
  static final FilterPlace FAST = new FilterPlace(0, Numbers.MARK_MASK, FilterObjects.LEAVING);
  /** Beside the chains of aws-node: their mark says primary interface, and their translation takes all, so ours comes before it. */
  static final FilterPlace BESIDE =
      new FilterPlace(Numbers.RETURN_MARK, Numbers.MARK_MASK | Numbers.RETURN_MARK, FilterObjects.LEAVING_BEFORE);

  /** The packet mark of an interface. */
  int mark(EniPath eni) {
    return eni.primary() ? primaryMark : Numbers.mark(eni);
  }
}
