/**
 * What aws-node is told by its environment, and the configuration of Patchbay that it amounts to.
 */
@org.jspecify.annotations.NullMarked
package dev.patchbay.cli.awsnode;
