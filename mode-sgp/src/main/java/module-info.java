/**
 * The mode {@code sgp}: pods with security groups of their own, on branch interfaces that a controller makes.
 */
module dev.patchbay.mode.sgp {
  requires dev.patchbay.spi;

  provides dev.patchbay.spi.NetworkModeProvider with dev.patchbay.mode.sgp.SgpProvider;
}
