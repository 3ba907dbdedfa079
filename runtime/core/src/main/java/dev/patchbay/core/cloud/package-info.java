/**
 * The cloud as core sees it: what can be asked of EC2 and IMDS, and how they answer. Values only; adapters act.
 */
@NullMarked
package dev.patchbay.core.cloud;

import org.jspecify.annotations.NullMarked;
