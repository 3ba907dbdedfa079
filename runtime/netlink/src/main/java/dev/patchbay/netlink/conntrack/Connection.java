package dev.patchbay.netlink.conntrack;

/**
 * A connection in the kernel's table.
 *
 * @param original as its first packet was
 * @param reply as answers are expected; where addresses are translated it is not just the reverse
 * @param mark the connection's mark
 */
public record Connection(Flow original, Flow reply, int mark) {}
