/**
 * The cache of classes with which the daemon starts: how it is made, by a daemon that runs for a few seconds where nothing is but itself,
 * serves a pod, begins anew and serves another.
 */
@org.jspecify.annotations.NullMarked
package dev.patchbay.cli.training;
