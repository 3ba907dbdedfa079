package dev.patchbay.linux.datapath;

import dev.patchbay.spi.net.MacAddress;

/**
 * Something happened to devices or to what is ours. A hint: what this process does itself may be told too, so compare with
 * {@link KernelDatapath#check} or {@link KernelDatapath#checkNode} before acting.
 */
public sealed interface DeviceEvent {
  /**
   * A device of others has come.
   *
   * @param mac its hardware address
   * @param name its name
   * @param index its index
   */
  record Appeared(MacAddress mac, String name, int index) implements DeviceEvent {}

  /**
   * A device of others is gone: deleted, or moved to another namespace.
   *
   * @param mac its hardware address
   * @param name its name
   * @param index its index
   */
  record Vanished(MacAddress mac, String name, int index) implements DeviceEvent {}

  /**
   * A device of others was set down, or up again.
   *
   * @param mac its hardware address
   * @param name its name
   * @param index its index
   * @param up whether it is up now
   */
  record Switched(MacAddress mac, String name, int index, boolean up) implements DeviceEvent {}

  /**
   * Something of ours was deleted or set down, not by a detachment. When a pod's namespace ends before it was detached, its device on
   * the node goes too and is told here.
   *
   * @param key the attachment, {@code node} for the node's own part; empty if that can't be told
   * @param what a sentence
   */
  record OwnAltered(String key, String what) implements DeviceEvent {}

  /** Events were lost: compare everything. */
  record Unsure() implements DeviceEvent {}
}
