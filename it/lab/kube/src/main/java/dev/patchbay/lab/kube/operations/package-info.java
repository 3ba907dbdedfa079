/** What the verbs mean: the semantics of the API, without HTTP. */
@NullMarked
package dev.patchbay.lab.kube.operations;

import org.jspecify.annotations.NullMarked;
