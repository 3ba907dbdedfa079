package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceMetadata;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What IMDS says of the node: who it is, at first which interfaces it has, and later whether something is other than was known. */
final class Metadata {
  private static final long METADATA_MILLIS = 30_000;
  private static final long RETRY_MILLIS = 2_000;
  /** IMDS may lag by this much behind what was assigned. */
  private static final long LAG_MILLIS = 60_000;

  private final Context context;
  private final Function<String, Optional<InstanceTypeRecord>> types;
  private final KnownFacts facts;
  private final Descriptions descriptions;
  /** Runs when something was heard or not. */
  private final Runnable heard;
  /** Runs when something else may be done now. */
  private final Runnable changed;
  private boolean asking;
  private long dueAt;
  /** What it lacked when it was read last, and whether somebody held that then: EC2 was asked about it. */
  private Map<Cidr, Boolean> lacking = Map.of();

  Metadata(Context context, Function<String, Optional<InstanceTypeRecord>> types, KnownFacts facts, Descriptions descriptions,
      Runnable heard, Runnable changed) {
    this.context = context;
    this.types = types;
    this.facts = facts;
    this.descriptions = descriptions;
    this.heard = heard;
    this.changed = changed;
  }

  void start() {
    dueAt = context.millis();
  }

  /** When IMDS is read next. */
  long next() {
    return dueAt;
  }

  /** Reads what IMDS says, if that is due. */
  void tick() {
    if (dueAt <= context.millis() && !asking) {
      read();
    }
  }

  private void read() {
    asking = true;
    context.ask(Effect.ReadMetadata::new, event -> {
      asking = false;
      switch (event) {
        case Event.MetadataRead m -> {
          dueAt = context.millis() + METADATA_MILLIS;
          context.findings.remove("metadata");
          metadata(m.metadata());
        }
        case Event.MetadataFailed f -> {
          dueAt = context.millis() + RETRY_MILLIS;
          Finding why = Finding.of(Codes.CLOUD_UNREACHABLE, "Instance metadata does not answer: " + f.reason() + ".",
              "Check that IMDSv2 is on for the instance and its hop limit lets the daemon reach it.");
          context.findings.put("metadata", why);
          if (context.facts().isEmpty()) {
            context.findings.put("node", why);
          }
        }
        default -> throw Context.unexpected(event);
      }
      heard.run();
    });
  }

  private void metadata(InstanceMetadata m) {
    Optional<NodeFacts> before = context.facts();
    if (before.isEmpty() || !before.get().identity().instanceId().equals(m.identity().instanceId())) {
      Optional<InstanceTypeRecord> type =
          types.apply(m.identity().instanceType()).or(() -> context.ledger.type(m.identity().instanceType()));
      if (type.isEmpty()) {
        learnType(m);
        return;
      }
      List<NodeFacts.Eni> enis = new ArrayList<>();
      m.enis().forEach(e -> enis.add(new NodeFacts.Eni(e, facts.number(enis), Optional.empty())));
      facts.takeFirst(new NodeFacts(m.identity(), type.get(), enis, m.subnets(), m.vpcCidrs()));
      descriptions.expire();
      return;
    }
    NodeFacts now = before.get();
    if (!new HashSet<>(now.vpcCidrs()).equals(new HashSet<>(m.vpcCidrs())) && !m.vpcCidrs().isEmpty()) {
      now = now.withVpcCidrs(m.vpcCidrs());
      facts.take(now);
    }
    List<SubnetRecord> unknown = m.subnets().stream().filter(n -> context.facts().orElseThrow().subnet(n.id()).isEmpty()).toList();
    if (!unknown.isEmpty()) {
      now = now.withSubnets(Surroundings.merged(now.subnets(), unknown));
      facts.take(now);
    }
    NodeFacts known = now;
    boolean stranger = m.enis().stream().anyMatch(e -> known.eni(e.id()).isEmpty());
    boolean lost = known.enis().stream().anyMatch(e -> m.enis().stream().noneMatch(s -> s.id().equals(e.id()))
        && context.millis() - facts.since(e.id()) > Descriptions.LAG_MILLIS);
    boolean taken = lacksMore(m, known);
    if (stranger || lost || taken) {
      descriptions.lookAgain(context.millis());
    }
    m.enis().stream().filter(e -> e.mac().equals(m.identity().primaryMac())).findFirst()
        .ifPresent(primary -> primaryHas(primary.groups()));
  }

  /**
   * Whether it lacks an address or prefix that it did not lack before, or that nobody holds any more: IMDS may be stale, so that is a reason
   * to ask EC2, once.
   */
  private boolean lacksMore(InstanceMetadata m, NodeFacts known) {
    Map<Cidr, Boolean> now = new HashMap<>();
    for (EniRecord seen : m.enis()) {
      known.eni(seen.id()).ifPresent(eni -> {
        for (AddressFamily family : AddressFamily.values()) {
          List<Cidr> there = seen.units(family);
          eni.record().units(family).stream()
              .filter(unit -> !there.contains(unit) && context.millis() - facts.addedAt(unit) > LAG_MILLIS)
              .forEach(unit -> now.put(unit, context.ledger.holds(unit)));
        }
      });
    }
    boolean more = now.entrySet().stream().anyMatch(e -> !e.getValue().equals(lacking.get(e.getKey())));
    lacking = now;
    return more;
  }

  private void learnType(InstanceMetadata m) {
    String name = m.identity().instanceType();
    context.ask(token -> new Effect.Call(token, new CloudCall.DescribeType(name)), event -> {
      switch (event) {
        case Event.Answered(long _, CloudAnswer.Type t) -> {
          context.write(List.of(new Entry.TypeLearned(t.type())), () -> {}, _ -> {});
          context.findings.remove("type");
          metadata(m);
        }
        case Event.Answered(long _, CloudAnswer.Failed f) -> {
          Finding why = CloudFindings.of(f, "describe the instance type " + name);
          context.findings.put("type", why);
          context.findings.put("node", why);
          dueAt = context.millis() + RETRY_MILLIS;
        }
        default -> throw Context.unexpected(event);
      }
      heard.run();
    });
  }

  private void primaryHas(List<String> groups) {
    EniRecord primary = context.facts().orElseThrow().primary().record();
    if (!primary.groups().equals(groups)) {
      facts.groupsSet(primary.id(), groups);
      changed.run();
    }
  }
}
