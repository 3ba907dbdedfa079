/**
 * Parts of datapath plans that most base modes share, ready made: the routed pod, and how pods leave the VPC. Nothing here is
 * known to the runtime in any other way than by the elements it consists of; a mode may use it, or plan otherwise.
 */
@NullMarked
package dev.patchbay.spi.plans;

import org.jspecify.annotations.NullMarked;
