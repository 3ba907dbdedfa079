/** What every part of the API server speaks: kinds, keys, JSON, and failures in the words of Kubernetes. */
@NullMarked
package dev.patchbay.lab.kube.model;

import org.jspecify.annotations.NullMarked;
