package dev.patchbay.mode.multus;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.ipam.ExtraAttachment;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.spi.view.ObjectView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which networks a pod gets, and how each of them is made. */
final class Networks {
  private final Definitions definitions;
  private final Definitions all;
  private final List<String> defaults;
  private final Set<String> systemNamespaces;
  private final String ownNamespace;

  Networks(Fields settings) {
    this.definitions = new Definitions(settings.isTrue(MultusProvider.ISOLATION), settings.texts(MultusProvider.GLOBAL));
    this.all = new Definitions(false, List.of());
    this.defaults = settings.texts(MultusProvider.DEFAULT_NETWORKS);
    this.systemNamespaces = Set.copyOf(settings.texts(MultusProvider.SYSTEM_NAMESPACES));
    this.ownNamespace = settings.text(MultusProvider.NAMESPACE).orElse("kube-system");
  }

  private static Optional<String> annotation(AttachmentView attachment, String key) {
    return attachment.pod().object().map(ObjectView::annotations).map(a -> a.getOrDefault(key, ""));
  }

  /** How the pod's first interface is made; empty if it leaves that to others. */
  Optional<Request> ofFirst(AttachmentView attachment) throws Refusal {
    List<Selection> selections = Annotation.read(Annotation.DEFAULT_NETWORK,
        annotation(attachment, Annotation.DEFAULT_NETWORK).orElse(""), ownNamespace);
    if (selections.isEmpty()) {
      return Optional.empty();
    }
    if (selections.size() > 1) {
      throw Refusal.ofPod("The annotation " + Annotation.DEFAULT_NETWORK + " names " + selections.size() + " networks, and a pod has one"
          + " first interface.", "Name one there, and the others in " + Annotation.NETWORKS + ".");
    }
    // Whom the pod's first network is for is not a matter of namespaces.
    Definitions.Definition definition = all.find(attachment.node(), attachment.pod().namespace(), selections.getFirst());
    Request request = request(attachment.node(), definition, selections.getFirst(), new HashMap<>());
    // What the container runtime asks for is for this interface; a plugin gets of it what it can do.
    return Optional.of(definition.configuration().isOurs() ? request : request.asked(attachment.capabilities()));
  }

  /** The pod's further interfaces, in order. */
  List<ExtraAttachment> further(AttachmentView first) throws Refusal {
    String namespace = first.pod().namespace();
    List<Selection> selections = new ArrayList<>();
    int ofAll = 0;
    if (!systemNamespaces.contains(namespace)) {
      for (String network : defaults) {
        selections.addAll(Annotation.read("defaultNetworks", network, ownNamespace));
      }
      ofAll = selections.size();
    }
    selections.addAll(Annotation.read(Annotation.NETWORKS, annotation(first, Annotation.NETWORKS).orElse(""), namespace));
    List<String> names = names(selections, first.interfaceName());
    List<Fields> defaultRoutes = DefaultRoutes.of(selections, names);
    Map<String, Integer> devices = new HashMap<>();
    List<ExtraAttachment> extras = new ArrayList<>();
    for (int i = 0; i < selections.size(); i++) {
      Selection selection = selections.get(i);
      Request request = request(first.node(), (i < ofAll ? all : definitions).find(first.node(), namespace, selection), selection, devices);
      boolean last = i == selections.size() - 1;
      extras.add(new ExtraAttachment(names.get(i), (last ? request.last(defaultRoutes) : request).fields()));
    }
    return extras;
  }

  /** The plugins of the networks that every pod gets: the node is ready for pods when they are. */
  List<Act> ofEveryPod(NodeView node) {
    List<Act> acts = new ArrayList<>();
    for (String network : defaults) {
      try {
        for (Selection selection : Annotation.read("defaultNetworks", network, ownNamespace)) {
          Configuration configuration = all.find(node, "", selection).configuration();
          if (!configuration.isOurs()) {
            acts.add(Act.plugin(selection.network(), configuration.text(), selection.interfaceName().orElse("net1")));
          }
        }
      } catch (Refusal e) {
        // The pod that asks for it is told.
      }
    }
    return acts;
  }

  private static List<String> names(List<Selection> selections, String first) throws Refusal {
    Set<String> names = new LinkedHashSet<>(Set.of(first));
    for (int i = 0; i < selections.size(); i++) {
      Selection selection = selections.get(i);
      String name = selection.interfaceName().orElse("net" + (i + 1));
      if (!names.add(name)) {
        throw Refusal.ofPod("The annotation " + Annotation.NETWORKS + " can't be used: the interface " + name + " for "
            + selection.network() + " is taken by another of the pod's.", "Give each interface a name of its own.");
      }
    }
    List<String> all = new ArrayList<>(names);
    return all.subList(1, all.size());
  }

  private static Request request(NodeView node, Definitions.Definition definition, Selection selection, Map<String, Integer> devices)
      throws Refusal {
    Set<String> asked = selection.capabilities().values().keySet();
    if (definition.configuration().isOurs()) {
      LaneNetwork lane = LaneNetwork.of(definition);
      Optional<String> beyond = LaneNetwork.capability(asked);
      if (beyond.isPresent()) {
        throw incapable(selection, beyond.get());
      }
      return Request.ofLane(selection, lane);
    }
    Set<String> can = definition.configuration().capabilities();
    for (String name : asked) {
      // A device may also be named to a plugin that reads it from elsewhere.
      if (!can.contains(name) && !name.equals("deviceID")) {
        throw incapable(selection, name);
      }
    }
    int device = definition.resource().map(resource -> devices.merge(resource, 1, Integer::sum) - 1).orElse(0);
    Configuration configuration = definition.configuration().withArguments(selection.arguments());
    Optional<String> named = selection.capabilities().text("deviceID");
    Request request = Request.ofPlugin(selection, named.map(configuration::withDevice).orElse(configuration), definition.resource(), device);
    Optional<BorrowedNetwork> borrowed = BorrowedNetwork.of(definition);
    if (borrowed.isPresent() && (asked.contains("ips") || selection.arguments().containsKey("ips"))) {
      throw new Refusal(Refusal.NETWORK_INCAPABLE, "The pod asks the network " + selection.network() + " for \"ips\", and EC2 chooses the"
          + " addresses of that network.", "Leave \"ips\" out.");
    }
    return borrowed.isPresent() ? request.upon(borrowed.get().on(node)) : request;
  }

  private static Refusal incapable(Selection selection, String name) {
    return new Refusal(Refusal.NETWORK_INCAPABLE, "The pod asks the network " + selection.network() + " for \"" + name + "\", and none of its"
        + " plugins says that it can do that.", "Leave it out, or have a plugin that can declare it under \"capabilities\" in the"
        + " NetworkAttachmentDefinition.");
  }
}
