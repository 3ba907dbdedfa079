package dev.patchbay.node.engine;

import dev.patchbay.core.brain.Event;
import dev.patchbay.core.kernel.Mended;
import dev.patchbay.linux.datapath.DeviceEvent;
import dev.patchbay.linux.datapath.KernelDatapath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears from the kernel what others take out of our part of the datapath, and tells the brain, which looks at it. */
public final class Alterations implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Alterations.class);

  private final Engine engine;
  private final KernelDatapath.Watch watch;

  /**
   * Starts to listen.
   *
   * @param engine who is told
   * @param datapath whose part it is; stays open as long as this
   */
  public Alterations(Engine engine, KernelDatapath datapath) {
    this.engine = engine;
    this.watch = datapath.watch(this::hear);
  }

  private void hear(DeviceEvent event) {
    switch (event) {
      case DeviceEvent.OwnAltered altered -> {
        LOG.debug("The kernel tells: {} [{}].", altered.what(), altered.key());
        engine.send(new Event.KernelAltered(altered.key()));
      }
      // Addresses and routes of IPv4 go with it, and nobody is told.
      case DeviceEvent.Switched switched when !switched.up() -> engine.send(new Event.KernelAltered(Mended.NODE));
      case DeviceEvent.Switched _, DeviceEvent.Appeared _, DeviceEvent.Vanished _ -> {
        // Devices tells which there are.
      }
      case DeviceEvent.Unsure() -> engine.send(new Event.KernelAltered(""));
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
