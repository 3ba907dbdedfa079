/**
 * What operators go by: metrics, health, logs, and what is missing at the start.
 */
@NullMarked
package dev.patchbay.it.e2e.operations;

import org.jspecify.annotations.NullMarked;
