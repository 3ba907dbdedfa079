/**
 * Models of what is outside: EC2 and IMDS, disk, kernel; and the faults that they can have.
 */
@NullMarked
package dev.patchbay.simulation.model;

import org.jspecify.annotations.NullMarked;
