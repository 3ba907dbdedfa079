package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.kernel.KernelObject;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.linux.datapath.FilterObjects.Entry;
import dev.patchbay.linux.datapath.FilterObjects.TranslationClass;
import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Failure;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.nft.Element;
import dev.patchbay.netlink.nft.Expression;
import dev.patchbay.netlink.nft.NftChain;
import dev.patchbay.netlink.nft.NftRule;
import dev.patchbay.netlink.nft.NftSet;
import dev.patchbay.netlink.nft.NftSocket;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.net.AddressFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The node's part of the packet filter: what should be there, compared with what is, and made so in one transaction. */
final class NodeFilter {
  /**
   * A rule.
   *
   * @param element what asks for it
   * @param rule the rule, with a comment that says what it is for
   */
  private record Wanted(PlanElement element, NftRule rule) {}

  private final Map<NftChain, List<Wanted>> chains = new LinkedHashMap<>();
  private final List<NftSet> sets = new ArrayList<>();
  private final Map<NftSet, List<Element>> exceptions = new LinkedHashMap<>();
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  /** Stands for what every node has. */
  private final PlanElement basic = PolicyRule.of("egress", Table.PODS);

  private final FilterPlace place;

  private NodeFilter(FilterPlace place) {
    this.place = place;
  }

  static NodeFilter of(NodeDatapath node, HostContext host, FilterPlace place, List<DatapathException> problems) {
    NodeFilter filter = new NodeFilter(place);
    filter.build(node, host, problems);
    return filter;
  }

  private void build(NodeDatapath node, HostContext host, List<DatapathException> problems) {
    for (NftChain chain : List.of(FilterObjects.ARRIVING, FilterObjects.PORTS, FilterObjects.PORTS_ARRIVING,
        FilterObjects.PORTS_LOCAL, FilterObjects.NODE_EGRESS, FilterObjects.NODE_LEAVING, FilterObjects.EGRESS,
        place.leaving())) {
      chains.put(chain, new ArrayList<>());
    }
    FilterObjects.Family.ALL.forEach(f -> sets.addAll(f.sets()));
    for (EniPath eni : node.enis()) {
      PlanElement egress = PolicyRule.of("egress", Table.ofEni(eni.id()));
      NftChain sources = FilterObjects.markChain(eni);
      NftChain bound = FilterObjects.boundChain(eni);
      chains.put(sources, new ArrayList<>());
      chains.put(bound, new ArrayList<>());
      rule(bound, egress, "packets leave by " + eni.id(), FilterRules.mark(eni));
      rule(bound, egress, "and that is decided", FilterRules.accept());
      if (!sources.equals(bound)) {
        rule(sources, egress, "as without a mark", FilterRules.accept());
      }
      arriving(node, eni, host, problems);
    }
    ports();
    for (EniPath eni : node.enis()) {
      rule(FilterObjects.EGRESS, ReturnPath.of(eni.id()), "answers by " + eni.id(), FilterRules.answer(eni));
    }
    rule(FilterObjects.EGRESS, basic, "translations of attachments", FilterRules.jump(FilterObjects.POD_EGRESS));
    rule(FilterObjects.EGRESS, basic, "translations of the node", FilterRules.jump(FilterObjects.NODE_EGRESS));
    for (FilterObjects.Family family : FilterObjects.Family.ALL) {
      rule(FilterObjects.EGRESS, basic, "sources", FilterRules.egress(family.family(), family.egress()));
      rule(FilterObjects.EGRESS, basic, "networks of sources", FilterRules.egress(family.family(), family.egressNetworks()));
      rule(place.leaving(), basic, "pods that reach themselves", FilterRules.hairpin(family.family()));
    }
    rule(place.leaving(), basic, "to pods", FilterRules.toOwnDevices());
    rule(place.leaving(), basic, "to the node", FilterRules.toLoopback());
    rule(place.leaving(), basic, "translations of attachments", FilterRules.jump(FilterObjects.POD_LEAVING));
    rule(place.leaving(), basic, "translations of the node", FilterRules.jump(FilterObjects.NODE_LEAVING));

    for (PlanElement element : node.plan().elements()) {
      try {
        FilterObjects.entries(element, Numbers.NODE_KEY, node.enis()).forEach(e -> entries.putIfAbsent(e.id(), e));
        if (element instanceof Translation translation) {
          translation(translation, node.enis());
        }
      } catch (DatapathException e) {
        problems.add(e);
      }
    }
  }

