package dev.patchbay.core.brain;

import dev.patchbay.spi.ipam.Targets;

/**
 * How much a lane's stock should grow or may shrink. Pure arithmetic; the cases are those of the targets:
 *
 * <ul>
 *   <li>with {@code warmAddresses} or {@code minimumAddresses}, so many free, so many in all;
 *   <li>with prefixes and {@code warmPrefixes}, so many prefixes wholly free;
 *   <li>else {@code warmInterfaces} interfaces' worth free, grown and shrunk by whole interfaces.
 * </ul>
 *
 * Addresses that cool down are neither free nor surplus. Pods that wait come first, and are counted in.
 *
 * @param grow how many more addresses are wanted
 * @param surplus how many free addresses may go
 * @param target how many should be free
 * @param whole whether interfaces are filled and emptied whole
 */
record StockNeed(int grow, int surplus, int target, boolean whole) {
  /**
   * Works it out.
   *
   * @param targets the targets
   * @param held addresses that pods hold
   * @param free addresses of the stock's units that could be given out, those on the way included
   * @param cooling addresses that cool down
   * @param idle addresses of units of which nothing is held and nothing cools, where units are prefixes
   * @param waiting pods that wait for more than is there
   * @param perInterface the most addresses that an interface carries for pods
   * @param unitSize the size of a unit: 1 or 16
   * @param cap the most addresses that are worth having: as many as pods may run; for no cap {@link Integer#MAX_VALUE}
   */
  static StockNeed of(Targets targets, int held, int free, int cooling, int idle, int waiting, int perInterface,
      int unitSize, int cap) {
    int total = held + free + cooling;
    if (targets.warmAddresses().isPresent() || targets.minimumAddresses().isPresent()) {
      int warm = targets.warmAddresses().orElse(0);
      int floor = targets.minimumAddresses().orElse(0);
      int stock = Math.min(Math.max(warm, floor - held), Math.max(0, cap - held));
      int target = Math.max(stock, waiting);
      int surplus = waiting > 0 ? 0 : Math.max(0, Math.min(free - stock, total - floor));
      return new StockNeed(Math.max(0, target - free), surplus, target, false);
    }
    if (unitSize > 1) {
      int target = targets.warmPrefixes().orElse(0) * unitSize;
      int byPods = Math.max(0, waiting - free);
      int byStock = Math.min(Math.max(0, target - idle), Math.max(0, cap - total));
      int surplus = waiting > 0 ? 0 : Math.max(0, idle - target);
      return new StockNeed(Math.max(byPods, byStock), surplus, target, false);
    }
    int interfaces = targets.warmInterfaces().orElse(0);
    int target = Math.max(interfaces * perInterface, interfaces == 0 ? 1 : 0);
    int stock = total >= cap ? 0 : Math.max(0, target - free);
    int surplus = waiting > 0 || free < (interfaces + 1) * perInterface ? 0 : free - interfaces * perInterface;
    return new StockNeed(Math.max(stock, Math.max(0, waiting - free)), surplus, Math.max(target, waiting), true);
  }
}
