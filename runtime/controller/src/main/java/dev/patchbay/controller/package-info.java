/**
 * The process of the cluster side.
 */
@NullMarked
package dev.patchbay.controller;

import org.jspecify.annotations.NullMarked;
