package dev.patchbay.mode.multus;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.view.AttachmentView;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** Interfaces that other CNI plugins make. */
final class Plugins {
  /** The act that runs the plugins. */
  static final String ACT = "plugin";
  private static final String DEVICE = "device";
  /** The order in which plugins get them from Multus; others follow. */
  private static final List<String> POD_ARGUMENTS =
      List.of("K8S_POD_NAMESPACE", "K8S_POD_NAME", "K8S_POD_INFRA_CONTAINER_ID", "K8S_POD_UID");
  private static final Set<String> OUR_ARGUMENTS = Set.of("IgnoreUnknown", "MAC", "IP");

  private Plugins() {}

  /**
   * Plans an interface: which device it gets, if it takes one, and then the run of its plugins.
   *
   * @param attachment the attachment
   * @param request how it is made
   * @param complete what else is planned once the plugins have run
   * @return the plan
   */
  static Answer<DatapathPlan> plan(AttachmentView attachment, Request request, DatapathPlan complete) {
    DatapathPlan plan = DatapathPlan.empty();
    Configuration configuration;
    try {
      configuration = Configuration.of(request.network(), request.network(), request.configuration());
      if (request.borrowed().isPresent()) {
        configuration = configuration.withAddresses(request.network(), attachment.addresses());
      }
    } catch (Refusal e) {
      return e.answer();
    }
    Fields capabilities = request.capabilities();
    if (request.resource().isPresent()) {
      plan = plan.and(Act.device(DEVICE, request.resource().get()));
      Fields found = attachment.outcome(DEVICE);
      if (found.equals(Fields.empty())) {
        return Answer.of(plan);
      }
      if (found.has("error")) {
        return failed(request, "its device, " + request.resource().get() + ", is not known: " + words(found));
      }
      List<String> ids = found.texts("ids");
      if (request.device() < ids.size()) {
        String id = ids.get(request.device());
        configuration = configuration.withDevice(id);
        capabilities = capabilities.with("deviceID", id);
      }
    }
    Fields arguments = Fields.empty().with("args", arguments(attachment)).with("capabilities", capabilities);
    plan = plan.and(Act.plugin(ACT, configuration.text(), attachment.interfaceName()).withArguments(arguments));
    Fields outcome = attachment.outcome(ACT);
    if (outcome.has("error")) {
      return failed(request, words(outcome));
    }
    return Answer.of(outcome.has("result") ? plan.and(complete) : plan);
  }

  /** What is known of the device that an interface was made with; empty fields if nothing is, or it has none. */
  static Fields device(AttachmentView attachment) {
    Request request = new Request(attachment.request());
    List<Fields> known = attachment.outcome(DEVICE).list("info");
    return request.resource().isPresent() && request.device() < known.size() ? known.get(request.device()) : Fields.empty();
  }

  private static String words(Fields outcome) {
    String words = outcome.text("error").orElse("no reason was given").strip();
    return words.endsWith(".") ? words.substring(0, words.length() - 1) : words;
  }

  private static <T> Answer<T> failed(Request request, String why) {
    return Answer.refuse(Refusal.DELEGATE_FAILED, "The network " + request.network() + " gave no interface: " + why + ".",
        "Look at the network's NetworkAttachmentDefinition and its plugin; the pod's other interfaces are undone, and kubelet tries"
            + " again by itself.");
  }

  private static String arguments(AttachmentView attachment) {
    Map<String, String> given = attachment.arguments();
    StringJoiner arguments = new StringJoiner(";").add("IgnoreUnknown=true");
    for (String name : POD_ARGUMENTS) {
      if (given.containsKey(name)) {
        arguments.add(name + "=" + given.get(name));
      }
    }
    given.keySet().stream().sorted().filter(n -> !POD_ARGUMENTS.contains(n) && !OUR_ARGUMENTS.contains(n))
        .forEach(name -> arguments.add(name + "=" + given.get(name)));
    return arguments.toString();
  }
}
