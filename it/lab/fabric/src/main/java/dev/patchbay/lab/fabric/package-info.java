/**
 * A VPC of real packets. Start at {@link dev.patchbay.lab.fabric.Fabric}.
 *
 * <p>What is modelled: delivery of assigned addresses and prefixes only, the source/destination check, MAC check, stateful
 * security groups, route tables with internet, NAT and egress-only gateways, instance metadata with its hop limit. What is
 * not: network ACLs, peering, transit gateways, DHCP and router advertisements, DNS, multicast, bandwidth.
 */
@NullMarked
package dev.patchbay.lab.fabric;

import org.jspecify.annotations.NullMarked;
