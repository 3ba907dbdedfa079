package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.core.kernel.KernelObject;
import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Errno;
import dev.patchbay.netlink.Failure;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.nft.Expression;
import dev.patchbay.netlink.nft.NftChain;
import dev.patchbay.netlink.nft.NftEvent;
import dev.patchbay.netlink.nft.NftFamily;
import dev.patchbay.netlink.nft.NftRule;
import dev.patchbay.netlink.nft.NftSocket;
import dev.patchbay.netlink.nft.NftTable;
import dev.patchbay.netlink.nft.Xtables;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The chains of aws-node as one node should have them, compared with what is there, and made so in one transaction. Those of iptables are
 * in the tables of iptables-nft, rule by rule as iptables itself would write them; others' rules there stay where they are. Every rule,
 * chain and table that is made says whose it is, where no tool shows it.
 */
final class ClassicChains {
  static final NftTable NAT = new NftTable(NftFamily.IP, "nat");
  static final NftTable NAT_6 = new NftTable(NftFamily.IP6, "nat");
  static final NftTable MANGLE = new NftTable(NftFamily.IP, "mangle");
  static final NftTable MARKS = new NftTable(NftFamily.IP, "aws-cni");
  static final List<NftTable> TABLES = List.of(NAT, NAT_6, MANGLE, MARKS);

  static final NftChain POSTROUTING = postrouting(NAT);
  static final NftChain POSTROUTING_6 = postrouting(NAT_6);
  static final NftChain PREROUTING =
      NftChain.base(MANGLE, "PREROUTING", NftChain.Type.FILTER, NftChain.Hook.PREROUTING, NftChain.MANGLE);
  static final NftChain SNAT = NftChain.regular(NAT, "AWS-SNAT-CHAIN-0");
  /** After destinations are translated: it sees what a service's address stands for. */
  static final NftChain NAT_PREROUTING = NftChain.base(MARKS, "nat-prerouting", NftChain.Type.NAT, NftChain.Hook.PREROUTING,
      NftChain.DESTINATION_NAT + 10);
  static final NftChain SNAT_MARK = NftChain.regular(MARKS, "snat-mark");

  private static final String OWNER = "patchbay";
  private static final int ATTEMPTS = 3;
  /** The comments of aws-node's own rules in chains that others use too: who goes over from it has them still. */
  private static final Set<String> COMMENTS = Set.of("AWS SNAT CHAIN", "AWS, primary ENI");

  /**
   * A rule.
   *
   * @param element what asks for it
   * @param words the rule as the tool that lists it takes it
   * @param rule the rule
   */
  record Wanted(PlanElement element, String words, NftRule rule) {}

  private final Map<NftChain, List<Wanted>> chains = new LinkedHashMap<>();
  private final List<DatapathException> problems = new ArrayList<>();
  /** Stands for what belongs to no element in particular. */
  private final PlanElement basic = PolicyRule.of("egress", Table.MAIN);

  private ClassicChains() {}

  private static NftChain postrouting(NftTable table) {
    return NftChain.base(table, "POSTROUTING", NftChain.Type.NAT, NftChain.Hook.POSTROUTING, NftChain.SOURCE_NAT);
  }

  /** Nothing, for taking all of it out. */
  static ClassicChains none() {
    return new ClassicChains();
  }

  /** What a node should have. */
  static ClassicChains of(NodeDatapath node, HostContext host) {
    ClassicChains all = new ClassicChains();
    Optional<EniPath> primary = node.enis().stream().filter(EniPath::primary).findFirst();
    String device = "";
    if (primary.isPresent()) {
      Optional<String> name = host.eniDevice(primary.get()).map(Link::name);
      name.or(Optional::empty).ifPresentOrElse(_ -> {}, () -> all.problems.add(Compiler.missing(ReturnPath.of(primary.get().id()),
          Space.HOST, dev.patchbay.spi.datapath.Device.ofEni(primary.get().id()))));
      device = name.orElse("");
    }
    new ClassicRules(node, device).build((element, chain, words, body) -> all.chains.computeIfAbsent(chain, _ -> new ArrayList<>())
        .add(new Wanted(element, words, new NftRule(chain, body, "", OWNER, 0))),
        chain -> all.chains.computeIfAbsent(chain, _ -> new ArrayList<>()));
    return all;
  }

