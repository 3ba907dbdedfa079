package dev.patchbay.lab.vpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever many callers do at once, the state keeps EC2's promises and listeners see every step of it. */
class ModelInvariantTest {
  private static final int THREADS = 4;
  private static final int STEPS = 400;

  private final VpcModel model = new VpcModel(VpcModel.Settings.lab(11), InstantSource.system());
  private final Vpc vpc =
      model.network().createVpc(Cidr.parse("10.0.0.0/16"), Optional.of(Cidr.parse("2001:db8:0:100::/56")), Map.of());
  private final Subnet subnet =
      model
          .network()
          .createSubnet(
              vpc.id(),
              "eu-west-1a",
              Cidr.parse("10.0.0.0/24"),
              Optional.of(Cidr.parse("2001:db8:0:101::/64")),
              false,
              Map.of());

  @Test
  void nothingIsHeldTwiceAndNoStepIsMissed() throws InterruptedException {
    model.behave(new VpcModel.Behaviour(Duration.ZERO, Duration.ZERO, Placement.SCATTERED, Quotas.USUAL));
    List<String> nodes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      nodes.add(
          model.instances().launch("m5.large", InterfaceRequest.in(subnet.id()).build(), Optional.empty(), Map.of()).id());
    }
    List<Long> revisions = new ArrayList<>();
    VpcState start = model.listen((before, after, changes) -> revisions.add(after.revision()));
    List<Throwable> surprises = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      SplittableRandom random = new SplittableRandom(i);
      threads.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler(
                  (thread, e) -> {
                    synchronized (surprises) {
                      surprises.add(e);
                    }
                  })
              .start(() -> act(nodes, random)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(surprises).isEmpty();
    VpcState end = model.state();
    assertThat(revisions).hasSize((int) (end.revision() - start.revision())).isSorted().doesNotHaveDuplicates();
    check(end);
  }

  private void act(List<String> nodes, SplittableRandom random) {
    for (int step = 0; step < STEPS; step++) {
      List<NetworkInterface> all = List.copyOf(model.state().interfaces().values());
      NetworkInterface any = all.get(random.nextInt(all.size()));
      try {
        switch (random.nextInt(9)) {
          case 0 -> model.interfaces().create(InterfaceRequest.in(subnet.id()).secondaryCount(random.nextInt(4)).build());
          case 1 -> model.interfaces().delete(any.id());
          case 2 -> model.addresses().assignIpv4(any.id(), AddressRequest.count(1 + random.nextInt(3)));
          case 3 -> model.addresses().assignIpv4(any.id(), AddressRequest.prefixCount(1));
          case 4 -> model.addresses().unassignIpv4(any.id(), any.secondaries().stream().limit(1).toList(), List.of());
          case 5 -> model.addresses().unassignIpv4(any.id(), List.of(), List.copyOf(any.ipv4Prefixes()));
          case 6 -> model.attachments().attach(any.id(), nodes.get(random.nextInt(nodes.size())), random.nextInt(1, 4), 0);
          case 7 -> any.attachment().ifPresent(a -> model.attachments().detach(a.id(), random.nextBoolean()));
          default -> model.addresses().assignIpv6(any.id(), AddressRequest.prefixCount(1));
        }
      } catch (Ec2Error refused) {
        // Refusals are part of the game; what counts is what the state looks like then.
        assertThat(refused.code()).isNotBlank();
      }
    }
  }

  private void check(VpcState state) {
    Set<Cidr> held = new HashSet<>();
    Set<String> places = new HashSet<>();
    int single = 0;
    int prefixes = 0;
    for (NetworkInterface each : state.interfaces().values()) {
      for (Cidr block : each.delivered()) {
        assertThat(held).noneMatch(block::overlaps);
        held.add(block);
        assertThat(subnet.reserved(block.base())).isFalse();
      }
      single += each.ipv4Addresses().size();
      prefixes += each.ipv4Prefixes().size();
      each.attachment()
          .ifPresent(
              a -> {
                assertThat(places.add(a.instanceId() + a.networkCard() + a.deviceIndex())).isTrue();
                assertThat(each.ipv4Slots()).isLessThanOrEqualTo(10);
                assertThat(each.ipv6Slots()).isLessThanOrEqualTo(10);
              });
    }
    for (Instance instance : state.instances().values()) {
      assertThat(state.interfacesOf(instance.id())).hasSizeBetween(1, 3);
    }
    assertThat(state.available(subnet.id())).isEqualTo(251 - single - 16 * prefixes);
  }
}
