/**
 * nftables, typed: tables, chains, sets, maps and rules, in transactions that the kernel takes whole or not at all.
 *
 * <p>Start at {@link dev.patchbay.netlink.nft.NftSocket}. What this makes is shown by {@code nft list ruleset} as if the tool had
 * made it.
 */
@NullMarked
package dev.patchbay.netlink.nft;

import org.jspecify.annotations.NullMarked;
