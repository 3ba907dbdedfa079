/**
 * The way to the Kubernetes API.
 */
@NullMarked
package dev.patchbay.kube;

import org.jspecify.annotations.NullMarked;
