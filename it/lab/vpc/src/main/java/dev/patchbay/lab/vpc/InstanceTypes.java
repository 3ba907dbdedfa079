package dev.patchbay.lab.vpc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The table of instance types. Immutable. */
public final class InstanceTypes {
  private final Map<String, InstanceType> types;

  private InstanceTypes(Map<String, InstanceType> types) {
    this.types = Collections.unmodifiableMap(types);
  }

  /** The types that AWS publishes, from the table in this module. */
  public static InstanceTypes published() {
    return Published.TABLE;
  }

  /** The same table with one type added or replaced, for tests of types that nobody knows. */
  public InstanceTypes with(InstanceType type) {
    Map<String, InstanceType> copy = new LinkedHashMap<>(types);
    copy.put(type.name(), type);
    return new InstanceTypes(copy);
  }

  /** The type of that name. */
  public Optional<InstanceType> find(String name) {
    return Optional.ofNullable(types.get(name));
  }

  /** All types, in the order of the table. */
  public Collection<InstanceType> all() {
    return types.values();
  }

  private static InstanceTypes load() {
    Map<String, InstanceType> types = new LinkedHashMap<>();
    try (InputStream resource = InstanceTypes.class.getResourceAsStream("instance-types.csv")) {
      if (resource == null) {
        throw new IllegalStateException("instance-types.csv is missing from the module " + InstanceTypes.class.getModule());
      }
      BufferedReader reader = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.startsWith("#")) {
          InstanceType type = parse(line);
          types.put(type.name(), type);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("instance-types.csv can't be read", e);
    }
    return new InstanceTypes(types);
  }

  private static InstanceType parse(String line) {
    String[] field = line.split(",", -1);
    List<Integer> cards = new ArrayList<>();
    for (String card : field[2].split("/")) {
      cards.add(Integer.valueOf(card));
    }
    int ipv4 = Integer.parseInt(field[1]);
    InstanceType.Hypervisor hypervisor =
        switch (field[3]) {
          case "n" -> InstanceType.Hypervisor.NITRO;
          case "x" -> InstanceType.Hypervisor.XEN;
          default -> InstanceType.Hypervisor.UNKNOWN;
        };
    // "?" where AWS's figure was not at hand: every such type is recent, and recent types have as many as for IPv4.
    int ipv6 = field[6].isEmpty() || field[6].equals("?") ? ipv4 : Integer.parseInt(field[6]);
    OptionalInt branches = field[4].isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(field[4]));
    int vcpus = field[5].isEmpty() ? 0 : Integer.parseInt(field[5]);
    return new InstanceType(field[0], ipv4, ipv6, cards, hypervisor, field[3].equals("m"), branches, vcpus);
  }

  private static final class Published {
    static final InstanceTypes TABLE = load();
  }
}
