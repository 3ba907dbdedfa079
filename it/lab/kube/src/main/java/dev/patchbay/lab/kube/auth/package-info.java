/** Who calls, and what the caller may do. */
@NullMarked
package dev.patchbay.lab.kube.auth;

import org.jspecify.annotations.NullMarked;
