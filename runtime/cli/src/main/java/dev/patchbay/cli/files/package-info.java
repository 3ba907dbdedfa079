/**
 * What the files of a node say, with or without a daemon, and how they are taken away.
 */
@NullMarked
package dev.patchbay.cli.files;

import org.jspecify.annotations.NullMarked;
