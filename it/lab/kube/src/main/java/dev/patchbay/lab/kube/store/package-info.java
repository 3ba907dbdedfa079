/** Objects in memory: one resource version counter, a bounded history of each resource, and watchers. */
@NullMarked
package dev.patchbay.lab.kube.store;

import org.jspecify.annotations.NullMarked;
