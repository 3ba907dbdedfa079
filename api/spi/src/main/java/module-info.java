/**
 * The SPI of Patchbay: all that a networking mode needs, and all that it may know.
 *
 * <p>The runtime defines three SPIs: interfaces ({@code eni}), addresses ({@code ipam}) and the datapath
 * ({@code datapath}); beside them modes say what the API server should hold ({@code object}) and what the cluster side
 * should do ({@code cluster}). What modes see stands in {@code view}, closed values in {@code net}.
 *
 * <p>How it grows: what the runtime gives to modes is interfaces, which may get methods. What modes give to the runtime is
 * final classes, which may get methods; modes never switch over anything that the runtime may extend. Records are for
 * closed values. The module depends on the JDK alone; the two others hold annotations and are not needed at run time.
 */
module dev.patchbay.spi {
  // Annotations on stability and nullness; not needed at run time, transitive so that modes compile against them.
  requires static transitive org.apiguardian.api;
  requires static transitive org.jspecify;

  exports dev.patchbay.spi;
  // One package for each SPI, so that a vendor finds what a planner may say in the folder of that name.
  exports dev.patchbay.spi.cluster;
  exports dev.patchbay.spi.datapath;
  exports dev.patchbay.spi.eni;
  exports dev.patchbay.spi.ipam;
  exports dev.patchbay.spi.net;
  exports dev.patchbay.spi.object;
  // Ready-made parts of plans, for modes that want what most want.
  exports dev.patchbay.spi.plans;
  exports dev.patchbay.spi.view;
}
