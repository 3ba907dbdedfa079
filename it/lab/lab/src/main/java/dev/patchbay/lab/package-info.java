/**
 * A lab as an object: {@link dev.patchbay.lab.Lab#start} builds one in this process, and closing it leaves the machine as it
 * was.
 */
@NullMarked
package dev.patchbay.lab;

import org.jspecify.annotations.NullMarked;
