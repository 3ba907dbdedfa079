package dev.patchbay.linux.datapath;

/** In which objects of the kernel plans are rendered. Both render the same plans, and a node may go over from one to the other. */
public enum Rendering {
  /** Rules by the number of interfaces: pods in a table of their own, their interface by a map of the packet filter. */
  FAST,
  /** The rules, tables and chains of aws-node, for tools that read these: two rules for a pod. */
  CLASSIC
}
