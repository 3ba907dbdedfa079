package dev.patchbay.core.cloud;

import java.util.List;

/**
 * An instance, as EC2 described it at one moment.
 *
 * @param id its id
 * @param state EC2's state: {@code pending}, {@code running}, {@code shutting-down}, {@code terminated}, {@code stopping},
 *     {@code stopped}
 * @param type its type
 * @param vpcId its VPC; empty once it is terminated
 * @param zone its availability zone
 * @param enis its interfaces, the primary first; they are described without tags
 */
public record InstanceRecord(String id, String state, String type, String vpcId, String zone, List<EniRecord> enis) {
  /**
   * Copies the list.
   */
  public InstanceRecord {
    enis = List.copyOf(enis);
  }

  /**
   * {@return whether it is gone for good}
   */
  public boolean terminated() {
    return state.equals("terminated");
  }
}
