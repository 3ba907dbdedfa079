/**
 * The mode {@code secondary-ip}: pods get secondary private IPv4 addresses of the instance's interfaces, held warm in a
 * stock.
 */
module dev.patchbay.mode.secondaryip {
  requires dev.patchbay.spi;

  provides dev.patchbay.spi.NetworkModeProvider with dev.patchbay.mode.secondaryip.SecondaryIpProvider;
}
