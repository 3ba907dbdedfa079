/**
 * The node's metrics, for Prometheus.
 */
@NullMarked
package dev.patchbay.metrics;

import org.jspecify.annotations.NullMarked;