  private void rule(NftChain chain, PlanElement element, String comment, List<Expression> body) {
    Objects.requireNonNull(chains.get(chain)).add(new Wanted(element, new NftRule(chain, body, comment, 0)));
  }

  private void arriving(NodeDatapath node, EniPath eni, HostContext host, List<DatapathException> problems) {
    boolean answers = node.plan().elements(ReturnPath.class).stream().anyMatch(r -> r.eni().equals(eni.id()));
    Optional<Link> link = host.eniDevice(eni);
    if (link.isEmpty()) {
      problems.add(Compiler.missing(ReturnPath.of(eni.id()), Space.HOST, Device.ofEni(eni.id())));
      return;
    }
    int device = link.get().index();
    if (answers) {
      rule(FilterObjects.ARRIVING, ReturnPath.of(eni.id()), "by " + eni.id() + " to the node", FilterRules.returnPath(eni, device));
      return;
    }
    for (FilterObjects.Family family : FilterObjects.Family.ALL) {
      String comment = "by " + eni.id() + " to a pod's port";
      rule(FilterObjects.ARRIVING, ReturnPath.of(eni.id()), comment, FilterRules.returnPathOfPorts(eni, device, family));
      rule(FilterObjects.ARRIVING, ReturnPath.of(eni.id()), comment, FilterRules.returnPathOfAddressPorts(eni, device, family));
    }
  }

  private void ports() {
    rule(FilterObjects.PORTS_ARRIVING, basic, "ports of the node", FilterRules.portsOfLocalAddresses());
    rule(FilterObjects.PORTS_LOCAL, basic, "ports of the node", FilterRules.portsOfLocalAddresses());
    for (AddressFamily family : AddressFamily.values()) {
      rule(FilterObjects.PORTS, basic, "not of loopback", FilterRules.notLoopback(family));
      rule(FilterObjects.PORTS, basic, "of one address", FilterRules.portsOfAddress(family));
      rule(FilterObjects.PORTS, basic, "of all addresses", FilterRules.ports(family));
    }
  }

  private void translation(Translation translation, List<EniPath> enis) {
    TranslationClass type = TranslationClass.of(true, translation);
    if (sets.contains(type.sources())) {
      return;
    }
    sets.add(type.sources());
    if (!type.exceptions().isEmpty()) {
      sets.add(type.exceptionSet());
      exceptions.put(type.exceptionSet(), type.exceptionElements());
    }
    rule(FilterObjects.NODE_EGRESS, translation, type.name(), FilterRules.translatedEgress(type, eni(type, enis)));
    rule(FilterObjects.NODE_LEAVING, translation, type.name(), FilterRules.translate(type));
  }

  private static EniPath eni(TranslationClass type, List<EniPath> enis) {
    return NftFilter.owner(type.to(), enis).orElseThrow(() -> new DatapathException(DatapathException.Code.ENI_UNKNOWN,
        "no interface has the address " + type.to() + ", and none is primary", "Describe the node's interfaces beside the plan."));
  }

  /** The requests that make what the translations of attachments of one class have in common. */
  static List<Request> addClass(TranslationClass type, List<EniPath> enis) {
    List<Request> requests = new ArrayList<>();
    requests.add(type.sources().add());
    if (!type.exceptions().isEmpty()) {
      requests.add(type.exceptionSet().add());
      requests.addAll(type.exceptionSet().add(type.exceptionElements()));
    }
    requests.add(new NftRule(FilterObjects.POD_EGRESS, FilterRules.translatedEgress(type, eni(type, enis)), type.name(), 0).append());
    requests.add(new NftRule(FilterObjects.POD_LEAVING, FilterRules.translate(type), type.name(), 0).append());
    return requests;
  }

  /** Which of the rules of a class is not there. */
  static Optional<String> missingRule(TranslationClass type, List<EniPath> enis, List<NftRule> rules) {
    boolean egress = has(rules, FilterObjects.POD_EGRESS, FilterRules.translatedEgress(type, eni(type, enis)));
    boolean leaving = has(rules, FilterObjects.POD_LEAVING, FilterRules.translate(type));
    return egress && leaving ? Optional.empty()
        : Optional.of("the rule of " + type.name() + " is missing in chain " + (egress ? "pod-leaving" : "pod-egress"));
  }

