package dev.patchbay.spi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apiguardian.api.API;

/**
 * What a mode says of itself before it is made. Its name is its provider's {@link NetworkModeProvider#id()}, its version
 * that of its module. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ModeDescriptor {
  private final String summary;
  private final List<Role> roles;
  private final List<Setting> settings;
  private final Needs needs;
  private final List<Conditional> conditional;
  private final List<ObjectKind> nodeReads;
  private final List<ObjectKind> clusterReads;
  private final SortedMap<String, String> chosenBy;
  private final boolean usual;
  private final boolean admits;

  /** What is needed only where a setting has a value. */
  private record Conditional(String setting, String value, Needs needs) {}

  private ModeDescriptor(Builder builder) {
    this.summary = builder.summary;
    this.roles = List.copyOf(builder.roles);
    this.settings = List.copyOf(builder.settings);
    this.needs = builder.needs;
    this.conditional = List.copyOf(builder.conditional);
    for (Conditional needed : conditional) {
      if (settings.stream().noneMatch(s -> s.name().equals(needed.setting()))) {
        throw new IllegalArgumentException("needs follow from a setting \"" + needed.setting() + "\" that the mode does not have");
      }
    }
    this.nodeReads = List.copyOf(builder.nodeReads);
    this.clusterReads = List.copyOf(builder.clusterReads);
    this.chosenBy = Collections.unmodifiableSortedMap(new TreeMap<>(builder.chosenBy));
    this.usual = builder.usual;
    this.admits = builder.admits;
  }

  /**
   * Starts a descriptor.
   *
   * @param summary what the mode does, in one sentence
   * @return the builder
   */
  public static Builder of(String summary) {
    return new Builder(summary);
  }

  /**
   * {@return what the mode does, in one sentence}
   */
  public String summary() {
    return summary;
  }

  /**
   * {@return how it takes part}
   */
  public List<Role> roles() {
    return roles;
  }

  /**
   * {@return its settings}
   */
  public List<Setting> settings() {
    return settings;
  }

  /**
   * {@return what it needs whatever its settings are; of what {@link #under} returns, what it needs with those}
   */
  public Needs needs() {
    return needs;
  }

  /**
   * {@return this descriptor, its needs those that the mode has with some settings}
   * @param settings settings with which the mode is made, on one node or another: every one that is written or has a default
   */
  public ModeDescriptor under(Collection<Fields> settings) {
    Needs all = needs;
    for (Conditional needed : conditional) {
      if (settings.stream().anyMatch(s -> s.text(needed.setting()).equals(Optional.of(needed.value())))) {
        all = all.and(needed.needs());
      }
    }
    Builder builder = new Builder(summary);
    builder.roles.addAll(roles);
    builder.settings.addAll(this.settings);
    builder.nodeReads.addAll(nodeReads);
    builder.clusterReads.addAll(clusterReads);
    builder.chosenBy.putAll(chosenBy);
    builder.needs = all;
    builder.usual = usual;
    builder.admits = admits;
    return builder.build();
  }

  /**
   * {@return the values that settings have where nobody writes any}
   */
  public Fields defaults() {
    SortedMap<String, Object> defaults = new TreeMap<>();
    settings.forEach(s -> s.defaultValue().ifPresent(value -> defaults.put(s.name(), value)));
    return Fields.of(defaults);
  }

  /**
   * {@return the kinds of objects that its node planners read}
   */
  public List<ObjectKind> nodeReads() {
    return nodeReads;
  }

  /**
   * {@return the kinds of objects that its cluster planner and admission read}
   */
  public List<ObjectKind> clusterReads() {
    return clusterReads;
  }

  /**
   * {@return by which variables aws-node is told to do what the mode does, and their values; a truth is written {@code true} or
   * {@code false}, and what is not set counts as false. Empty if there are none. All must have their values}
   */
  public SortedMap<String, String> chosenBy() {
    return chosenBy;
  }

  /**
   * {@return whether the mode is the one that is meant where nobody chooses a base}
   */
  public boolean usual() {
    return usual;
  }

  /**
   * {@return whether the mode takes part in admission}
   */
  public boolean admits() {
    return admits;
  }

  @Override
  public String toString() {
    return summary + " " + roles;
  }

  /** Builds a {@link ModeDescriptor}. Not for several threads. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Builder {
    private final String summary;
    private final List<Role> roles = new ArrayList<>();
    private final List<Setting> settings = new ArrayList<>();
    private final List<ObjectKind> nodeReads = new ArrayList<>();
    private final List<ObjectKind> clusterReads = new ArrayList<>();
    private final SortedMap<String, String> chosenBy = new TreeMap<>();
    private final List<Conditional> conditional = new ArrayList<>();
    private Needs needs = Needs.none();
    private boolean usual;
    private boolean admits;

    private Builder(String summary) {
      this.summary = summary;
    }

    /**
     * Adds a role.
     *
     * @param role the role
     * @return this
     */
    public Builder role(Role role) {
      roles.add(role);
      return this;
    }

    /**
     * Adds a setting.
     *
     * @param setting the setting
     * @return this
     */
    public Builder setting(Setting setting) {
      settings.add(setting);
      return this;
    }

    /**
     * Says what the mode needs.
     *
     * @param needs the needs
     * @return this
     */
    public Builder needs(Needs needs) {
      this.needs = needs;
      return this;
    }

    /**
     * Says what the mode needs beside that where a setting has a value: a feature of the kernel that only one way of working calls for.
     *
     * @param setting the name of a setting of the mode whose values are texts
     * @param value the value
     * @param needs the needs
     * @return this
     */
    public Builder needsWhere(String setting, String value, Needs needs) {
      conditional.add(new Conditional(setting, value, needs));
      return this;
    }

    /**
     * Says that the node planners read objects of a kind; of pods and nodes they see this node's only.
     *
     * <p>Objects are seen whole, but for what {@code kubectl} keeps for itself in an annotation, and but for these, of which a node
     * keeps what planners have use for. Of a pod, beside labels and annotations: {@code nodeName}, {@code hostNetwork},
     * {@code serviceAccountName}, and of its containers {@code name} and {@code resources}, in {@code spec}; {@code phase} and
     * addresses in {@code status}. Of a node: {@code podCIDR}, {@code podCIDRs}, {@code providerID}, {@code taints} and
     * {@code unschedulable} in {@code spec}; {@code addresses}, {@code allocatable}, {@code capacity} and {@code conditions} in
     * {@code status}.
     *
     * @param kind the kind
     * @return this
     */
    public Builder nodeReads(ObjectKind kind) {
      nodeReads.add(kind);
      return this;
    }

    /**
     * Says that the cluster planner and admission read objects of a kind.
     *
     * @param kind the kind
     * @return this
     */
    public Builder clusterReads(ObjectKind kind) {
      clusterReads.add(kind);
      return this;
    }

    /**
     * Says by which variable aws-node is told to do what this mode does, for who comes from there; of several all must hold.
     *
     * @param variable the variable's name
     * @param value its value; a truth is written {@code true} or {@code false}, and what is not set counts as false
     * @return this
     */
    public Builder chosenBy(String variable, String value) {
      chosenBy.put(variable, value);
      return this;
    }

    /**
     * Says that the mode is the one that is meant where nobody chooses a base.
     *
     * @return this
     */
    public Builder usual() {
      usual = true;
      return this;
    }

    /**
     * Says that the mode takes part in admission: what it makes has an {@link dev.patchbay.spi.cluster.AdmissionPlanner}. The rights that
     * registration and certificates need follow from it.
     *
     * @return this
     */
    public Builder admits() {
      admits = true;
      return this;
    }

    /**
     * {@return the descriptor}
     */
    public ModeDescriptor build() {
      return new ModeDescriptor(this);
    }
  }
}
