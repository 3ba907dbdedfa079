package dev.patchbay.netlink.conntrack;

import dev.patchbay.netlink.AttributeReader;
import dev.patchbay.netlink.sys.ConntrackConstants;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;

/** Addresses to be found among hundreds of thousands of connections without making an object for each that is looked at. */
final class AddressSet {
  private final int[] ipv4;
  private final byte[][] ipv6;

  AddressSet(Collection<InetAddress> addresses) {
    ipv4 =
        addresses.stream()
            .filter(Inet4Address.class::isInstance)
            .mapToInt(address -> ByteBuffer.wrap(address.getAddress()).getInt())
            .sorted()
            .toArray();
    ipv6 =
        addresses.stream()
            .filter(address -> !(address instanceof Inet4Address))
            .map(InetAddress::getAddress)
            .sorted(Arrays::compareUnsigned)
            .toArray(byte[][]::new);
  }

  boolean hasIpv4() {
    return ipv4.length > 0;
  }

  boolean hasIpv6() {
    return ipv6.length > 0;
  }

  /** Whether source or destination of a tuple is one of these. */
  boolean meets(AttributeReader tuple) {
    while (tuple.next()) {
      if (tuple.type() == ConntrackConstants.CTA_TUPLE_IP) {
        AttributeReader addresses = tuple.nested();
        while (addresses.next()) {
          boolean found =
              switch (addresses.type()) {
                case ConntrackConstants.CTA_IP_V4_SRC, ConntrackConstants.CTA_IP_V4_DST ->
                    Arrays.binarySearch(ipv4, addresses.u32BigEndian()) >= 0;
                case ConntrackConstants.CTA_IP_V6_SRC, ConntrackConstants.CTA_IP_V6_DST ->
                    hasIpv6() && Arrays.binarySearch(ipv6, addresses.bytes(), Arrays::compareUnsigned) >= 0;
                default -> false;
              };
          if (found) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