  private static boolean has(List<NftRule> rules, NftChain chain, List<Expression> body) {
    return rules.stream().anyMatch(r -> r.chain().name().equals(chain.name()) && Expression.withoutCounts(r.expressions()).equals(body));
  }

  private static Map<String, List<NftRule>> byChain(NftSocket socket) {
    Map<String, List<NftRule>> rules = new HashMap<>();
    socket.rules(FilterObjects.TABLE).forEach(r -> rules.computeIfAbsent(r.chain().name(), c -> new ArrayList<>()).add(r));
    return rules;
  }

  private static boolean same(List<Wanted> wanted, List<NftRule> found) {
    if (wanted.size() != found.size()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      boolean same = wanted.get(i).rule().comment().equals(found.get(i).comment())
          && wanted.get(i).rule().expressions().equals(Expression.withoutCounts(found.get(i).expressions()));
      if (!same) {
        return false;
      }
    }
    return true;
  }

  /** Makes it so, all or nothing. */
  void apply(NftSocket socket, FilterIndex index, List<DatapathException> problems) {
    Map<String, List<NftRule>> there = byChain(socket);
    Batch transaction = NftSocket.transaction();
    transaction.add(FilterObjects.TABLE.add());
    sets.forEach(s -> transaction.add(s.add()));
    transaction.add(FilterObjects.POD_EGRESS.add()).add(FilterObjects.POD_LEAVING.add());
    chains.keySet().forEach(c -> transaction.add(c.add()));
    applyElements(index, transaction, problems);
    chains.forEach((chain, wanted) -> {
      List<NftRule> found = there.getOrDefault(chain.name(), List.of());
      if (!same(wanted, found)) {
        if (!found.isEmpty()) {
          transaction.add(chain.flush());
        }
        wanted.forEach(w -> transaction.add(w.rule().append()));
      }
    });
    removeUnused(socket, index, there, transaction);
    List<Failure> failures = socket.attempt(transaction);
    if (!failures.isEmpty()) {
      problems.add(Refusals.of(basic, failures.getFirst()));
    }
  }

  private void applyElements(FilterIndex index, Batch transaction, List<DatapathException> problems) {
    exceptions.forEach((set, elements) -> {
      Set<String> found = new HashSet<>();
      index.elements(set.name()).forEach(e -> found.add(FilterIndex.id(set, e)));
      Set<String> wanted = new HashSet<>();
      elements.forEach(e -> wanted.add(FilterIndex.id(set, e)));
      if (!found.equals(wanted)) {
        transaction.add(set.flush());
        set.add(elements).forEach(transaction::add);
      }
    });
    for (FilterIndex.Owned owned : index.owned(Numbers.NODE_KEY)) {
      Entry entry = entries.get(FilterIndex.id(owned.set(), owned.element()));
      if (entry == null || !index.observe(entry).isPresent()) {
        transaction.add(owned.set().remove(owned.element()));
      }
    }
    for (Entry entry : entries.values()) {
      String owner = index.owner(entry.id());
      if (!owner.isEmpty() && !owner.equals(Numbers.NODE_KEY)) {
        problems.add(new DatapathException(DatapathException.Code.ADDRESS_TAKEN, entry.element(), "attachment " + owner + " has it",
            "Detach that attachment first."));
      } else if (!index.observe(entry).isPresent()) {
        transaction.add(entry.set().add(entry.entry()));
      }
    }
  }

