package dev.patchbay.core.cloud;

import dev.patchbay.spi.net.MacAddress;

/**
 * Who the node is; it never changes while the instance lives.
 *
 * @param instanceId the instance's id
 * @param instanceType the instance's type
 * @param region the region
 * @param zone the availability zone
 * @param vpcId the VPC
 * @param primaryMac the hardware address of the primary interface
 */
public record NodeIdentity(String instanceId, String instanceType, String region, String zone, String vpcId,
    MacAddress primaryMac) {}
