package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.sys.NftConstants;

/**
 * What becomes of a packet.
 *
 * @param kind what
 * @param chain where to go on, for jump and goto; else empty
 */
public record Verdict(Kind kind, String chain) {
  /** The kinds of verdict. */
  public enum Kind {
    ACCEPT(NftConstants.NF_ACCEPT),
    DROP(NftConstants.NF_DROP),
    /** With the next rule. */
    CONTINUE(NftConstants.NFT_CONTINUE),
    /** With the chain, and then with the next rule here. */
    JUMP(NftConstants.NFT_JUMP),
    /** With the chain, and then where this chain was called. */
    GOTO(NftConstants.NFT_GOTO),
    /** Where this chain was called; in a base chain, its policy. */
    RETURN(NftConstants.NFT_RETURN);

    private static final Kind[] ALL = values();

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    static Kind of(int number) {
      for (Kind kind : ALL) {
        if (kind.number == number) {
          return kind;
        }
      }
      throw new IllegalStateException("The kernel speaks of nftables verdict " + number + ", which is not known here");
    }
  }

  public static final Verdict ACCEPT = new Verdict(Kind.ACCEPT, "");
  public static final Verdict DROP = new Verdict(Kind.DROP, "");
  public static final Verdict CONTINUE = new Verdict(Kind.CONTINUE, "");
  public static final Verdict RETURN = new Verdict(Kind.RETURN, "");

  public Verdict {
    if (chain.isEmpty() == (kind == Kind.JUMP || kind == Kind.GOTO)) {
      throw new IllegalArgumentException("Jump and goto name a chain, and no other verdict does");
    }
  }

  public static Verdict jump(String chain) {
    return new Verdict(Kind.JUMP, chain);
  }

  public static Verdict goTo(String chain) {
    return new Verdict(Kind.GOTO, chain);
  }
}
