/**
 * What is asked of the lab's services, whichever they are: a record of every call, and faults that somebody asked for.
 *
 * <p>The services (EC2, instance metadata, the Kubernetes API) report their calls to one {@link
 * dev.patchbay.lab.calls.Recorder} and ask one {@link dev.patchbay.lab.calls.Faults} what goes wrong with each.
 */
module dev.patchbay.lab.calls {
  requires static transitive org.jspecify; // annotations only: nothing of it is needed at run time

  exports dev.patchbay.lab.calls;
}
