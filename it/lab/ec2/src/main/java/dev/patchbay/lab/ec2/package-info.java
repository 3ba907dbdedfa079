/**
 * EC2's query protocol and IMDSv2 over the state of a VPC.
 *
 * <p>{@link dev.patchbay.lab.ec2.Ec2Server} answers EC2's actions, {@link dev.patchbay.lab.ec2.ImdsHandler} is the
 * metadata service of one instance; both read and change one {@link dev.patchbay.lab.vpc.VpcModel}.
 */
@NullMarked
package dev.patchbay.lab.ec2;

import org.jspecify.annotations.NullMarked;
