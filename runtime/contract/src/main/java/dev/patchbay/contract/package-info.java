/**
 * The contract tests of the API, as a service of the command.
 */
@NullMarked
package dev.patchbay.contract;

import org.jspecify.annotations.NullMarked;
