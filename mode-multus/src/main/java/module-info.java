/**
 * The mode {@code multus}: pods with more than one interface, on networks that NetworkAttachmentDefinitions describe.
 */
module dev.patchbay.mode.multus {
  requires dev.patchbay.spi;

  provides dev.patchbay.spi.NetworkModeProvider with dev.patchbay.mode.multus.MultusProvider;
}
