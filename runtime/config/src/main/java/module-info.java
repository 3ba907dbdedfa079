/**
 * The one configuration file: YAML bytes and an environment in, typed and checked values out, each with the place that it
 * came from, or every mistake in one go, each with its line and the remedy. Reads no file and no clock.
 */
module dev.patchbay.config {
  requires transitive dev.patchbay.spi;
  requires org.snakeyaml.engine;
  // Annotations only: nothing of it is needed at run time.
  requires static transitive org.jspecify;

  exports dev.patchbay.config;
}