  List<Wanted> rules() {
    return chains.values().stream().flatMap(List::stream).toList();
  }

  /** Whether anything is there that we made. */
  static boolean areThere(NftSocket socket) {
    return !tablesOfOurs(socket).isEmpty();
  }

  /** The tables in which anything is that we made. */
  static List<NftTable> tablesOfOurs(NftSocket socket) {
    return TABLES.stream().filter(t -> !socket.chains(t, OWNER).isEmpty()
        || socket.rules(t).stream().anyMatch(r -> r.owner().equals(OWNER))).toList();
  }

  /** Whether what was taken away may have been ours. */
  static boolean isOurs(NftEvent.Deleted event) {
    if (!TABLES.contains(event.table())) {
      return false;
    }
    String chain = event.chain();
    return event.what() == NftEvent.Kind.TABLE || event.table().equals(MARKS) || chain.equals("POSTROUTING") || chain.equals("PREROUTING")
        || chain.equals(SNAT.name()) || chain.startsWith("CNI-E");
  }

  /** Others have rules in it too. */
  private static boolean isShared(NftChain chain) {
    return chain.base().isPresent() && !chain.table().equals(MARKS);
  }

  private boolean isOurs(NftRule rule) {
    return rule.owner().equals(OWNER) || !chains.isEmpty() && COMMENTS.contains(Xtables.commentOf(rule.expressions()));
  }

  private List<NftRule> found(NftChain chain, List<NftRule> rules) {
    return rules.stream().filter(r -> r.chain().name().equals(chain.name())).filter(r -> !isShared(chain) || isOurs(r)).toList();
  }

