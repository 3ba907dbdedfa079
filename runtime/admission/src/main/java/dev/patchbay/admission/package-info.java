/**
 * Admission: certificates, what is asked, and what is answered.
 */
@NullMarked
package dev.patchbay.admission;

import org.jspecify.annotations.NullMarked;
