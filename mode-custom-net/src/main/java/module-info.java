/**
 * The mode {@code custom-net}: pods in other subnets and security groups than their node, whatever base mode gives them their
 * addresses.
 */
module dev.patchbay.mode.customnet {
  requires dev.patchbay.spi;

  provides dev.patchbay.spi.NetworkModeProvider with dev.patchbay.mode.customnet.CustomNetProvider;
}
