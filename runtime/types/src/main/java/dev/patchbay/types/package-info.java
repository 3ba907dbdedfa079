/**
 * The limits of the instance types that AWS publishes.
 */
@org.jspecify.annotations.NullMarked
package dev.patchbay.types;
