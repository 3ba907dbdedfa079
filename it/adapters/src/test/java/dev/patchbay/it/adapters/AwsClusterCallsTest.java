package dev.patchbay.it.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.AssociationRecord;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceRecord;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.spi.net.AddressFamily;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The calls of the cluster side do in EC2 what they say, and their answers say what was done. */
class AwsClusterCallsTest {
  private final AwsLab lab = new AwsLab("m5.large");

  @AfterEach
  void close() {
    lab.close();
  }

  private String make(Map<String, String> tags) {
    return lab.model.interfaces().create(InterfaceRequest.in(lab.subnet.id()).tags(tags).build()).id();
  }

  private EniRecord made(String type) {
    return lab.call(new CloudCall.CreateInterface("t-" + type, type, lab.subnet.id(), List.copyOf(lab.primary.groups()), "",
        Map.of("cluster", "shop"), AddressFamily.IPV4, 0, 0), CloudAnswer.Made.class).eni();
  }

  @Test
  void whatCarriesTheTagIsFoundAndNotWhatAServiceManages() {
    String mine = make(Map.of("cluster", "shop"));
    make(Map.of("cluster", "office"));
    make(Map.of());
    lab.model.interfaces().create(InterfaceRequest.in(lab.subnet.id()).tags(Map.of("cluster", "shop")).requesterManaged().build());
    assertThat(lab.call(new CloudCall.DescribeOwned("cluster", "shop"), CloudAnswer.Interfaces.class).enis())
        .extracting(EniRecord::id).containsExactly(mine);
    assertThat(lab.call(new CloudCall.DescribeOwned("cluster", "nobody"), CloudAnswer.Interfaces.class).enis()).isEmpty();
  }

  @Test
  void instancesAreDescribedWithTheirInterfacesAndWhatDoesNotExistIsLeftOut() {
    List<String> ids = List.of(lab.node.id(), "i-0123456789abcdef0");
    assertThat(lab.call(new CloudCall.DescribeInstances(ids), CloudAnswer.Instances.class).instances()).singleElement().satisfies(i -> {
      assertThat(i).extracting(InstanceRecord::id, InstanceRecord::state, InstanceRecord::type, InstanceRecord::vpcId, InstanceRecord::zone)
          .containsExactly(lab.node.id(), "running", "m5.large", lab.vpc.id(), "eu-west-1a");
      assertThat(i.enis()).singleElement().satisfies(e -> {
        assertThat(e.id()).isEqualTo(lab.primary.id());
        assertThat(e.subnetId()).isEqualTo(lab.subnet.id());
        assertThat(e.groups()).containsExactlyElementsOf(lab.primary.groups());
        assertThat(e.attachment().orElseThrow()).extracting(EniRecord.Attachment::instanceId, EniRecord.Attachment::deviceIndex,
            EniRecord.Attachment::deleteOnTermination).containsExactly(lab.node.id(), 0, true);
        assertThat(e.primary().orElseThrow().toString()).isEqualTo(lab.primary.primary().orElseThrow().toString());
      });
    });
    lab.model.instances().terminate(lab.node.id());
    assertThat(lab.call(new CloudCall.DescribeInstances(ids), CloudAnswer.Instances.class).instances()).singleElement().satisfies(i -> {
      assertThat(i.terminated()).isTrue();
      assertThat(i.enis()).isEmpty();
    });
  }

  @Test
  void branchHangsOnATrunkOnceForOneTokenUntilItIsTakenOff() {
    EniRecord trunk = made("trunk");
    EniRecord branch = made("branch");
    CloudCall.Associate hang = new CloudCall.Associate("hang", branch.id(), trunk.id(), 7);
    AssociationRecord made = lab.call(hang, CloudAnswer.Associations.class).associations().getFirst();
    assertThat(made).extracting(AssociationRecord::branchId, AssociationRecord::trunkId, AssociationRecord::vlanId)
        .containsExactly(branch.id(), trunk.id(), 7);
    assertThat(lab.call(hang, CloudAnswer.Associations.class).associations()).containsExactly(made);
    CloudCall.DescribeAssociations look = new CloudCall.DescribeAssociations(List.of(trunk.id()));
    assertThat(lab.call(look, CloudAnswer.Associations.class).associations()).containsExactly(made);
    assertThat(lab.failure(new CloudCall.Delete(branch.id())).kind()).isEqualTo(CloudAnswer.Kind.STATE);
    CloudCall.Disassociate off = new CloudCall.Disassociate("off", made.id());
    lab.call(off, CloudAnswer.Done.class);
    assertThat(lab.call(look, CloudAnswer.Associations.class).associations()).isEmpty();
    lab.call(new CloudCall.Delete(branch.id()), CloudAnswer.Done.class);
  }
}
