package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.AttributeReader;
import dev.patchbay.netlink.EventHandler;
import dev.patchbay.netlink.Message;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.Protocol;
import dev.patchbay.netlink.Subscription;
import dev.patchbay.netlink.sys.NfGenMsg;
import dev.patchbay.netlink.sys.NftConstants;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A subscription to what is taken away in nftables in one namespace; what is added is not told. Events come on a daemon platform thread of
 * the subscription's own, after the transaction that they belong to. The opener closes it.
 */
public final class NftEvents implements AutoCloseable {
  private final Subscription subscription;

  private NftEvents(Subscription subscription) {
    this.subscription = subscription;
  }

  /**
   * Subscribes in a namespace.
   *
   * @param namespace needed during this call only
   * @param receiver called on the subscription's thread; what it throws goes to the thread's uncaught exception handler
   */
  public static NftEvents subscribe(Netns namespace, Consumer<NftEvent> receiver) {
    return new NftEvents(Subscription.open(Protocol.NETFILTER, namespace, new Translator(receiver), NftConstants.NFNLGRP_NFTABLES));
  }

  /** Ends the subscription; when this returns, the receiver is not running and is not called any more. */
  @Override
  public void close() {
    subscription.close();
  }

  private record Translator(Consumer<NftEvent> receiver) implements EventHandler {
    @Override
    public void message(Message message) {
      if (message.type() >> 8 == NftConstants.NFNL_SUBSYS_NFTABLES) {
        kind(message.type() & 0xff).ifPresent(kind -> deleted(message, kind));
      }
    }

    private static Optional<NftEvent.Kind> kind(int type) {
      return switch (type) {
        case NftConstants.NFT_MSG_DELTABLE -> Optional.of(NftEvent.Kind.TABLE);
        case NftConstants.NFT_MSG_DELCHAIN -> Optional.of(NftEvent.Kind.CHAIN);
        case NftConstants.NFT_MSG_DELRULE -> Optional.of(NftEvent.Kind.RULE);
        case NftConstants.NFT_MSG_DELSET -> Optional.of(NftEvent.Kind.SET);
        case NftConstants.NFT_MSG_DELSETELEM -> Optional.of(NftEvent.Kind.ELEMENT);
        default -> Optional.empty();
      };
    }

    /** The table's name is the same attribute in all of them. */
    private void deleted(Message message, NftEvent.Kind kind) {
      int named = switch (kind) {
        case CHAIN -> NftConstants.NFTA_CHAIN_NAME;
        case RULE -> NftConstants.NFTA_RULE_CHAIN;
        case TABLE, SET, ELEMENT -> -1;
      };
      String table = "";
      String chain = "";
      AttributeReader attributes = message.attributes(NfGenMsg.SIZE);
      while (attributes.next()) {
        if (attributes.type() == NftConstants.NFTA_TABLE_NAME) {
          table = attributes.string();
        } else if (attributes.type() == named) {
          chain = attributes.string();
        }
      }
      if (!table.isEmpty()) {
        NftFamily family = NftFamily.of(NfGenMsg.family(message.memory(), message.payload()));
        receiver.accept(new NftEvent.Deleted(new NftTable(family, table), chain, kind, message.port()));
      }
    }

    @Override
    public void overrun() {
      receiver.accept(new NftEvent.Overrun());
    }
  }
}
