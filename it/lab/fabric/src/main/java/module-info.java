/**
 * The packets of the lab's VPC, on one Linux machine and in network namespaces of its own: instances and their interfaces,
 * and a router between them that delivers only what a VPC would. Knows nothing of the EC2 protocol: it is told which
 * interface holds which addresses and who may talk to whom, and lets the kernel do the rest.
 *
 * <p>The second package makes a fabric follow the lab's model of a VPC; a fabric alone needs no model.
 */
module dev.patchbay.lab.fabric {
  requires transitive dev.patchbay.lab.vpc;
  requires transitive dev.patchbay.netlink;

  // Nullness annotations, read by the compiler and by tools; nothing needs them at run time.
  requires static transitive org.jspecify;

  exports dev.patchbay.lab.fabric;
  exports dev.patchbay.lab.fabric.vpc;
}
