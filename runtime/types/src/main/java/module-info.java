/**
 * The limits of the instance types that AWS publishes, as a table: known without asking EC2, on a node and where there is none.
 */
module dev.patchbay.types {
  requires transitive dev.patchbay.core;
  // Annotations only: nothing of it is needed at run time.
  requires static org.jspecify;

  exports dev.patchbay.types;
}
