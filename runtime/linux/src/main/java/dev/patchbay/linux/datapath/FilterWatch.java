package dev.patchbay.linux.datapath;

import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.nft.NftEvent;
import dev.patchbay.netlink.nft.NftEvents;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Watches our table of the packet filter for what others take out of it. Whose it was can't be told from what is announced. The opener
 * closes it; then the listener is not called any more.
 */
final class FilterWatch implements AutoCloseable {
  private final NftEvents events;

  /**
   * Starts to watch.
   *
   * @param node the node's namespace; needed during this call only
   * @param own the port of the socket with which we change the table ourselves
   * @param listener is told, on a thread of the watch's own
   */
  FilterWatch(Netns node, IntSupplier own, Consumer<DeviceEvent> listener) {
    this.events = NftEvents.subscribe(node, event -> {
      switch (event) {
        case NftEvent.Deleted deleted -> {
          boolean ours = deleted.table().equals(FilterObjects.TABLE);
          if (ours && deleted.port() != own.getAsInt()) {
            listener.accept(new DeviceEvent.OwnAltered("", "something of " + FilterObjects.TABLE + " was deleted: "
                + deleted.what().name().toLowerCase(Locale.ROOT)));
          }
        }
        case NftEvent.Overrun() -> listener.accept(new DeviceEvent.Unsure());
      }
    });
  }

  @Override
  public void close() {
    events.close();
  }
}
