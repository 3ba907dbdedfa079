package dev.patchbay.cluster;

import dev.patchbay.cluster.view.ClusterFacts;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceRecord;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.spi.eni.GroupChoice;
import dev.patchbay.spi.eni.SubnetChoice;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Where interfaces are made, and in which security groups. */
final class Places {
  /** Groups are tagged by people: so long an answer about tags is good. */
  private static final long KNOWN_MILLIS = 60_000;

  private final Context context;
  private final Map<CloudCall.DescribeGroups, Known> known = new HashMap<>();

  private record Known(List<String> groups, long at) {}

  Places(Context context) {
    this.context = context;
  }

  private static Optional<EniRecord> primary(InstanceRecord instance) {
    return instance.enis().stream().findFirst();
  }

  private static Optional<CloudCall.DescribeGroups> asked(GroupChoice choice, InstanceRecord instance) {
    return choice.isOfPrimary() || !choice.ids().isEmpty() ? Optional.empty()
        : Optional.of(new CloudCall.DescribeGroups(instance.vpcId(), choice.tags()));
  }

  /** What EC2 must be asked before the groups are known. */
  Optional<CloudCall> question(GroupChoice choice, InstanceRecord instance) {
    return asked(choice, instance).filter(call -> !known.containsKey(call) || known.get(call).at() + KNOWN_MILLIS < context.millis())
        .map(call -> call);
  }

  void heard(CloudCall.DescribeGroups call, CloudAnswer.Groups answer) {
    known.put(call, new Known(answer.ids(), context.millis()));
  }

  /** The groups; empty if none are known. */
  Optional<List<String>> groups(GroupChoice choice, InstanceRecord instance) {
    if (choice.isOfPrimary()) {
      return primary(instance).map(EniRecord::groups);
    }
    return asked(choice, instance).map(call -> Optional.ofNullable(known.get(call)).map(Known::groups).filter(g -> !g.isEmpty()))
        .orElse(Optional.of(choice.ids()));
  }

  /** A subnet in the instance's zone; empty if none is known. */
  Optional<String> subnet(SubnetChoice choice, InstanceRecord instance, ClusterFacts facts) {
    if (choice.isOfNode()) {
      return primary(instance).map(EniRecord::subnetId);
    }
    Stream<SubnetRecord> all = choice.ids().isEmpty()
        ? facts.subnets().values().stream().filter(s -> choice.tags().entrySet().stream().allMatch(
            t -> s.tags().containsKey(t.getKey()) && (t.getValue().isEmpty() || t.getValue().equals(s.tags().get(t.getKey())))))
        : choice.ids().stream().map(facts.subnets()::get).filter(s -> s != null);
    List<SubnetRecord> here = all.filter(s -> s.zone().equals(instance.zone())).toList();
    Comparator<SubnetRecord> free = Comparator.comparingInt((SubnetRecord s) -> s.free().orElse(0))
        .thenComparing(SubnetRecord::id, Comparator.reverseOrder());
    return (choice.order() == SubnetChoice.Order.AS_WRITTEN ? here.stream().findFirst() : here.stream().max(free)).map(SubnetRecord::id);
  }
}
