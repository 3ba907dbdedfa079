package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Something that must be run. The runtime carries it out, keeps its outcome, and asks the planner again until no act is
 * left undone; when the attachment ends, acts are undone in reverse.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Act extends PlanElement {
  static final String KIND = "act";

  Act(Fields fields) {
    super(KIND, fields);
  }

  /**
   * {@return the run of another CNI plugin: the outcome has {@code result} (its fields) or {@code error}}
   * @param id the act's id, unique in the attachment
   * @param configuration the plugin's configuration, a whole list or a single plugin, as JSON text
   * @param interfaceName {@code CNI_IFNAME}
   */
  public static Act plugin(String id, String configuration, String interfaceName) {
    return new Act(
        Fields.empty().with("type", "plugin").with("id", id).with("configuration", configuration).with("interfaceName", interfaceName));
  }

  /**
   * {@return a look at the devices that kubelet gave the pod: the outcome has {@code ids}, sorted, and {@code info}, in the same order,
   * fields with what the device plugin says of each (Device Information Specification), empty where it says nothing}
   * @param id the act's id, unique in the attachment
   * @param resource the resource's name
   */
  public static Act device(String id, String resource) {
    return new Act(
        Fields.empty().with("type", "device").with("id", id).with("resource", resource));
  }

  /**
   * {@return this element with arguments}
   * @param arguments what the plugin gets beside its configuration: {@code capabilities} and {@code args}
   */
  public Act withArguments(Fields arguments) {
    return new Act(fields().with("arguments", arguments));
  }

  /**
   * {@return the act's id}
   */
  public String id() {
    return fields().required("id");
  }

  /**
   * {@return {@code plugin} or {@code device}}
   */
  public String type() {
    return fields().required("type");
  }

  /**
   * {@return the plugin's configuration as JSON text}
   */
  public Optional<String> configuration() {
    return fields().text("configuration");
  }

  /**
   * {@return {@code CNI_IFNAME} of the plugin}
   */
  public Optional<String> interfaceName() {
    return fields().text("interfaceName");
  }

  /**
   * {@return the resource whose devices are looked up}
   */
  public Optional<String> resource() {
    return fields().text("resource");
  }

  /**
   * {@return what the plugin gets beside its configuration: {@code capabilities} and {@code args}}
   */
  public Fields arguments() {
    return fields().fields("arguments");
  }
}
