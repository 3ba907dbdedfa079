/**
 * Admission: answers the API server's questions about objects by what modes decide, serves by certificates that it makes and renews
 * itself, and sees to it that the API server asks. Lives in the cloud layer, with the library that makes certificates.
 */
module dev.patchbay.admission {
  requires com.fasterxml.jackson.core;
  requires dev.patchbay.cluster;
  requires dev.patchbay.controller;
  requires dev.patchbay.core;
  // What every process of the runtime has: endpoints.
  requires dev.patchbay.node;
  requires jdk.httpserver;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires org.slf4j;
  // Annotations only: nothing of it is needed at run time.
  requires static org.jspecify;

  provides dev.patchbay.controller.Admissions with dev.patchbay.admission.OwnAdmissions;
}
