package dev.patchbay.core.brain;

import dev.patchbay.core.kernel.Deviation;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.Act;
import java.util.List;

/**
 * How a request is answered.
 */
public sealed interface Reply {
  /**
   * The attachment is there.
   *
   * @param attachment the attachment
   * @param mtu the MTU of the pod's interface in bytes
   */
  record Added(AttachmentRecord attachment, int mtu) implements Reply {}

  /** It is done. */
  record Done() implements Reply {}

  /**
   * The node is ready for pods if the plugins are that every pod needs.
   *
   * @param plugins the plugins
   */
  record Ready(List<Act> plugins) implements Reply {
    /**
     * Copies the list.
     */
    public Ready {
      plugins = List.copyOf(plugins);
    }
  }

  /**
   * What was of pods that are gone is removed, and plugins may have more of them.
   *
   * @param plugins the plugins that made what is gone, and those that every pod needs
   * @param left the attachments that are there
   */
  record Collected(List<Act> plugins, List<AttachmentRecord> left) implements Reply {
    /**
     * Copies the lists.
     */
    public Collected {
      plugins = List.copyOf(plugins);
      left = List.copyOf(left);
    }
  }

  /**
   * The attachment was compared with the kernel.
   *
   * @param attachment the attachment
   * @param deviations what is missing or altered
   */
  record Compared(AttachmentRecord attachment, List<Deviation> deviations) implements Reply {
    /**
     * Copies the list.
     */
    public Compared {
      deviations = List.copyOf(deviations);
    }
  }

  /**
   * The state.
   *
   * @param report the state
   */
  record Reported(Report report) implements Reply {}

  /**
   * It failed, and changed nothing.
   *
   * @param reason why, and what to do
   * @param later whether trying again later may help
   */
  record Failed(Finding reason, boolean later) implements Reply {}
}
