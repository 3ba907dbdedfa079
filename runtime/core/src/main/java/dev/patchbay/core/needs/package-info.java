/**
 * What Patchbay and the modes chosen need of the world, and what follows from it: the IAM policy, the RBAC rules.
 */
@NullMarked
package dev.patchbay.core.needs;

import org.jspecify.annotations.NullMarked;
