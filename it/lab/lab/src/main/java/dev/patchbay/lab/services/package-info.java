/** Service addresses on the lab's nodes: the rules that kube-proxy would make. Start at {@link dev.patchbay.lab.services.Services}. */
@NullMarked
package dev.patchbay.lab.services;

import org.jspecify.annotations.NullMarked;
