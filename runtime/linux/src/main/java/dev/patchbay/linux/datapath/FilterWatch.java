package dev.patchbay.linux.datapath;

import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.nft.NftEvent;
import dev.patchbay.netlink.nft.NftEvents;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Watches the packet filter for what others take out of ours. The opener
 * closes it; then the listener is not called any more.
 */
final class FilterWatch implements AutoCloseable {
  private final NftEvents events;

  /**
   * Starts to watch.
   *
   * @param node the node's namespace; needed during this call only
   * @param filter knows what is ours
   * @param listener is told, on a thread of the watch's own
   */
  FilterWatch(Netns node, PacketFilter filter, Consumer<DeviceEvent> listener) {
    this.events = NftEvents.subscribe(node, event -> {
      switch (event) {
        case NftEvent.Deleted deleted -> filter.altered(deleted).ifPresent(key -> listener.accept(new DeviceEvent.OwnAltered(key,
            "something of " + deleted.table() + " was deleted: " + deleted.what().name().toLowerCase(Locale.ROOT))));
        case NftEvent.Overrun() -> listener.accept(new DeviceEvent.Unsure());
      }
    });
  }

  @Override
  public void close() {
    events.close();
  }
}
