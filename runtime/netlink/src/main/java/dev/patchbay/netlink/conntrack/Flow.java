package dev.patchbay.netlink.conntrack;

import java.net.InetAddress;

/**
 * One direction of a connection.
 *
 * @param source address
 * @param destination address
 * @param protocol transport protocol, 6 for TCP
 * @param sourcePort 0 for protocols without ports
 * @param destinationPort 0 for protocols without ports
 */
public record Flow(InetAddress source, InetAddress destination, int protocol, int sourcePort, int destinationPort) {}
