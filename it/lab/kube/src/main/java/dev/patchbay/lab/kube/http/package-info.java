/** The API over HTTP: paths, content types, lists, watch streams, discovery. */
@NullMarked
package dev.patchbay.lab.kube.http;

import org.jspecify.annotations.NullMarked;
