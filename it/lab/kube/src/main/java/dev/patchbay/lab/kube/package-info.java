/** The lab's Kubernetes API server, as tests and the lab's command use it. */
@NullMarked
package dev.patchbay.lab.kube;

import org.jspecify.annotations.NullMarked;
