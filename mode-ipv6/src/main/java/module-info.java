/**
 * The mode {@code ipv6}: pods get IPv6 addresses of one /80 prefix per node, and reach IPv4 as the node.
 */
module dev.patchbay.mode.ipv6 {
  requires dev.patchbay.spi;

  provides dev.patchbay.spi.NetworkModeProvider with dev.patchbay.mode.ipv6.Ipv6Provider;
}
