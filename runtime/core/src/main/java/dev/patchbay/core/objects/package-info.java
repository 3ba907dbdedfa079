/**
 * The API server as core sees it: objects as values.
 */
@NullMarked
package dev.patchbay.core.objects;

import org.jspecify.annotations.NullMarked;
