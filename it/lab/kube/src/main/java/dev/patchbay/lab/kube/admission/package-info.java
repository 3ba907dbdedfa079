/** Admission webhooks, called as the API server calls them. */
@NullMarked
package dev.patchbay.lab.kube.admission;

import org.jspecify.annotations.NullMarked;
