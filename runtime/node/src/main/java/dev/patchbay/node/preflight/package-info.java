/**
 * Whether the world lets Patchbay do what it must: the kernel, EC2, the API server.
 */
@NullMarked
package dev.patchbay.node.preflight;

import org.jspecify.annotations.NullMarked;
