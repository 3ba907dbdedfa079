/**
 * What commands say, made of what the daemon or files said, and of nothing else: no clock, no file, no terminal.
 */
@NullMarked
package dev.patchbay.cli.words;

import org.jspecify.annotations.NullMarked;
