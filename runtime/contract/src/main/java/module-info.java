/**
 * Holds modes against their contract for the command {@code patchbay modes verify}. It stands in a layer of its own, which is built only
 * for who asks for it: the contract tests bring their libraries.
 */
module dev.patchbay.contract {
  requires dev.patchbay.cli;
  requires dev.patchbay.tck;
  // Annotations only: nothing of it is needed at run time.
  requires static org.jspecify;

  provides dev.patchbay.cli.ContractTests with dev.patchbay.contract.TckContract;
}
