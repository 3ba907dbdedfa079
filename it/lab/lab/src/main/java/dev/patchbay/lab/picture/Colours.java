package dev.patchbay.lab.picture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gives subnets and security groups colours, by which they are found again. */
final class Colours {
  private static final List<String> STRONG =
      List.of("#2f9e44", "#1971c2", "#e8590c", "#9c36b5", "#c92a2a", "#0c8599", "#a67c00", "#5f3dc4");
  private static final List<String> SOFT =
      List.of("#ebfbee", "#e7f5ff", "#fff4e6", "#f8f0fc", "#fff5f5", "#e3fafc", "#fff9db", "#f3f0ff");

  private static final List<String> GROUPS =
      List.of("#e64980", "#4c6ef5", "#f59f00", "#087f5b", "#862e9c", "#495057", "#d9480f", "#15aabf");

  private final Map<String, Integer> subnets = new LinkedHashMap<>();
  private final Map<String, Integer> groups = new LinkedHashMap<>();
  private final Map<String, String> groupNames = new LinkedHashMap<>();

  Colours(Scene scene) {
    List<Scene.Subnet> all = new ArrayList<>();
    scene.zones().forEach(zone -> all.addAll(zone.subnets()));
    all.forEach(subnet -> subnets.put(subnet.id(), subnets.size()));
    scene.groups().forEach(group -> {
      groups.put(group.id(), groups.size());
      groupNames.put(group.id(), group.name());
    });
  }

  String border(String subnet) {
    return STRONG.get(subnets.getOrDefault(subnet, 0) % STRONG.size());
  }

  String fill(String subnet) {
    return SOFT.get(subnets.getOrDefault(subnet, 0) % SOFT.size());
  }

  String group(String id) {
    return GROUPS.get(groups.getOrDefault(id, 0) % GROUPS.size());
  }

  String groupName(String id) {
    return groupNames.getOrDefault(id, id);
  }
}
