/** What kube-controller-manager does for the API itself: service accounts, emptied namespaces, garbage collection. */
@NullMarked
package dev.patchbay.lab.kube.controllers;

import org.jspecify.annotations.NullMarked;
