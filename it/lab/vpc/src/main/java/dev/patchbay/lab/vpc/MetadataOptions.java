package dev.patchbay.lab.vpc;

/**
 * How an instance's metadata service is set up (EC2 API reference, ModifyInstanceMetadataOptions). It answers at its IPv4 and
 * at its IPv6 address.
 *
 * @param enabled whether it answers at all
 * @param tokenRequired whether it wants a token first, which is its version 2
 * @param hopLimit how many hops an answer goes, 1 to 64: with 1 it does not get out of the instance's own namespace
 */
public record MetadataOptions(boolean enabled, boolean tokenRequired, int hopLimit) {
  /** Version 2 alone, one hop. */
  public static final MetadataOptions REQUIRED = new MetadataOptions(true, true, 1);

  /** Checks the hop limit. */
  public MetadataOptions {
    if (hopLimit < 1 || hopLimit > 64) {
      throw new Ec2Error(
          "InvalidParameterValue",
          "Value (" + hopLimit + ") for parameter httpPutResponseHopLimit is invalid. It must be between 1 and 64.");
    }
  }
}
