/**
 * What the API server and the operator should see: patches, Events, conditions.
 */
@NullMarked
package dev.patchbay.spi.object;

import org.jspecify.annotations.NullMarked;
