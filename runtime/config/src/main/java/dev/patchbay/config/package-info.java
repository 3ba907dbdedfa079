/**
 * The configuration of a node and of the operator's command: {@link dev.patchbay.config.ConfigurationFile} is the file as
 * written, {@link dev.patchbay.config.Configuration} what is in force on one node.
 */
@NullMarked
package dev.patchbay.config;

import org.jspecify.annotations.NullMarked;
