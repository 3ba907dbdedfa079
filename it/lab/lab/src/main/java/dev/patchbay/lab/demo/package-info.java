/** The demonstration: the main job in under a minute, for somebody who sees it for the first time. */
@NullMarked
package dev.patchbay.lab.demo;

import org.jspecify.annotations.NullMarked;
