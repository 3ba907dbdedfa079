/** Real clients against the lab's API server. */
package dev.patchbay.lab.kube;
