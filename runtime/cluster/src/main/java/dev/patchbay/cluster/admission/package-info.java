/**
 * Admission: what the API server is told to ask of the modes chosen.
 */
@NullMarked
package dev.patchbay.cluster.admission;

import org.jspecify.annotations.NullMarked;
