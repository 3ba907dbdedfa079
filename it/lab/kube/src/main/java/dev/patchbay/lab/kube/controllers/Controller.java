package dev.patchbay.lab.kube.controllers;

import dev.patchbay.lab.kube.store.ObjectStore.Written;

/** Reacts to what has been written. Called on one thread, after the write, in order. */
interface Controller {
  void react(Written written);
}
