package dev.patchbay.core.compose;

import dev.patchbay.spi.Code;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.net.AddressFamily;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The modes of a node, checked to fit together. Immutable.
 *
 * <p>The rules: per address family exactly one mode is the base; modifiers change the lanes of families that have a base;
 * claims take over pods; extras add interfaces. Nothing here knows a mode by name.
 */
public final class Composition {
  /** No mode supplies addresses. */
  public static final Code NO_BASE = Code.of(140, "NoBaseMode");
  /** Two modes supply addresses of one family. */
  public static final Code TWO_BASES = Code.of(141, "TwoBaseModes");
  /** A mode changes lanes of a family that no mode supplies. */
  public static final Code NOTHING_TO_MODIFY = Code.of(142, "NothingToModify");
  /** A mode lacks a part that its role needs. */
  public static final Code ROLE_WITHOUT_PART = Code.of(143, "RoleWithoutPart");
  /** A mode is chosen twice. */
  public static final Code CHOSEN_TWICE = Code.of(144, "ModeChosenTwice");
  /** Two modes want one sysctl of the node to differ. */
  public static final Code SYSCTL_CONFLICT = Code.of(145, "SysctlConflict");

  private final List<ModeInstance> modes;
  private final Map<AddressFamily, ModeInstance> bases;
  private final List<AddressFamily> families;
  private final List<ModeInstance> others;

  private Composition(List<ModeInstance> modes, Map<AddressFamily, ModeInstance> bases, List<ModeInstance> others) {
    this.modes = List.copyOf(modes);
    this.bases = Map.copyOf(bases);
    this.families = Arrays.stream(AddressFamily.values()).filter(bases::containsKey).toList();
    this.others = List.copyOf(others);
  }

  /**
   * {@return this composition, which knows what else could have been chosen: where a mode refuses the node, it is told which of them
   * would not}
   * @param others modes that the module files offer and that are not chosen, made with their defaults
   */
  public Composition with(List<ModeInstance> others) {
    return new Composition(modes, bases, others);
  }

  /**
   * {@return modes that could be chosen in place of the base of a family}
   * @param family the family
   */
  List<ModeInstance> otherBases(AddressFamily family) {
    return others.stream().filter(m -> m.baseFamilies().contains(family)).toList();
  }

  /** What came of a check: a composition, or all problems. */
  public sealed interface Outcome {
    /**
     * The modes fit together.
     *
     * @param composition the composition
     */
    record Fits(Composition composition) implements Outcome {}

    /**
     * They don't.
     *
     * @param problems why, at least one
     */
    record Clashes(List<Problem> problems) implements Outcome {
      /**
       * Copies the list.
       */
      public Clashes {
        problems = List.copyOf(problems);
      }
    }
  }

  /**
   * Checks that modes fit together.
   *
   * @param modes the modes in the order in which the operator chose them
   * @return the composition, or every problem at once
   */
  public static Outcome of(List<ModeInstance> modes) {
    List<Problem> problems = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (ModeInstance mode : modes) {
      if (!ids.add(mode.id())) {
        problems.add(new Problem(CHOSEN_TWICE, mode.id(), "The mode " + mode.id() + " is chosen twice.",
            "Remove one of the two entries under modes."));
      }
      checkParts(mode, problems);
    }
    Map<AddressFamily, ModeInstance> bases = bases(modes, problems);
    checkModifiers(modes, bases, problems);
    checkSysctls(modes, problems);
    return problems.isEmpty() ? new Outcome.Fits(new Composition(modes, bases, List.of())) : new Outcome.Clashes(problems);
  }

  private static Map<AddressFamily, ModeInstance> bases(List<ModeInstance> modes, List<Problem> problems) {
    Map<AddressFamily, ModeInstance> bases = new EnumMap<>(AddressFamily.class);
    for (ModeInstance mode : modes) {
      for (AddressFamily family : mode.baseFamilies()) {
        ModeInstance first = bases.putIfAbsent(family, mode);
        if (first != null && !first.id().equals(mode.id())) {
          problems.add(new Problem(TWO_BASES, first.id() + ", " + mode.id(),
              first.id() + " and " + mode.id() + " both supply " + family + " addresses; a pod gets its " + family
                  + " address from one.",
              "Keep one of the two under modes: " + first.id() + " (" + first.descriptor().summary() + ") or " + mode.id()
                  + " (" + mode.descriptor().summary() + ")."));
        }
      }
    }
    if (bases.isEmpty()) {
      String others = modes.isEmpty() ? "no mode is chosen" : "of " + modes + " none is a base";
      problems.add(new Problem(NO_BASE, "modes", "Nothing supplies addresses to pods: " + others + ".",
          "Add a base mode under modes; `patchbay modes` lists what the module files offer."));
    }
    return bases;
  }

