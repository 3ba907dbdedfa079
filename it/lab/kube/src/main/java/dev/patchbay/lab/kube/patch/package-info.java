/** Patches of all four kinds, and who owns which field. */
@NullMarked
package dev.patchbay.lab.kube.patch;

import org.jspecify.annotations.NullMarked;
