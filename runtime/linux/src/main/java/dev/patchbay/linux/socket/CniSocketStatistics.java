package dev.patchbay.linux.socket;

/**
 * What a server has seen since it was opened, for metrics. The numbers are read one after the other, not at one instant.
 *
 * @param accepted connections
 * @param refused connections of users that may not call, or beyond the limit
 * @param timedOut connections that did not send their request, or take their answer, in time
 * @param malformed connections on which something else than the protocol was spoken
 * @param calls requests that were handed to the handler
 * @param answered calls that were answered or refused while the caller was there
 * @param hungUp calls whose caller hung up first
 * @param open connections at present
 */
public record CniSocketStatistics(
    long accepted, long refused, long timedOut, long malformed, long calls, long answered, long hungUp, int open) {}
