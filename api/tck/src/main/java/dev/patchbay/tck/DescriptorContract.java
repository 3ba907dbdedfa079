package dev.patchbay.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.Setting;
import dev.patchbay.spi.SettingException;
import java.util.List;
import org.apiguardian.api.API;
import org.junit.jupiter.api.Test;

/**
 * What a mode says of itself holds: its name, roles, settings and needs.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface DescriptorContract extends ModeTest {
  /** Its name can stand in configuration. */
  @Test
  default void itsNameCanStandInConfiguration() {
    assertThat(mode().provider().id()).as("id of the provider").matches("[a-z][a-z0-9-]{0,39}").doesNotEndWith("-");
  }

  /** The descriptor says the same at each call, and in a sentence what the mode does. */
  @Test
  default void itsDescriptorIsTheSameAtEachCall() {
    ModeDescriptor one = mode().provider().descriptor();
    ModeDescriptor two = mode().provider().descriptor();
    assertThat(one.summary()).as("summary").matches("(?s)\\p{Lu}.{10,}\\.").isEqualTo(two.summary());
    assertThat(one.roles()).as("roles").hasToString(two.roles().toString());
    assertThat(one.settings()).as("settings").hasToString(two.settings().toString());
    assertThat(one.nodeReads()).isEqualTo(two.nodeReads());
    assertThat(one.clusterReads()).isEqualTo(two.clusterReads());
    assertThat(one.needs().nodeActions()).isEqualTo(two.needs().nodeActions());
    assertThat(one.needs().nodeRules()).isEqualTo(two.needs().nodeRules());
  }

  /** It has the planners that its roles call for, and no planner that none of its roles would have asked. */
  @Test
  default void itHasThePlannersOfItsRoles() {
    ModeDescriptor descriptor = mode().provider().descriptor();
    for (Fields settings : mode().settings()) {
      NetworkMode made = mode().provider().create(ModeUnderTest.context(settings));
      boolean modifier = false;
      boolean claim = false;
      boolean extra = false;
      for (Role role : descriptor.roles()) {
        switch (role) {
          case Role.Base ignored -> {
            assertThat(made.eniPlanner()).as("a base plans lanes").isPresent();
            assertThat(made.addressPlanner()).as("a base plans addresses").isPresent();
            assertThat(made.datapathPlanner()).as("a base plans the datapath").isPresent();
          }
          case Role.Modifier ignored -> modifier = true;
          case Role.Claim ignored -> {
            claim = true;
            assertThat(made.addressPlanner()).as("a claim plans addresses").isPresent();
            assertThat(made.datapathPlanner()).as("a claim plans the datapath").isPresent();
          }
          case Role.Extra ignored -> extra = true;
        }
      }
      assertThat(made.laneModifier().isPresent()).as("has a lane modifier, as its role says").isEqualTo(modifier);
      assertThat(made.podClaim().isPresent()).as("has a claim, as its role says").isEqualTo(claim);
      assertThat(made.extraPlanner().isPresent()).as("has an extra planner, as its role says").isEqualTo(extra);
      assertThat(!descriptor.roles().isEmpty() || made.clusterPlanner().isPresent() || made.objectPlanner().isPresent()
          || made.admissionPlanner().isPresent()).as("the mode does something").isTrue();
    }
  }

  /** Every setting is documented in sentences, and its range and default are sound. */
  @Test
  default void itsSettingsAreDocumentedWithRanges() {
    List<Setting> settings = mode().provider().descriptor().settings();
    assertThat(settings).extracting(Setting::name).as("names of settings").doesNotHaveDuplicates();
    for (Setting setting : settings) {
      assertThat(setting.documentation()).as("documentation of setting %s: sentences", setting.name())
          .matches("(?s)\\p{Lu}.{10,}\\.");
      setting.environment().ifPresent(variable -> assertThat(variable).as("environment variable of %s", setting.name())
          .matches("[A-Z][A-Z0-9_]*|ENABLE_IPv[46]"));
      Settings.check(setting);
    }
  }

  /** With any one setting at a bound of its range, a mode is made, or the setting is refused by name. */
  @Test
  default void itTakesSettingsAtTheirBounds() {
    for (Setting setting : mode().provider().descriptor().settings()) {
      for (Object value : Settings.bounds(setting)) {
        Fields settings = mode().complete(Fields.of(java.util.Map.of(setting.name(), value)));
        try {
          mode().provider().create(ModeUnderTest.context(settings));
        } catch (SettingException e) {
          assertThat(mode().provider().descriptor().settings()).extracting(Setting::name)
              .as("the setting named by %s", e).contains(e.setting());
          assertThat(e.remedy()).as("remedy").isNotBlank();
        } catch (RuntimeException e) {
          fail("With " + setting.name() + " = " + value + " the mode can't be made: " + e, e);
        }
      }
    }
  }

  /** It may watch what it reads. */
  @Test
  default void itNeedsTheRulesForWhatItReads() {
    ModeDescriptor descriptor = mode().provider().descriptor();
    for (ObjectKind kind : descriptor.nodeReads()) {
      if (kind.equals(ObjectKind.NETWORK_FILE)) {
        // No API server is asked for it.
        continue;
      }
      assertGranted(descriptor.needs().nodeRules(), kind, "withNodeObjects");
    }
    for (ObjectKind kind : descriptor.clusterReads()) {
      assertGranted(descriptor.needs().clusterRules(), kind, "withClusterObjects");
    }
  }

  private static void assertGranted(List<Needs.ObjectRule> rules, ObjectKind kind, String method) {
    for (String verb : List.of("get", "list", "watch")) {
      assertThat(rules).as("the mode reads %s, so its needs grant %s on it (Needs.%s)", kind, verb, method)
          .anyMatch(r -> r.kind().equals(kind) && r.subresource().isEmpty() && r.verbs().contains(verb));
    }
  }

  /** Its needs are well formed: names of actions, of sysctls, of CRDs in its own module. */
  @Test
  default void itsNeedsAreWellFormed() {
    Needs needs = mode().provider().descriptor().needs();
    assertThat(needs.nodeActions()).as("EC2 actions of the node").doesNotHaveDuplicates()
        .allMatch(a -> a.matches("[A-Z][A-Za-z0-9]+"));
    assertThat(needs.clusterActions()).as("EC2 actions of the cluster side").doesNotHaveDuplicates()
        .allMatch(a -> a.matches("[A-Z][A-Za-z0-9]+"));
    assertThat(needs.sysctls()).as("sysctls, each as key=value").allMatch(s -> s.matches("net(\\.[\\w-]+)+=\\S+"));
    for (Needs.ObjectRule rule : needs.nodeRules()) {
      assertThat(rule.verbs()).as("verbs on %s", rule.kind()).isSubsetOf(Settings.VERBS);
    }
    for (Needs.ObjectRule rule : needs.clusterRules()) {
      assertThat(rule.verbs()).as("verbs on %s", rule.kind()).isSubsetOf(Settings.VERBS);
    }
    for (String crd : needs.crds()) {
      assertThat(Resources.has(mode().provider().getClass(), crd)).as("CRD %s is in the mode's module", crd).isTrue();
    }
  }
}
