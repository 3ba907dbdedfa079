/** Structural schemas of custom resources: defaults, validation, pruning. */
@NullMarked
package dev.patchbay.lab.kube.schema;

import org.jspecify.annotations.NullMarked;
