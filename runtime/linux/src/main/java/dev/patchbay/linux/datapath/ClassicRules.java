package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.NodeDatapath;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.nft.Expression;
import dev.patchbay.netlink.nft.NftChain;
import dev.patchbay.netlink.nft.NftFamily;
import dev.patchbay.netlink.nft.Value;
import dev.patchbay.netlink.nft.Verdict;
import dev.patchbay.netlink.nft.Xtables;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Translation;
import dev.patchbay.spi.net.Cidr;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Which rules of aws-node a node's intents stand for, in which order. */
final class ClassicRules {
  /** Takes a rule: what asks for it, where it is, as its tool says it, and what it does. */
  interface Into {
    void take(PlanElement element, NftChain chain, String words, List<Expression> body);
  }

  private static final int MARK = Numbers.RETURN_MARK;
  private static final int CHAIN_NAME = 28;
  private static final Cidr MULTICAST = Cidr.of("224.0.0.0/4");
  private static final Cidr MULTICAST_6 = Cidr.of("ff00::/8");

  private final NodeDatapath node;
  private final ClassicIntents intents;
  private final String primary;

  /**
   * For one node.
   *
   * @param primary the name of the primary interface's device; empty if there is none
   */
  ClassicRules(NodeDatapath node, String primary) {
    this.node = node;
    this.intents = ClassicIntents.of(node);
    this.primary = primary;
  }

  /**
   * Tells all rules.
   *
   * @param into takes rules, chain by chain, what is jumped to before what jumps
   * @param empty takes chains that are there even without rules
   */
  void build(Into into, Consumer<NftChain> empty) {
    if (intents.marks()) {
      empty.accept(ClassicChains.SNAT);
    }
    intents.outside().ifPresent(t -> {
      translation(t, into);
      marks(t, into);
    });
    intents.blocks().forEach(t -> block(t, into));
    intents.answers().ifPresent(a -> answers(a, into));
    PlanElement restored = intents.answers().map(a -> (PlanElement) a).or(intents::outside).orElse(null);
    if (restored != null) {
      restore(restored, node.vethPrefix(), into);
    }
    intents.answers().ifPresent(a -> restore(a, "vlan", into));
  }

  // Translation of what leaves the VPC

  /** aws-node puts each before the ones it put there, the VPC's first, so they stand in the order of the last. */
  private List<Cidr> exempt(Translation translation) {
    Set<Cidr> vpc = Set.copyOf(node.vpc());
    List<Cidr> ordered = new ArrayList<>();
    translation.exceptions().stream().filter(c -> c.family() == translation.to().family()).distinct().sorted()
        .filter(vpc::contains).forEach(ordered::add);
    translation.exceptions().stream().filter(c -> c.family() == translation.to().family()).distinct().sorted()
        .filter(c -> !vpc.contains(c)).forEach(ordered::add);
    Collections.reverse(ordered);
    return ordered;
  }

  private void translation(Translation translation, Into into) {
    for (Cidr cidr : exempt(translation)) {
      new Line(ClassicChains.SNAT).destination(cidr)
          .comment(node.vpc().contains(cidr) ? "AWS SNAT CHAIN" : "AWS SNAT CHAIN EXCLUSION").verdict(Verdict.RETURN, "RETURN")
          .end(translation, into);
    }
    new Line(ClassicChains.SNAT).notTo("vlan+").comment("AWS, SNAT").notToLocal().source(translation).end(translation, into);
    new Line(ClassicChains.POSTROUTING).comment("AWS SNAT CHAIN").jump(ClassicChains.SNAT).end(translation, into);
  }

  /** Of nftables: new connections that will be translated are marked, so that they leave by the primary interface. */
  private void marks(Translation translation, Into into) {
    for (Cidr cidr : exempt(translation)) {
      into.take(translation, ClassicChains.SNAT_MARK, "ip aws-cni snat-mark counter ip daddr " + cidr + " return", body(
          List.of(new Expression.Counter(0, 0)), matched(cidr), List.of(new Expression.Decide(Verdict.RETURN))));
    }
    into.take(translation, ClassicChains.SNAT_MARK, "ip aws-cni snat-mark counter ct mark set ct mark | 0x80", List.of(
        new Expression.Counter(0, 0), new Expression.Connection(Expression.ConnectionKey.MARK, 0),
        new Expression.Bitwise(0, 0, Value.number(~MARK), Value.number(MARK)),
        new Expression.SetConnection(Expression.ConnectionKey.MARK, 0)));
    into.take(translation, ClassicChains.NAT_PREROUTING, "ip aws-cni nat-prerouting fib daddr type local return", List.of(
        new Expression.Fib(Expression.FibResult.ADDRESS_TYPE, 2, 0),
        new Expression.Compare(0, Expression.Comparison.EQUAL, Value.number(2)), new Expression.Decide(Verdict.RETURN)));
    into.take(translation, ClassicChains.NAT_PREROUTING,
        "ip aws-cni nat-prerouting iifname \"" + node.vethPrefix() + "*\" counter jump snat-mark", List.of(
            new Expression.Meta(Expression.MetaKey.INPUT_LINK, 0),
            new Expression.Compare(0, Expression.Comparison.EQUAL, Value.linkNamePrefix(node.vethPrefix())),
            new Expression.Counter(0, 0), new Expression.Decide(Verdict.jump(ClassicChains.SNAT_MARK.name()))));
    into.take(translation, ClassicChains.NAT_PREROUTING, "ip aws-cni nat-prerouting counter meta mark set ct mark & 0x80", List.of(
        new Expression.Counter(0, 0), new Expression.Connection(Expression.ConnectionKey.MARK, 0),
        new Expression.Bitwise(0, 0, Value.number(MARK), Value.number(0)), new Expression.SetMeta(Expression.MetaKey.MARK, 0)));
  }

