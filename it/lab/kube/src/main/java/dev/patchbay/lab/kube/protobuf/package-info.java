/** Objects as typed Go clients send them. */
@NullMarked
package dev.patchbay.lab.kube.protobuf;

import org.jspecify.annotations.NullMarked;