  /** Chains of interfaces that are gone, and classes of translations without sources. */
  private void removeUnused(NftSocket socket, FilterIndex index, Map<String, List<NftRule>> there, Batch transaction) {
    Set<String> wanted = new HashSet<>();
    sets.forEach(s -> wanted.add(s.name()));
    for (String name : index.classes()) {
      if (index.elements(name + "-sources").isEmpty()) {
        for (NftChain chain : List.of(FilterObjects.POD_EGRESS, FilterObjects.POD_LEAVING)) {
          there.getOrDefault(chain.name(), List.of()).stream().filter(r -> r.comment().equals(name))
              .forEach(r -> transaction.add(r.delete()));
        }
      } else {
        wanted.add(name + "-sources");
        wanted.add(name + "-exceptions");
      }
    }
    for (NftSet set : socket.sets(FilterObjects.TABLE)) {
      if (!wanted.contains(set.name())) {
        transaction.add(set.delete());
      }
    }
    for (NftChain chain : socket.chains(FilterObjects.TABLE)) {
      boolean ofInterface = chain.name().startsWith("by-") && chains.keySet().stream().noneMatch(c -> c.name().equals(chain.name()));
      boolean named = there.values().stream().flatMap(List::stream).filter(r -> r.chain().name().startsWith("pod-"))
          .flatMap(r -> r.expressions().stream())
          .anyMatch(e -> e instanceof Expression.Decide d && d.verdict().chain().equals(chain.name()));
      boolean ofOtherPlace = List.of(FilterObjects.LEAVING, FilterObjects.LEAVING_BEFORE).contains(chain) && !chain.equals(place.leaving());
      if (ofOtherPlace) {
        transaction.add(chain.delete());
      }
      if (ofInterface && !named && !index.leadsTo(chain.name())) {
        transaction.add(chain.delete());
      }
    }
  }

  static KernelObject object(Entry entry, FilterIndex index) {
    Observation seen = index.observe(entry);
    return new KernelObject(entry.element(), "set element", Space.HOST, Words.of(entry.set(), entry.entry()), seen.state(), seen.found());
  }

  /** What should be there, and whether it is. */
  List<KernelObject> examine(NftSocket socket) {
    List<KernelObject> objects = new ArrayList<>();
    Map<String, List<NftRule>> there = byChain(socket);
    Map<String, NftChain> found = new HashMap<>();
    socket.chains(FilterObjects.TABLE).forEach(c -> found.put(c.name(), c));
    chains.forEach((chain, wanted) -> {
      NftChain present = found.get(chain.name());
      if (present == null || !present.base().equals(chain.base())) {
        Observation seen = present == null ? Observation.missing(chain + " is missing")
            : Observation.altered(chain + " is called elsewhere");
        objects.add(new KernelObject(basic, "chain", Space.HOST, Words.of(chain), seen.state(), seen.found()));
      } else {
        examine(chain, wanted, there.getOrDefault(chain.name(), List.of()), objects);
      }
    });
    FilterIndex index = new FilterIndex();
    index.load(socket);
    entries.values().forEach(entry -> objects.add(object(entry, index)));
    exceptions.forEach((set, elements) -> {
      Observation seen = Observation.PRESENT;
      for (Element element : elements) {
        if (index.elements(set.name()).stream().noneMatch(e -> FilterIndex.id(set, e).equals(FilterIndex.id(set, element)))) {
          seen = seen.and(set + " lacks " + Words.element(set, element));
        }
      }
      String all = elements.stream().map(e -> Words.element(set, e)).collect(Collectors.joining(", "));
      objects.add(new KernelObject(basic, "set element", Space.HOST, FilterObjects.TABLE.family().word() + " "
          + FilterObjects.TABLE.name() + " " + set.name() + " { " + all + " }", seen.state(), seen.found()));
    });
    return objects;
  }

  private void examine(NftChain chain, List<Wanted> wanted, List<NftRule> rules, List<KernelObject> objects) {
    boolean exact = same(wanted, rules);
    boolean complete = true;
    for (Wanted w : wanted) {
      boolean exists = exact
          || rules.stream().anyMatch(r -> Expression.withoutCounts(r.expressions()).equals(w.rule().expressions()));
      Observation seen = exists ? Observation.PRESENT
          : Observation.missing("the rule \"" + w.rule().comment() + "\" is missing in " + chain + ", or altered");
      objects.add(new KernelObject(w.element(), "chain rule", Space.HOST, Words.of(w.rule()), seen.state(), seen.found()));
      complete &= exists;
    }
    if (complete && !exact) {
      objects.add(new KernelObject(basic, "chain", Space.HOST, Words.of(chain), KernelObject.State.ALTERED,
          List.of(chain + " has other rules too, or in another order")));
    }
  }
}
