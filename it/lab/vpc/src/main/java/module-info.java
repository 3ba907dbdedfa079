/**
 * The state of a VPC with EC2's rules: networks, subnets, security groups, instances, interfaces and trunks.
 *
 * <p>Pure state: no I/O, no thread of its own, and time comes from the caller. The packet fabric of the lab follows its
 * changes, the EC2 endpoint and IMDS answer from its snapshots.
 */
module dev.patchbay.lab.vpc {
  requires static transitive org.jspecify; // annotations only: nothing of it is needed at run time

  exports dev.patchbay.lab.vpc;
}
