/**
 * EC2 and the instance's metadata, as the values of {@link dev.patchbay.core.cloud}. Decides nothing: each call is made once, and its
 * outcome is told.
 */
@NullMarked
package dev.patchbay.aws;

import org.jspecify.annotations.NullMarked;
