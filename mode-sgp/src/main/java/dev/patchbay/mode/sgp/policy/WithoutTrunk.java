package dev.patchbay.mode.sgp.policy;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Setting;
import dev.patchbay.spi.SettingException;
import dev.patchbay.spi.view.InstanceTypeView;
import java.util.List;

/**
 * What the operator allows where a node has no trunk.
 *
 * @param shared whether pods that ask share ordinary interfaces there, one for each set of groups
 * @param kept how many places for such interfaces are kept
 */
public record WithoutTrunk(boolean shared, int kept) {
  /** The setting's name. */
  public static final String NAME = "withoutTrunk";
  /** Such pods are refused. */
  public static final String REFUSE = "refuse";
  /** Such pods share interfaces. */
  public static final String SHARED_ENI = "shared-eni";

  private static final String KEPT = "sharedInterfaces";

  /**
   * {@return the settings}
   */
  public static List<Setting> settings() {
    return List.of(
        Setting.choice(NAME, "What becomes of pods with security groups on a node that has no trunk, since its instance type carries none or"
            + " EC2 refuses it: they are refused, or they share ordinary interfaces of the node, one for each set of groups. Traffic between"
            + " two pods of one node with the same groups is seen by no group then.", REFUSE, SHARED_ENI).withDefault(REFUSE),
        Setting.number(KEPT, "How many places for interfaces are kept on such a node for them. The node's room for such pods is what so many"
            + " interfaces carry.", 1, 14).withDefault(1L));
  }

  /**
   * {@return what settings say}
   * @param settings the mode's settings
   * @param ours whether Patchbay's controller makes trunks
   * @throws SettingException if nobody would give such nodes room for such pods
   */
  public static WithoutTrunk of(Fields settings, boolean ours) {
    boolean shared = settings.text(NAME).orElse(REFUSE).equals(SHARED_ENI);
    if (shared && !ours) {
      throw new SettingException(NAME, "With EKS's controller no pod with security groups is ever scheduled to a node without a trunk: it"
          + " gives such nodes no room for any.", "Leave it at refuse, or let Patchbay's controller make trunks.");
    }
    return new WithoutTrunk(shared, (int) Math.max(1, settings.number(KEPT).orElse(1)));
  }

  /**
   * {@return how many pods the interfaces carry for which places are kept; the first card has one place less, the primary interface's}
   * @param type the instance type
   */
  public int room(InstanceTypeView type) {
    return Math.min(kept, type.interfacesPerCard().getFirst() - 1) * (type.ipv4PerInterface() - 1);
  }
}
