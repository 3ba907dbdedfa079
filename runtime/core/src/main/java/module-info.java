/**
 * The decisions of Patchbay: how modes combine, who has which address, what is done next. Pure: no I/O, no clock, no
 * threads, no library but the SPI. Adapters turn the world into its events and its effects into the world.
 */
module dev.patchbay.core {
  requires transitive dev.patchbay.spi;

  // One package for each thing that core has an opinion on; adapters use the values of theirs.
  exports dev.patchbay.core.brain;
  exports dev.patchbay.core.cloud;
  exports dev.patchbay.core.compose;
  exports dev.patchbay.core.invariants;
  exports dev.patchbay.core.kernel;
  exports dev.patchbay.core.ledger;
  exports dev.patchbay.core.needs;
  exports dev.patchbay.core.objects;
  exports dev.patchbay.core.salvage;
  exports dev.patchbay.core.view;
}
