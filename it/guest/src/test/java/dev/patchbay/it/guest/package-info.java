/**
 * What needs a kernel that the host's may not be: VLAN devices above all. Classes named {@code ...Inside} run in a kernel of their own,
 * all of them in one, which {@link dev.patchbay.it.guest.GuestTest} boots.
 */
@NullMarked
package dev.patchbay.it.guest;

import org.jspecify.annotations.NullMarked;
