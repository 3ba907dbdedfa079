/** Which resources are served, and in which versions. */
@NullMarked
package dev.patchbay.lab.kube.resources;

import org.jspecify.annotations.NullMarked;
