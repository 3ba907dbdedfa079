/** Probe. */
module dev.patchbay.spi {
  requires static org.apiguardian.api;
  requires static transitive org.jspecify;
  exports dev.patchbay.spi;
}
