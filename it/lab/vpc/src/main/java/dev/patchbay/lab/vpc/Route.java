package dev.patchbay.lab.vpc;

/**
 * A route of a table.
 *
 * @param destination where to; of the routes that fit a packet, the longest decides
 * @param target by what
 */
public record Route(Cidr destination, RouteTarget target) {}
