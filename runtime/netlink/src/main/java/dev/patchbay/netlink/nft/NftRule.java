package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.NftConstants;
import java.util.List;

/**
 * A rule, to be made or as listed.
 *
 * @param chain in which it is; as listed, without its hook
 * @param expressions what it does, step by step
 * @param comment at most 254 bytes, shown by {@code nft}; a good place for a mark of one's own
 * @param owner whose it is, at most 100 bytes; kept beside the comment and shown by no tool, for rules in chains that others use too
 * @param handle by which the kernel knows it, or 0 before it is made
 */
public record NftRule(NftChain chain, List<Expression> expressions, String comment, String owner, long handle) {
  public NftRule {
    expressions = List.copyOf(expressions);
    Names.comment(comment);
    Names.owner(owner);
  }

  /** A rule that says nothing of its owner. */
  public NftRule(NftChain chain, List<Expression> expressions, String comment, long handle) {
    this(chain, expressions, comment, "", handle);
  }

  /** Starts a rule. */
  public static RuleBuilder in(NftChain chain) {
    return new RuleBuilder(chain);
  }

  /** Puts the rule behind the others of its chain. */
  public Request append() {
    return request("append ", NftConstants.NFT_MSG_NEWRULE, NetlinkConstants.NLM_F_CREATE | NetlinkConstants.NLM_F_APPEND, 0, 0);
  }

  /** Puts the rule before the others of its chain. */
  public Request prepend() {
    return request("prepend ", NftConstants.NFT_MSG_NEWRULE, NetlinkConstants.NLM_F_CREATE, 0, 0);
  }

  /** Puts the rule behind the one with a handle; fails with ENOENT when there is none. */
  public Request insertAfter(long handle) {
    return request(
        "insert ", NftConstants.NFT_MSG_NEWRULE, NetlinkConstants.NLM_F_CREATE | NetlinkConstants.NLM_F_APPEND, 0, handle);
  }

  /** Puts the rule in place of the one with a handle; fails with ENOENT when there is none. */
  public Request replace(long handle) {
    return request("replace ", NftConstants.NFT_MSG_NEWRULE, NetlinkConstants.NLM_F_REPLACE, handle, 0);
  }

  /**
   * Deletes the rule.
   *
   * @throws IllegalStateException when it has no handle: only a listed rule has
   */
  public Request delete() {
    if (handle == 0) {
      throw new IllegalStateException("Only a listed rule can be deleted, since it is known by its handle: " + this);
    }
    long listed = handle;
    return new NftRequest(
        "delete rule " + handle + " of " + chain,
        NftConstants.NFT_MSG_DELRULE,
        0,
        chain.table().family().number(),
        writer -> {
          writer.putString(NftConstants.NFTA_RULE_TABLE, chain.table().name());
          writer.putString(NftConstants.NFTA_RULE_CHAIN, chain.name());
          writer.putU64BigEndian(NftConstants.NFTA_RULE_HANDLE, listed);
        });
  }

  private Request request(String verb, int type, int flags, long replaced, long position) {
    return new NftRequest(
        verb + "rule" + (comment.isEmpty() ? "" : " \"" + comment + "\"") + " in " + chain,
        type,
        flags,
        chain.table().family().number(),
        writer -> encode(writer, replaced, position));
  }

  private void encode(MessageWriter writer, long replaced, long position) {
    writer.putString(NftConstants.NFTA_RULE_TABLE, chain.table().name());
    writer.putString(NftConstants.NFTA_RULE_CHAIN, chain.name());
    if (replaced != 0) {
      writer.putU64BigEndian(NftConstants.NFTA_RULE_HANDLE, replaced);
    }
    if (position != 0) {
      writer.putU64BigEndian(NftConstants.NFTA_RULE_POSITION, position);
    }
    ExpressionEncoder.encode(writer, expressions);
    if (!comment.isEmpty() || !owner.isEmpty()) {
      writer.putBytes(NftConstants.NFTA_RULE_USERDATA, UserData.of(comment, owner));
    }
  }

  /** What it has counted, if it has a counter: packets. */
  public long packets() {
    return expressions.stream().mapToLong(e -> e instanceof Expression.Counter counter ? counter.packets() : 0).sum();
  }
}
