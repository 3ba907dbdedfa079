package dev.patchbay.config;

/**
 * One value in force.
 *
 * @param path the key, {@code node.mtu} or {@code modes[0].settings.warmIpTarget} say
 * @param value the value as text, as it would be written in the file
 * @param origin where it comes from
 * @param documentation what the key does
 */
public record Entry(String path, String value, Origin origin, String documentation) {}
