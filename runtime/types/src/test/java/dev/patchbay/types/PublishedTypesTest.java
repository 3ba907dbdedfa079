package dev.patchbay.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.InstanceTypeRecord;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The table has what AWS publishes. */
class PublishedTypesTest {
  private final PublishedTypes table = new PublishedTypes();

  @Test
  void typesOfEachKind() {
    assertThat(table.find("m5.large")).contains(new InstanceTypeRecord("m5.large", List.of(3), 10, 10, true, true, 9, 2));
    assertThat(table.find("t1.micro")).contains(new InstanceTypeRecord("t1.micro", List.of(2), 2, 0, false, false, 0, 1));
    assertThat(table.find("t3.medium")).contains(new InstanceTypeRecord("t3.medium", List.of(3), 6, 6, true, false, 0, 2));
    assertThat(table.find("m5.metal")).contains(new InstanceTypeRecord("m5.metal", List.of(15), 50, 50, true, true, 120, 96));
    assertThat(table.find("p4d.24xlarge"))
        .contains(new InstanceTypeRecord("p4d.24xlarge", List.of(15, 15, 15, 15), 50, 50, true, true, 62, 96));
    assertThat(table.find("m4.large")).contains(new InstanceTypeRecord("m4.large", List.of(2), 10, 10, false, false, 0, 2));
  }

  @Test
  void whatIsNotThereIsEmpty() {
    for (String name : List.of("m99.large", "m5", "large", "", "5.large", "m5.large ", "#", "15", ":")) {
      assertThat(table.find(name)).as(name).isEqualTo(Optional.empty());
    }
  }

  @Test
  void everyTypeIsThereOnceAndFoundByItsName() {
    List<InstanceTypeRecord> all = PublishedTypes.all();
    assertThat(all).hasSize(1392);
    assertThat(all.stream().map(InstanceTypeRecord::name)).doesNotHaveDuplicates();
    assertThat(all).allSatisfy(t -> {
      assertThat(t.interfacesPerCard()).allMatch(n -> n >= 1 && n <= 32);
      assertThat(t.ipv4PerInterface()).isBetween(2, 64);
      assertThat(t.ipv6PerInterface()).isIn(0, t.ipv4PerInterface());
      assertThat(t.branches() > 0).isEqualTo(t.trunking());
    });
    for (int n = 0; n < all.size(); n += 31) {
      assertThat(table.find(all.get(n).name())).contains(all.get(n));
    }
  }
}
