/**
 * The cluster side: a pure planner over the cluster's objects and tagged interfaces, and admission.
 */
@NullMarked
package dev.patchbay.spi.cluster;

import org.jspecify.annotations.NullMarked;
