package dev.patchbay.netlink.route;

/**
 * Counters of a link since it was made (struct rtnl_link_stats64, include/uapi/linux/if_link.h).
 *
 * @param receivedPackets packets in
 * @param sentPackets packets out
 * @param receivedBytes bytes in
 * @param sentBytes bytes out
 * @param receiveErrors bad packets in
 * @param sendErrors packets that could not be sent
 * @param receiveDropped good packets in that found no room or no taker
 * @param sendDropped packets out that found no room
 */
public record LinkStatistics(
    long receivedPackets,
    long sentPackets,
    long receivedBytes,
    long sentBytes,
    long receiveErrors,
    long sendErrors,
    long receiveDropped,
    long sendDropped) {}
