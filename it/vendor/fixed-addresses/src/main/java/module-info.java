/**
 * The mode {@code fixed-addresses}: a pod has the address that its annotation names, on whatever node it runs.
 */
module com.example.fixedaddresses {
  requires dev.patchbay.spi;
  requires org.snakeyaml.engine;

  provides dev.patchbay.spi.NetworkModeProvider with com.example.fixedaddresses.FixedAddressesProvider;
}
