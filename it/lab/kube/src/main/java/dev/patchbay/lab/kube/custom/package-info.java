/** Custom resources: what a CustomResourceDefinition brings, and the definitions themselves. */
@NullMarked
package dev.patchbay.lab.kube.custom;

import org.jspecify.annotations.NullMarked;
