/**
 * The state of a VPC with EC2's rules.
 *
 * <p>{@link dev.patchbay.lab.vpc.VpcModel} is the door: its operations change the state or throw
 * {@link dev.patchbay.lab.vpc.Ec2Error}, its snapshots are immutable, its listeners hear of every change in order.
 */
@NullMarked
package dev.patchbay.lab.vpc;

import org.jspecify.annotations.NullMarked;