  private static void checkParts(ModeInstance mode, List<Problem> problems) {
    if (mode.role(Role.Base.class).isPresent()) {
      require(mode, "base", "ENI planner", mode.mode().eniPlanner().isPresent(), problems);
    }
    if (mode.role(Role.Base.class).isPresent() || mode.role(Role.Claim.class).isPresent()) {
      require(mode, "base or claim", "address planner", mode.mode().addressPlanner().isPresent(), problems);
      require(mode, "base or claim", "datapath planner", mode.mode().datapathPlanner().isPresent(), problems);
    }
    if (mode.role(Role.Modifier.class).isPresent()) {
      require(mode, "modifier", "lane modifier", mode.mode().laneModifier().isPresent(), problems);
    }
    if (mode.role(Role.Claim.class).isPresent()) {
      require(mode, "claim", "pod claim", mode.mode().podClaim().isPresent(), problems);
    }
    if (mode.role(Role.Extra.class).isPresent()) {
      require(mode, "extra", "extra planner", mode.mode().extraPlanner().isPresent(), problems);
    }
  }

  private static void require(ModeInstance mode, String role, String part, boolean there, List<Problem> problems) {
    if (!there) {
      problems.add(new Problem(ROLE_WITHOUT_PART, mode.id(),
          mode.label() + " has the role of a " + role + " and no " + part + ".",
          "This is a defect of the mode: report it to its maker, or take the mode out of modes."));
    }
  }

  private static void checkModifiers(List<ModeInstance> modes, Map<AddressFamily, ModeInstance> bases,
      List<Problem> problems) {
    for (ModeInstance mode : modes) {
      Optional<Role.Modifier> role = mode.role(Role.Modifier.class);
      if (role.isPresent() && role.get().families().stream().noneMatch(bases::containsKey)) {
        problems.add(new Problem(NOTHING_TO_MODIFY, mode.id(),
            mode.id() + " changes where " + role.get().families() + " addresses come from, and no mode supplies such.",
            "Add a base mode for " + role.get().families() + ", or take " + mode.id() + " out of modes."));
      }
    }
  }

  private static void checkSysctls(List<ModeInstance> modes, List<Problem> problems) {
    Map<String, String> values = new HashMap<>();
    Map<String, ModeInstance> wanters = new HashMap<>();
    for (ModeInstance mode : modes) {
      for (String sysctl : mode.descriptor().needs().sysctls()) {
        int equals = sysctl.indexOf('=');
        String key = sysctl.substring(0, equals);
        String value = sysctl.substring(equals + 1);
        String before = values.putIfAbsent(key, value);
        ModeInstance first = wanters.putIfAbsent(key, mode);
        if (before != null && first != null && !before.equals(value)) {
          problems.add(new Problem(SYSCTL_CONFLICT, first.id() + ", " + mode.id(),
              first.id() + " needs " + key + "=" + before + ", " + mode.id() + " needs " + key + "=" + value + ".",
              "The two can't run on one node; choose one of them for it, with an override by label if need be."));
        }
      }
    }
  }

  /**
   * {@return the modes in the order in which they were chosen}
   */
  public List<ModeInstance> modes() {
    return modes;
  }

  /**
   * {@return a mode}
   * @param id its id
   */
  public Optional<ModeInstance> mode(String id) {
    for (ModeInstance mode : modes) {
      if (mode.id().equals(id)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }

  /**
   * {@return the base of a family}
   * @param family the family
   */
  public Optional<ModeInstance> base(AddressFamily family) {
    return Optional.ofNullable(bases.get(family));
  }

  /**
   * {@return the families that have a base, IPv4 first}
   */
  public List<AddressFamily> families() {
    return families;
  }

  /**
   * {@return the modes with a role, in the order in which they were chosen}
   * @param role the role's class
   */
  public List<ModeInstance> with(Class<? extends Role> role) {
    return modes.stream().filter(m -> m.role(role).isPresent()).toList();
  }

  @Override
  public String toString() {
    return modes.toString();
  }
}
