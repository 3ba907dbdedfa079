package dev.patchbay.lab.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ten instances of two interfaces and sixty addresses: what that takes. */
class ScaleTest {
  private static final int INSTANCES = 10;
  private static final int ADDRESSES = 30;

  @Test
  void tenInstances() {
    try (World world = new World()) {
      world.fabric.setSubnet(SubnetSpec.of("a", "10.0.16.0/20", "public"));
      world.fabric.setSubnet(SubnetSpec.of("b", "10.0.32.0/20", "private"));
      Instant start = Instant.now();
      for (int instance = 0; instance < INSTANCES; instance++) {
        String id = "i-" + instance;
        world.fabric.addInstance(InstanceSpec.node(id));
        world.fabric.attach(
            InterfaceSpec.primary(
                "eni-" + instance + "-0", mac(instance, 0), id, "a", List.of(address(0, instance, 0)), Set.of("open")));
        world.fabric.attach(
            InterfaceSpec.further(
                "eni-" + instance + "-1", mac(instance, 1), id, 1, "b", List.of(address(1, instance, 0)), Set.of("open")));
      }
      Instant attached = Instant.now();
      for (int instance = 0; instance < INSTANCES; instance++) {
        for (int eni = 0; eni < 2; eni++) {
          // One at a time, as EC2 calls would bring them.
          List<String> all = new ArrayList<>(List.of(address(eni, instance, 0)));
          for (int address = 1; address < ADDRESSES; address++) {
            all.add(address(eni, instance, address));
            world.deliver("eni-" + instance + "-" + eni, all.toArray(String[]::new));
          }
        }
      }
      Instant assigned = Instant.now();
      NetworkNamespace last = world.fabric.instance("i-9");
      World.command(last, "ip address add " + address(0, 9, ADDRESSES - 1) + "/32 dev lo");
      assertThat(World.reaches(world.fabric.instance("i-0"), address(0, 9, ADDRESSES - 1))).isTrue();
      assertThat(world.fabric.router().run("ip", "route", "show", "table", "main").output().lines().filter(line -> line.contains("169.254.0.2")))
          .hasSize(INSTANCES * 2 * ADDRESSES);
      Instant torn = Instant.now();
      world.fabric.close();
      Duration teardown = Duration.between(torn, Instant.now());
      System.out.printf(
          "fabric of %d instances: instances and %d interfaces in %d ms, %d addresses in %d ms, torn down in %d ms%n",
          INSTANCES, INSTANCES * 2, Duration.between(start, attached).toMillis(), INSTANCES * 2 * (ADDRESSES - 1),
          Duration.between(attached, assigned).toMillis(), teardown.toMillis());
      assertThat(Duration.between(start, assigned)).as("no more than the addresses are worth").isLessThan(Duration.ofMinutes(5));
    }
  }

  private static String mac(int instance, int eni) {
    return "02:00:00:00:%02x:%02x".formatted(eni, instance);
  }

  private static String address(int subnet, int instance, int number) {
    int host = instance * ADDRESSES + number;
    return "10.0.%d.%d".formatted(16 + subnet * 16 + host / 250, 4 + host % 250);
  }
}
