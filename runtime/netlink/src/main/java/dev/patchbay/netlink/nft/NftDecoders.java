package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.AttributeReader;
import dev.patchbay.netlink.Message;
import dev.patchbay.netlink.sys.NfGenMsg;
import dev.patchbay.netlink.sys.NftConstants;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads tables, chains, sets and rules out of messages. */
final class NftDecoders {
  private NftDecoders() {}

  private static NftFamily family(Message message) {
    return NftFamily.of(NfGenMsg.family(message.memory(), message.payload()));
  }

  static void table(Message message, Consumer<NftTable> into) {
    AttributeReader attributes = message.attributes(NfGenMsg.SIZE);
    while (attributes.next()) {
      if (attributes.type() == NftConstants.NFTA_TABLE_NAME) {
        into.accept(new NftTable(family(message), attributes.string()));
      }
    }
  }

  static void chain(Message message, Consumer<NftChain> into) {
    AttributeReader attributes = message.attributes(NfGenMsg.SIZE);
    String table = "";
    String name = "";
    String type = "";
    int hook = -1;
    int priority = 0;
    int policy = NftConstants.NF_ACCEPT;
    while (attributes.next()) {
      switch (attributes.type()) {
        case NftConstants.NFTA_CHAIN_TABLE -> table = attributes.string();
        case NftConstants.NFTA_CHAIN_NAME -> name = attributes.string();
        case NftConstants.NFTA_CHAIN_TYPE -> type = attributes.string();
        case NftConstants.NFTA_CHAIN_POLICY -> policy = attributes.u32BigEndian();
        case NftConstants.NFTA_CHAIN_HOOK -> {
          AttributeReader inner = attributes.nested();
          while (inner.next()) {
            if (inner.type() == NftConstants.NFTA_HOOK_HOOKNUM) {
              hook = inner.u32BigEndian();
            } else if (inner.type() == NftConstants.NFTA_HOOK_PRIORITY) {
              priority = inner.u32BigEndian();
            }
          }
        }
        default -> {
          // Handles and uses.
        }
      }
    }
    Optional<NftChain.Base> base = base(type, hook, priority, policy == NftConstants.NF_ACCEPT);
    into.accept(new NftChain(new NftTable(family(message), table), name, base));
  }

  /** The chain of a message, if it has an owner. */
  static void owned(Message message, String owner, Consumer<NftChain> into) {
    AttributeReader attributes = message.attributes(NfGenMsg.SIZE);
    while (attributes.next()) {
      if (attributes.type() == NftConstants.NFTA_CHAIN_USERDATA
          && UserData.comment(UserData.OWNER, attributes.bytes()).equals(owner)) {
        chain(message, into);
      }
    }
  }

  /** The table of a message, if it has an owner. */
  static void ownedTable(Message message, String owner, Consumer<NftTable> into) {
    AttributeReader attributes = message.attributes(NfGenMsg.SIZE);
    while (attributes.next()) {
      if (attributes.type() == NftConstants.NFTA_TABLE_USERDATA
          && UserData.comment(UserData.OWNER, attributes.bytes()).equals(owner)) {
        table(message, into);
      }
    }
  }

  private static Optional<NftChain.Base> base(String word, int hook, int priority, boolean accept) {
    for (NftChain.Type type : NftChain.Type.values()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(word)) {
        return NftChain.Hook.of(hook).map(where -> new NftChain.Base(type, where, priority, accept));
      }
    }
    return Optional.empty();
  }

  static void set(Message message, Consumer<NftSet> into) {
    AttributeReader attributes = message.attributes(NfGenMsg.SIZE);
    String table = "";
    String name = "";
    int flags = 0;
    List<DataType> key = List.of();
    int dataType = 0;
    String comment = "";
    while (attributes.next()) {
      switch (attributes.type()) {
        case NftConstants.NFTA_SET_TABLE -> table = attributes.string();
        case NftConstants.NFTA_SET_NAME -> name = attributes.string();
        case NftConstants.NFTA_SET_FLAGS -> flags = attributes.u32BigEndian();
        case NftConstants.NFTA_SET_KEY_TYPE -> key = DataType.of(attributes.u32BigEndian());
        case NftConstants.NFTA_SET_DATA_TYPE -> dataType = attributes.u32BigEndian();
        case NftConstants.NFTA_SET_USERDATA -> comment = UserData.comment(UserData.SET_COMMENT, attributes.bytes());
        default -> {
          // Policies, timeouts, sizes.
        }
      }
    }
    boolean map = (flags & NftConstants.NFT_SET_MAP) != 0;
    boolean verdicts = map && dataType == NftConstants.NFT_DATA_VERDICT;
    List<DataType> data = map && !verdicts ? DataType.of(dataType) : List.of();
    boolean strange = key.isEmpty() || map && !verdicts && data.isEmpty();
    if (strange || (flags & NftConstants.NFT_SET_ANONYMOUS) != 0) {
      return;
    }
    NftSet.Kind kind = verdicts ? NftSet.Kind.VERDICT_MAP : map ? NftSet.Kind.MAP : NftSet.Kind.SET;
    boolean intervals = (flags & NftConstants.NFT_SET_INTERVAL) != 0;
    into.accept(new NftSet(new NftTable(family(message), table), name, key, kind, data, intervals, comment));
  }

  static void rule(Message message, Consumer<NftRule> into) {
    AttributeReader attributes = message.attributes(NfGenMsg.SIZE);
    String table = "";
    String chain = "";
    long handle = 0;
    List<Expression> expressions = List.of();
    byte[] userData = new byte[0];
    while (attributes.next()) {
      switch (attributes.type()) {
        case NftConstants.NFTA_RULE_TABLE -> table = attributes.string();
        case NftConstants.NFTA_RULE_CHAIN -> chain = attributes.string();
        case NftConstants.NFTA_RULE_HANDLE -> handle = attributes.u64BigEndian();
        case NftConstants.NFTA_RULE_EXPRESSIONS -> expressions = ExpressionDecoder.decode(attributes.nested());
        case NftConstants.NFTA_RULE_USERDATA -> userData = attributes.bytes();
        default -> {
          // The position of the rule before.
        }
      }
    }
    NftChain where = NftChain.regular(new NftTable(family(message), table), chain);
    into.accept(new NftRule(where, expressions, UserData.comment(UserData.COMMENT, userData),
        UserData.comment(UserData.OWNER, userData), handle));
  }
}
