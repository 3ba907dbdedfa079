/** The simulation of the built-in modes. */
@org.jspecify.annotations.NullMarked
package dev.patchbay.it.simulation;
