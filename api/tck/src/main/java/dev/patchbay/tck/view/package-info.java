/**
 * Ready-made views for tests: a small world in memory, in which a mode can plan without a node, a cloud or a cluster.
 *
 * <p>All are immutable: each {@code with…} gives another. They start as something sensible ({@link
 * dev.patchbay.tck.view.TestNode#create()} is an m5.large in a VPC of 10.0.0.0/16), so that a test says only what it is about.
 */
@NullMarked
package dev.patchbay.tck.view;

import org.jspecify.annotations.NullMarked;
