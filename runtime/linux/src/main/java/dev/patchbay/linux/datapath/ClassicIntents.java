package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What of a node's intents aws-node has words for, and what it has not.
 *
 * @param answers that connections which come in by the primary interface are answered by it: node ports
 * @param outside that what leaves the VPC gets the node's address; the first such
 * @param blocks that a node-local block leaves as the node
 * @param beside all others, which our own table renders
 */
record ClassicIntents(Optional<ReturnPath> answers, Optional<Translation> outside, List<Translation> blocks, List<PlanElement> beside) {
  static ClassicIntents of(NodeDatapath node) {
    Optional<EniPath> primary = node.enis().stream().filter(EniPath::primary).findFirst();
    Optional<ReturnPath> answers = Optional.empty();
    Optional<Translation> outside = Optional.empty();
    List<Translation> blocks = new ArrayList<>();
    List<PlanElement> beside = new ArrayList<>();
    for (PlanElement element : node.plan().elements()) {
      switch (element) {
        case ReturnPath path when primary.filter(p -> p.id().equals(path.eni())).isPresent() -> answers = Optional.of(path);
        case Translation t when isOf(primary, t.to()) && t.exceptions().isEmpty() -> blocks.add(t);
        case Translation t when isOf(primary, t.to()) && ClassicRenderer.isIpv4(t.to()) -> {
          if (outside.isPresent() && !outside.get().equals(t)) {
            beside.add(t);
          } else {
            outside = Optional.of(t);
          }
        }
        case Translation t -> beside.add(t);
        case ReturnPath path -> beside.add(path);
        case PortMapping mapping -> beside.add(mapping);
        default -> {
          // Not of the packet filter, or rendered as rules.
        }
      }
    }
    return new ClassicIntents(answers, outside, List.copyOf(blocks), List.copyOf(beside));
  }

  private static boolean isOf(Optional<EniPath> primary, IpAddress address) {
    return primary.filter(p -> p.addresses().stream().anyMatch(own -> own.address().equals(address))).isPresent();
  }

  /** Whether connections are marked as those of the primary interface. */
  boolean marks() {
    return answers.isPresent() || outside.isPresent();
  }

  boolean needsBeside() {
    return !beside.isEmpty();
  }

  /** The part of an attachment's plan that our own table renders: all of the packet filter but sources, which are rules. */
  static DatapathPlan beside(DatapathPlan plan) {
    return DatapathPlan.of(plan.elements().stream().filter(e -> e instanceof PortMapping || e instanceof Translation
        || e instanceof ReturnPath).toList());
  }
}
