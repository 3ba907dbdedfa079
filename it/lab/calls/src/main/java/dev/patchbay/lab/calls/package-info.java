/** A record of what the lab's services are asked, and the faults that they are to show. */
@NullMarked
package dev.patchbay.lab.calls;

import org.jspecify.annotations.NullMarked;