  private static boolean same(List<Wanted> wanted, List<NftRule> found) {
    if (wanted.size() != found.size()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!found.get(i).owner().equals(OWNER) || !is(wanted.get(i), found.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean is(Wanted wanted, NftRule found) {
    return Expression.withoutCounts(found.expressions()).equals(wanted.rule().expressions());
  }

  /** Makes it so, all or nothing; returns what could not be done. */
  List<DatapathException> apply(NftSocket socket) {
    for (int attempt = 1;; attempt++) {
      Batch transaction = NftSocket.transaction();
      changes(socket).forEach(transaction::add);
      List<Failure> failures = transaction.isEmpty() ? List.of() : socket.attempt(transaction);
      if (failures.isEmpty()) {
        return problems;
      }
      // iptables may have done something between our look and our change; then what is named is not there.
      boolean raced = failures.getFirst().errno().equals(Errno.ENOENT) || failures.getFirst().errno().equals(Errno.EBUSY);
      if (!raced || attempt == ATTEMPTS) {
        problems.add(refused(failures.getFirst()));
        return problems;
      }
    }
  }

  private DatapathException refused(Failure failure) {
    if (!failure.errno().equals(Errno.ENOENT)) {
      return Refusals.of(basic, failure);
    }
    return new DatapathException(DatapathException.Code.FEATURE_MISSING, basic, "the kernel refused to " + failure.request() + ": "
        + failure.errno() + (failure.details().isEmpty() ? "" : ", " + failure.details()),
        "Load or build the kernel modules nft_compat, xt_comment, xt_addrtype, xt_connmark and xt_nat, or use node.datapath: fast.");
  }

  private List<Request> changes(NftSocket socket) {
    List<Request> requests = new ArrayList<>();
    List<Request> last = new ArrayList<>();
    List<NftTable> present = socket.tables();
    List<NftTable> own = socket.tables(OWNER);
    for (NftTable table : TABLES) {
      List<NftChain> wanted = chains.keySet().stream().filter(c -> c.table().equals(table)).toList();
      if (wanted.isEmpty() && !present.contains(table)) {
        continue;
      }
      List<NftChain> there = socket.chains(table);
      List<NftRule> rules = socket.rules(table);
      if (!present.contains(table)) {
        requests.add(table.add(OWNER));
      }
      for (NftChain chain : wanted) {
        make(chain, there, rules, requests);
      }
      Set<NftChain> stay = new LinkedHashSet<>(there);
      Set<NftChain> ownChains = new LinkedHashSet<>(socket.chains(table, OWNER));
      for (NftChain chain : there) {
        boolean isWanted = wanted.stream().anyMatch(w -> w.name().equals(chain.name()));
        List<NftRule> inIt = rules.stream().filter(r -> r.chain().name().equals(chain.name())).toList();
        List<NftRule> ours = inIt.stream().filter(r -> r.owner().equals(OWNER)).toList();
        if (!isWanted) {
          ours.forEach(r -> requests.add(r.delete()));
          if (ownChains.contains(chain) && ours.size() == inIt.size()) {
            last.add(chain.delete());
            stay.remove(chain);
          }
        }
      }
      if (wanted.isEmpty() && stay.isEmpty() && own.contains(table)) {
        last.add(table.delete());
      }
    }
    // Chains that are jumped to are made before what jumps to them, and go after it.
    chains.forEach((chain, wanted) -> fill(chain, wanted, socket, requests));
    requests.addAll(last);
    return requests;
  }

  private static void make(NftChain chain, List<NftChain> there, List<NftRule> rules, List<Request> requests) {
    Optional<NftChain> found = there.stream().filter(c -> c.name().equals(chain.name())).findFirst();
    boolean elsewhere = found.filter(c -> chain.base().isPresent() && !c.base().equals(chain.base()) && !isShared(chain)).isPresent();
    if (elsewhere) {
      if (rules.stream().anyMatch(r -> r.chain().name().equals(chain.name()))) {
        requests.add(chain.flush());
      }
      requests.add(chain.delete());
    }
    if (found.isEmpty() || elsewhere) {
      requests.add(chain.add(OWNER));
    }
  }

  private void fill(NftChain chain, List<Wanted> wanted, NftSocket socket, List<Request> requests) {
    List<NftRule> found = found(chain, socket.rules(chain.table()));
    if (!same(wanted, found)) {
      found.forEach(r -> requests.add(r.delete()));
      wanted.forEach(w -> requests.add(w.rule().append()));
    }
  }

  /** What should be there, and whether it is. */
  List<KernelObject> examine(NftSocket socket) {
    List<KernelObject> objects = new ArrayList<>();
    Map<NftTable, List<NftRule>> rules = new LinkedHashMap<>();
    chains.forEach((chain, wanted) -> {
      Optional<NftChain> there = socket.chains(chain.table()).stream().filter(c -> c.name().equals(chain.name())).findFirst();
      Observation seen = there.isEmpty() ? Observation.missing(chain + " is missing")
          : there.get().base().map(NftChain.Base::hook).equals(chain.base().map(NftChain.Base::hook)) ? Observation.PRESENT
              : Observation.altered(chain + " is called elsewhere");
      List<NftRule> found = found(chain, rules.computeIfAbsent(chain.table(), socket::rules));
      boolean exact = same(wanted, found);
      boolean complete = true;
      for (Wanted w : wanted) {
        boolean exists = exact || found.stream().anyMatch(r -> is(w, r));
        Observation of = exists ? Observation.PRESENT : Observation.missing("rule " + w.words() + " is missing, or altered");
        objects.add(new KernelObject(w.element(), "chain rule", Space.HOST, w.words(), of.state(), of.found()));
        complete &= exists;
      }
      if (seen.isPresent() && complete && !exact) {
        seen = Observation.altered(chain + " has other rules of ours too, or in another order");
      }
      objects.add(new KernelObject(basic, "chain", Space.HOST, Words.of(chain), seen.state(), seen.found()));
    });
    problems.forEach(p -> objects.add(new KernelObject(Objects.requireNonNullElse(p.element().orElse(null), basic), "element", Space.HOST,
        p.element().map(PlanElement::toString).orElse(""), KernelObject.State.MISSING, List.of(p.reason()))));
    return objects;
  }
}
