package dev.patchbay.cluster;

import dev.patchbay.spi.Finding;
import java.util.Map;

/**
 * How it stands with the controller.
 *
 * @param identity who this replica is
 * @param holder who holds the Lease, as last seen; empty if nobody does
 * @param leads whether this replica acts
 * @param terms how often it has come to act
 * @param nodes how many nodes are known; 0 if not all have been heard of
 * @param enis how many interfaces carry the cluster's tag; of who leads
 * @param leftover how many of them are left over and wait for the grace to pass, or for their deletion
 * @param unproven how many of them may be left over, and can't be shown to be
 * @param open how many things are not yet as they should be; of who leads
 * @param looks how many looks at EC2 were whole
 * @param calls how many calls to EC2 were wanted
 * @param throttled how many of them EC2 answered by asking to slow down
 * @param swept how many interfaces of dead nodes were deleted
 * @param made how many interfaces were made for modes
 * @param removed how many interfaces of modes were deleted
 * @param findings what the operator should know, by what it is about
 */
public record ControllerReport(String identity, String holder, boolean leads, long terms, int nodes, int enis, int leftover, int unproven,
    int open, long looks, long calls, long throttled, long swept, long made, long removed, Map<String, Finding> findings) {
  /**
   * Copies the map.
   */
  public ControllerReport {
    findings = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(findings));
  }
}
