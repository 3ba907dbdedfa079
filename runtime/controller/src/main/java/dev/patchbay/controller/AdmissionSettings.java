package dev.patchbay.controller;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a replica takes part in admission.
 *
 * @param address where it answers; empty if it does not
 * @param namespace the controller's namespace
 * @param service the Service, in that namespace, that leads to the replicas
 * @param user as whom the API server knows the controller
 * @param exempt namespaces about whose objects nobody is asked, beside the controller's own
 * @param certificateLifetime how long a certificate is good for
 */
public record AdmissionSettings(Optional<InetSocketAddress> address, String namespace, String service, String user, List<String> exempt,
    Duration certificateLifetime) {
  /**
   * Copies the list.
   */
  public AdmissionSettings {
    exempt = List.copyOf(exempt);
  }
}
