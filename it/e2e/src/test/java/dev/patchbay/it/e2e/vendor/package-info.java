/** Modes of vendors: built as they build them, verified, put on nodes; and those that are broken or hostile. */
@NullMarked
package dev.patchbay.it.e2e.vendor;

import org.jspecify.annotations.NullMarked;
