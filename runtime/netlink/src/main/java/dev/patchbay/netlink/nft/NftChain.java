package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.NftConstants;
import java.util.Locale;
import java.util.Optional;

/**
 * A chain of rules.
 *
 * @param table in which it is
 * @param name unique in its table
 * @param base where the kernel calls it; empty for a chain that only other chains call
 */
public record NftChain(NftTable table, String name, Optional<Base> base) {
  /** What a base chain may do. */
  public enum Type {
    FILTER,
    /** Translates addresses; sees the first packet of a connection only. */
    NAT,
    /** Changes the mark or header of packets sent from here, which are then routed again. */
    ROUTE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Where on a packet's way. */
  public enum Hook {
    PREROUTING(NftConstants.NF_INET_PRE_ROUTING),
    INPUT(NftConstants.NF_INET_LOCAL_IN),
    FORWARD(NftConstants.NF_INET_FORWARD),
    OUTPUT(NftConstants.NF_INET_LOCAL_OUT),
    POSTROUTING(NftConstants.NF_INET_POST_ROUTING);

    private static final Hook[] ALL = values();

    private final int number;

    Hook(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    static Optional<Hook> of(int number) {
      return number >= 0 && number < ALL.length ? Optional.of(ALL[number]) : Optional.empty();
    }
  }

  /**
   * How the kernel calls a chain.
   *
   * @param type what it may do
   * @param hook where on a packet's way
   * @param priority chains of a hook run in rising order
   * @param accept whether a packet about which no rule decided passes, or is dropped
   */
  public record Base(Type type, Hook hook, int priority, boolean accept) {}

  /** Priority of connection-less early work: before connection tracking. */
  public static final int RAW = NftConstants.NF_IP_PRI_RAW;

  public static final int MANGLE = NftConstants.NF_IP_PRI_MANGLE;

  /** Priority at which destinations are translated. */
  public static final int DESTINATION_NAT = NftConstants.NF_IP_PRI_NAT_DST;

  public static final int FILTER = NftConstants.NF_IP_PRI_FILTER;

  /** Priority at which sources are translated. */
  public static final int SOURCE_NAT = NftConstants.NF_IP_PRI_NAT_SRC;

  public NftChain {
    Names.checked(name, "chain");
  }

  /** A chain that only other chains call. */
  public static NftChain regular(NftTable table, String name) {
    return new NftChain(table, name, Optional.empty());
  }

  /** A chain that the kernel calls and that lets pass what no rule decides. */
  public static NftChain base(NftTable table, String name, Type type, Hook hook, int priority) {
    return new NftChain(table, name, Optional.of(new Base(type, hook, priority, true)));
  }

  /** Makes the chain unless there is one. */
  public Request add() {
    return add("");
  }

  /**
   * Makes the chain unless there is one, and writes down whose it is if it makes it.
   *
   * @param owner whose, at most 100 bytes; shown by no tool, but by {@link NftSocket#chains(NftTable, String)}
   */
  public Request add(String owner) {
    Names.owner(owner);
    return new NftRequest(
        "add " + this,
        NftConstants.NFT_MSG_NEWCHAIN,
        NftRequest.CREATE,
        table.family().number(),
        writer -> {
          writer.putString(NftConstants.NFTA_CHAIN_TABLE, table.name());
          writer.putString(NftConstants.NFTA_CHAIN_NAME, name);
          base.ifPresent(
              call -> {
                int hook = writer.beginNest(NftConstants.NFTA_CHAIN_HOOK);
                writer.putU32BigEndian(NftConstants.NFTA_HOOK_HOOKNUM, call.hook.number);
                writer.putU32BigEndian(NftConstants.NFTA_HOOK_PRIORITY, call.priority);
                writer.endNest(hook);
                writer.putU32BigEndian(
                    NftConstants.NFTA_CHAIN_POLICY, call.accept ? NftConstants.NF_ACCEPT : NftConstants.NF_DROP);
                writer.putString(NftConstants.NFTA_CHAIN_TYPE, call.type.word());
              });
          if (!owner.isEmpty()) {
            writer.putBytes(NftConstants.NFTA_CHAIN_USERDATA, UserData.of("", owner));
          }
        });
  }

  /** Deletes the chain with its rules; fails with EBUSY while another chain or a map names it. */
  public Request delete() {
    return new NftRequest(
        "delete " + this,
        NftConstants.NFT_MSG_DELCHAIN,
        0,
        table.family().number(),
        writer -> {
          writer.putString(NftConstants.NFTA_CHAIN_TABLE, table.name());
          writer.putString(NftConstants.NFTA_CHAIN_NAME, name);
        });
  }

  /** Deletes all rules of the chain. */
  public Request flush() {
    return new NftRequest(
        "flush " + this,
        NftConstants.NFT_MSG_DELRULE,
        0,
        table.family().number(),
        writer -> {
          writer.putString(NftConstants.NFTA_RULE_TABLE, table.name());
          writer.putString(NftConstants.NFTA_RULE_CHAIN, name);
        });
  }

  /** For example {@code chain inet filter input}. */
  @Override
  public String toString() {
    return "chain " + table.family().word() + " " + table.name() + " " + name;
  }
}
