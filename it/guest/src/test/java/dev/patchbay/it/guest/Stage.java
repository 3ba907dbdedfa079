package dev.patchbay.it.guest;

import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.services.ServiceRules;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.jspecify.annotations.Nullable;

/**
 * The lab of those tests here that have daemons. It takes long to start in an emulated processor, so all classes share it: the first that
 * comes starts it, and it ends after the last. Each class has the next node.
 */
final class Stage implements AutoCloseable {
  /** How long branches of Patchbay's own controller cool down. */
  static final Duration COOLDOWN = Duration.ofSeconds(4);
  /** How long it keeps one of each set of groups for the next pod. */
  static final Duration WARM = Duration.ofSeconds(15);
  /** The second node, which an override gives other modes. */
  static final String SECOND = "node-1";

  private static @Nullable Stage current;

  private final Lab lab;

  private Stage() {
    LabSettings settings = LabSettings.discover("guest").withNodes(0).withInstanceType("m5.large").withIpv6().withServices(ServiceRules.NFT);
    lab = Lab.start(settings.withConfiguration(configuration(settings.home())), step -> System.out.println(LocalTime.now() + " " + step));
  }

  /** Has the stage there before a class's tests. */
  static final class Shared implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      current = context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).getOrComputeIfAbsent(Stage.class, key -> new Stage(),
          Stage.class);
    }
  }

  static Stage current() {
    Stage stage = current;
    if (stage == null) {
      throw new IllegalStateException("a class of tests that has no extension " + Shared.class.getSimpleName());
    }
    return stage;
  }

  Lab lab() {
    return lab;
  }

  private static Map<String, Object> configuration(Path home) {
    Map<String, Object> configuration = modes(home);
    configuration.put("node", Map.of("cooldown", "1s", "addressWait", "10m"));
    return configuration;
  }

  /** The modes of an installation that run here: on the first node, and on the second. */
  static Map<String, Object> modes(Path home) {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("modules", Stream.of("secondaryip", "ipv6", "prefix", "customnet", "sgp")
        .map(mode -> Map.of("file", home.resolve("modes/dev.patchbay.mode." + mode + ".jar").toString())).toList());
    configuration.put("modes", modesOfFirst("strict"));
    configuration.put("overrides", List.of(Map.of("selector", Map.of("matchLabels", Map.of("kubernetes.io/hostname", SECOND)),
        "modes", List.of(Map.of("use", "prefix"), Map.of("use", "ipv6"),
            Map.of("use", "custom-net", "settings", Map.of("label", "topology.kubernetes.io/zone")), sgp("strict")))));
    return configuration;
  }

  /** The trunk needs a place, so one address is held warm. */
  static List<Map<String, Object>> modesOfFirst(String enforcing) {
    return List.of(Map.of("use", "secondary-ip", "settings", Map.of("warmIpTarget", 1)), Map.of("use", "ipv6"), sgp(enforcing));
  }

  private static Map<String, Object> sgp(String enforcing) {
    return Map.of("use", "sgp", "settings", Map.of("enforcing", enforcing, "branchCooldown", COOLDOWN.toSeconds() + "s", "warmBranches", 1,
        "warmBranchesFor", WARM.toSeconds() + "s"));
  }

  @Override
  public void close() {
    lab.close();
  }
}
