/** A lab as a picture: what is there, where it stands, and the SVG. */
@NullMarked
package dev.patchbay.lab.picture;

import org.jspecify.annotations.NullMarked;
