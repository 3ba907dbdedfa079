package dev.patchbay.it.adapters;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.spi.net.Cidr;
import java.util.function.Function;

/** A way in which the model is made to differ from the lab, so that a test sees that the difference is found. */
enum Breach {
  NONE,
  ONE_ADDRESS_MORE,
  ONE_INTERFACE_MORE,
  LARGER_BUCKETS,
  LESS_LAG,
  DETACHED_SOONER,
  UNASSIGN_FORGOTTEN,
  TOKEN_PASSED_OVER,
  GROUPS_FORGOTTEN,
  DELETED_IN_USE;

  InstanceTypeRecord type(InstanceTypeRecord t) {
    return switch (this) {
      case ONE_ADDRESS_MORE -> new InstanceTypeRecord(t.name(), t.interfacesPerCard(), t.ipv4PerInterface() + 1, t.ipv6PerInterface(),
          t.prefixes(), t.trunking(), t.branches(), t.vcpus());
      case ONE_INTERFACE_MORE -> new InstanceTypeRecord(t.name(), t.interfacesPerCard().stream().map(n -> n + 1).toList(),
          t.ipv4PerInterface(), t.ipv6PerInterface(), t.prefixes(), t.trunking(), t.branches(), t.vcpus());
      default -> t;
    };
  }

  int burst(int burst) {
    return this == LARGER_BUCKETS ? burst + 1 : burst;
  }

  long lag(long millis) {
    return this == LESS_LAG ? millis / 2 : millis;
  }

  long detachMillis(long millis) {
    return this == DETACHED_SOONER ? millis / 2 : millis;
  }

  CloudAnswer answer(CloudCall call, Function<CloudCall, CloudAnswer> model) {
    if (this == UNASSIGN_FORGOTTEN && call instanceof CloudCall.Unassign u) {
      CloudAnswer answer = model.apply(u);
      if (answer instanceof CloudAnswer.Done) {
        for (Cidr unit : u.units()) {
          if (unit.size() == 1) {
            var unused = model.apply(new CloudCall.AssignParticular(u.eniId(), unit.address()));
          }
        }
      }
      return answer;
    }
    if (this == TOKEN_PASSED_OVER && call instanceof CloudCall.CreateInterface c) {
      return model.apply(new CloudCall.CreateInterface(c.clientToken() + System.identityHashCode(c), c.type(), c.subnetId(), c.groups(),
          c.description(), c.tags(), c.family(), c.addresses(), c.prefixes()));
    }
    if (this == GROUPS_FORGOTTEN && call instanceof CloudCall.SetGroups) {
      return new CloudAnswer.Done();
    }
    if (this == DELETED_IN_USE && call instanceof CloudCall.Delete) {
      CloudAnswer answer = model.apply(call);
      return answer instanceof CloudAnswer.Failed f && f.kind() == CloudAnswer.Kind.STATE ? new CloudAnswer.Done() : answer;
    }
    return model.apply(call);
  }
}
