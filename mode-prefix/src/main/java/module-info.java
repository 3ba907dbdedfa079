/**
 * The mode {@code prefix}: pods get addresses of /28 prefixes on the instance's interfaces, held warm in a stock; where a subnet
 * has no room for a prefix, single addresses.
 */
module dev.patchbay.mode.prefix {
  requires dev.patchbay.spi;

  provides dev.patchbay.spi.NetworkModeProvider with dev.patchbay.mode.prefix.PrefixProvider;
}
