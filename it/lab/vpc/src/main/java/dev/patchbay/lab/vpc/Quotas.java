package dev.patchbay.lab.vpc;

/**
 * How many of a thing an account may have (Amazon VPC user guide, "Quotas").
 *
 * @param interfaces network interfaces in the region
 * @param groupsPerInterface security groups of one interface
 * @param rulesPerGroup rules of one security group in one direction
 * @param blocksPerVpc IPv4 blocks of one VPC
 */
public record Quotas(int interfaces, int groupsPerInterface, int rulesPerGroup, int blocksPerVpc) {
  /** Those of an account that has asked for no more. */
  public static final Quotas USUAL = new Quotas(5000, 5, 60, 5);
}
