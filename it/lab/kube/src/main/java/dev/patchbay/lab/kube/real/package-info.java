/** The real API server and its store, as processes of the lab. */
@NullMarked
package dev.patchbay.lab.kube.real;

import org.jspecify.annotations.NullMarked;
