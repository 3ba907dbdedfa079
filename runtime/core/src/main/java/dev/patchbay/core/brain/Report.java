package dev.patchbay.core.brain;

import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state of the node, for people, metrics and tools.
 *
 * @param serving whether pods can be served
 * @param facts what is known of the node; empty before IMDS or the ledger told
 * @param modes the modes, as {@code id@version}
 * @param lanes the lanes
 * @param attachments the attachments
 * @param waiting the pods that wait, in order
 * @param cooling the addresses that cool down: for how many milliseconds yet
 * @param findings what the operator should know
 * @param operation what is being done in EC2; empty if nothing is
 * @param capacity the most pods that the plans can carry on this node; empty if they can carry any number
 * @param provenance the interfaces that we made
 * @param enis how far the node's interfaces are
 * @param refusals the ADDs that were refused lately, the latest first
 * @param holders who had an address before, as far as that is remembered
 */
public record Report(boolean serving, Optional<NodeFacts> facts, List<String> modes, List<LaneReport> lanes,
    List<AttachmentRecord> attachments, List<Waiting> waiting, Map<IpAddress, Long> cooling, List<Finding> findings,
    Optional<String> operation, Optional<Integer> capacity, List<String> provenance, List<EniReport> enis, List<Refusal> refusals,
    Map<IpAddress, Holder> holders) {
  /**
   * One lane and family.
   *
   * @param lane the lane
   * @param origin what defines it
   * @param family the family
   * @param source where its addresses come from
   * @param enis its interfaces
   * @param held addresses that pods hold
   * @param free addresses that could be given out now
   * @param cooling addresses that cool down
   * @param target how many should be free
   * @param most how many interfaces of the lane there may be on its network card; empty for as many as fit
   */
  public record LaneReport(String lane, String origin, AddressFamily family, String source, List<String> enis, int held,
      int free, int cooling, int target, Optional<Integer> most) {}

  /**
   * A pod that waits.
   *
   * @param pod the pod
   * @param key its attachment
   * @param cause what it waits for
   * @param millis how long it has waited
   */
  public record Waiting(String pod, String key, Finding cause, long millis) {}

  /**
   * How far an interface of the node is.
   *
   * @param id its id
   * @param ready whether the kernel has its device and its part of the datapath, so that pods can use it
   * @param draining whether it is being given back
   * @param leftAlone why no pod gets an address of it; empty if pods may
   */
  public record EniReport(String id, boolean ready, boolean draining, Optional<String> leftAlone) {}

  /**
   * A pod whose ADD was refused.
   *
   * @param pod the pod
   * @param key the attachment that was refused last
   * @param reason why
   * @param later whether trying again may help
   * @param times how often it was refused
   * @param first when first, in milliseconds since 1970
   * @param last when last
   */
  public record Refusal(String pod, String key, Finding reason, boolean later, int times, long first, long last) {}

  /**
   * Who had an address.
   *
   * @param pod the pod
   * @param key its attachment
   * @param until when it ended, in milliseconds since 1970
   */
  public record Holder(String pod, String key, long until) {}
}
