/**
 * The deterministic simulation of the cluster side: replicas of the controller with clocks of their own, against models of EC2 and the
 * API server, with faults at every step, in virtual time from one seed.
 */
@NullMarked
package dev.patchbay.simulation.cluster;

import org.jspecify.annotations.NullMarked;
