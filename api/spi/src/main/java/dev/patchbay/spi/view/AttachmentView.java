package dev.patchbay.spi.view;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ImplementedByRuntime;
import dev.patchbay.spi.net.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * One interface of one pod that is being made, or is there.
 */
@ImplementedByRuntime
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface AttachmentView {
  /**
   * {@return the node, at the same moment}
   */
  NodeView node();

  /**
   * {@return the pod}
   */
  PodView pod();

  /**
   * {@return the sandbox's id}
   */
  String containerId();

  /**
   * {@return the name of the interface in the pod}
   */
  String interfaceName();

  /**
   * {@return the name that the host's end of a veth pair has, as the operator's prefix and the pod's name want it; at most 15
   * characters, no other attachment's}
   */
  String hostInterfaceName();

  /**
   * {@return what was asked for with the CNI capability convention ({@code runtimeConfig}): {@code portMappings},
   * {@code bandwidth} and so on, names as the conventions spell them}
   */
  Fields capabilities();

  /**
   * {@return the key and value pairs of {@code CNI_ARGS}}
   */
  Map<String, String> arguments();

  /**
   * {@return the request by which this attachment came about, for one that an extra asked for: its own fields; empty
   * for a pod's first}
   */
  Fields request();

  /**
   * {@return the addresses that it holds, in the order in which the address planner asked for them; empty while that
   * planner itself is asked}
   */
  List<HeldAddressView> addresses();

  /**
   * {@return the hardware address of the interface in the pod, once the runtime has made it; empty for one that another plugin made}
   */
  Optional<MacAddress> mac();

  /**
   * {@return the attachments of the same pod that came before}
   */
  List<AttachmentView> earlier();

  /**
   * {@return the outcomes of acts that plans named, by the acts' ids; empty fields for one that has not been done}
   * @param act the act's id
   */
  Fields outcome(String act);
}