  private static List<Expression> matched(Cidr cidr) {
    return Xtables.destination(Kernel.prefix(cidr));
  }

  @SafeVarargs
  private static List<Expression> body(List<Expression>... parts) {
    List<Expression> all = new ArrayList<>();
    for (List<Expression> part : parts) {
      all.addAll(part);
    }
    return all;
  }

  // Node-local blocks

  /** aws-node has such a chain for each pod; here one serves the whole block. */
  private void block(Translation translation, Into into) {
    boolean ipv4 = ClassicRenderer.isIpv4(translation.to());
    for (Cidr source : translation.sources()) {
      if (source.family() != translation.to().family()) {
        continue;
      }
      NftChain chain = NftChain.regular(ipv4 ? ClassicChains.NAT : ClassicChains.NAT_6, name(source, ipv4));
      String comment = "name: \"patchbay\" id: \"" + source + "\"";
      new Line(chain).destination(ipv4 ? MULTICAST : MULTICAST_6).comment(comment).verdict(Verdict.ACCEPT, "ACCEPT").end(translation, into);
      new Line(chain).comment(comment).source(translation).end(translation, into);
      new Line(ipv4 ? ClassicChains.POSTROUTING : ClassicChains.POSTROUTING_6).from(source).comment(comment).jump(chain)
          .end(translation, into);
    }
  }

  private static String name(Cidr block, boolean ipv4) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-512").digest(("patchbay" + block).getBytes(StandardCharsets.UTF_8));
      return ((ipv4 ? "CNI-E4-" : "CNI-E6-") + HexFormat.of().formatHex(hash)).substring(0, CHAIN_NAME);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-512", e);
    }
  }

  // Connections that come in for the node, or are marked

  private void answers(ReturnPath answers, Into into) {
    if (!primary.isEmpty()) {
      new Line(ClassicChains.PREROUTING).by(primary).comment("AWS, primary ENI").toLocal()
          .then("-j CONNMARK --set-xmark 0x80/0x80", Xtables.setConnectionMark(MARK, MARK)).end(answers, into);
    }
  }

  private static void restore(PlanElement element, String beginning, Into into) {
    new Line(ClassicChains.PREROUTING).by(beginning + "+").comment("AWS, primary ENI")
        .then("-j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80", Xtables.restoreConnectionMark(MARK)).end(element, into);
  }

  /** One rule of iptables, in its words and in the kernel's. */
  private static final class Line {
    private final NftChain chain;
    private final StringBuilder words;
    private final List<Expression> body = new ArrayList<>();

    Line(NftChain chain) {
      this.chain = chain;
      this.words = new StringBuilder(chain.table().family() == NftFamily.IP6 ? "ip6tables" : "iptables")
          .append(" -t ").append(chain.table().name()).append(" -A ").append(chain.name());
    }

    private Line add(String word, List<Expression> expressions) {
      words.append(' ').append(word);
      body.addAll(expressions);
      return this;
    }

    Line by(String link) {
      return add("-i " + link, Xtables.inputLink(link));
    }

    Line notTo(String link) {
      return add("! -o " + link, Xtables.notOutputLink(link));
    }

    /** iptables leaves it out for all addresses, as the kernel does. */
    Line destination(Cidr cidr) {
      IpPrefix prefix = Kernel.prefix(cidr);
      return prefix.length() == 0 ? this : add("-d " + cidr, Xtables.destination(prefix));
    }

    Line from(Cidr cidr) {
      IpPrefix prefix = Kernel.prefix(cidr);
      return prefix.length() == 0 ? this : add("-s " + cidr, Xtables.source(prefix));
    }

    Line comment(String text) {
      return add("-m comment --comment \"" + text.replace("\"", "\\\"") + "\"", List.of(Xtables.comment(text)));
    }

    Line notToLocal() {
      return add("-m addrtype ! --dst-type LOCAL", List.of(Xtables.notToLocal()));
    }

    Line toLocal() {
      return add("-m addrtype --dst-type LOCAL --limit-iface-in", List.of(Xtables.toLocalOfInputLink()));
    }

    Line then(String word, Expression target) {
      return add(word, List.of(new Expression.Counter(0, 0), target));
    }

    Line verdict(Verdict verdict, String word) {
      return then("-j " + word, new Expression.Decide(verdict));
    }

    Line jump(NftChain to) {
      return then("-j " + to.name(), new Expression.Decide(Verdict.jump(to.name())));
    }

    Line source(Translation translation) {
      int flags = FilterRules.flags(translation.ports().orElse("random-fully"));
      String random = switch (flags) {
        case 0 -> "";
        case FilterRules.RANDOM -> " --random";
        default -> " --random-fully";
      };
      return then("-j SNAT --to-source " + translation.to() + random,
          Xtables.translateSource(Kernel.address(translation.to()), flags));
    }

    void end(PlanElement element, Into into) {
      into.take(element, chain, words.toString(), body);
    }
  }
}
