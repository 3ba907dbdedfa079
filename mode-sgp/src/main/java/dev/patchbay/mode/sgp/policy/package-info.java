/**
 * What SecurityGroupPolicy objects and pods say: which pods they mean, and which pods ask.
 */
@NullMarked
package dev.patchbay.mode.sgp.policy;

import org.jspecify.annotations.NullMarked;
