/**
 * Closed values of networking: addresses, networks, hardware addresses. Records, since nothing will ever be added.
 */
@NullMarked
package dev.patchbay.spi.net;

import org.jspecify.annotations.NullMarked;
