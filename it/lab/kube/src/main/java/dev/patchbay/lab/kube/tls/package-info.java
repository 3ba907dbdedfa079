/** Certificates of the lab's own authority. */
@NullMarked
package dev.patchbay.lab.kube.tls;

import org.jspecify.annotations.NullMarked;
