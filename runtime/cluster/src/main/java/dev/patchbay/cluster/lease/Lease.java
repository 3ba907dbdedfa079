package dev.patchbay.cluster.lease;

import dev.patchbay.spi.Fields;

/**
 * What a Lease says: who holds it, and for how long after each renewal.
 *
 * <p>Source of the form: Kubernetes API reference, {@code coordination.k8s.io/v1} LeaseSpec.
 *
 * @param holder the identity of who holds it; empty if nobody does
 * @param durationSeconds for how long after a renewal nobody else takes it
 * @param acquired when the holder took it, as text; for people
 * @param renewed when the holder renewed it last, as text; another text is another renewal, and no more is read from it
 * @param transitions how often another took it
 */
public record Lease(String holder, long durationSeconds, String acquired, String renewed, long transitions) {
  /**
   * Reads a Lease.
   *
   * @param content the object without metadata and type
   * @return what it says; what it leaves out is empty or 0
   */
  public static Lease of(Fields content) {
    Fields spec = content.fields("spec");
    return new Lease(spec.text("holderIdentity").orElse(""), spec.number("leaseDurationSeconds").orElse(0),
        spec.text("acquireTime").orElse(""), spec.text("renewTime").orElse(""), spec.number("leaseTransitions").orElse(0));
  }

  /**
   * {@return the object's content}
   */
  public Fields content() {
    return Fields.empty().with("spec", Fields.empty().with("holderIdentity", holder).with("leaseDurationSeconds", durationSeconds)
        .with("acquireTime", acquired).with("renewTime", renewed).with("leaseTransitions", transitions));
  }
}
