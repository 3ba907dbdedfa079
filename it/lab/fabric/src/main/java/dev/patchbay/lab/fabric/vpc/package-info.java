/** Makes a fabric follow the lab's model of a VPC. Start at {@link dev.patchbay.lab.fabric.vpc.VpcFabric}. */
@NullMarked
package dev.patchbay.lab.fabric.vpc;

import org.jspecify.annotations.NullMarked;
