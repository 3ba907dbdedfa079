package dev.patchbay.lab.picture;

import java.util.ArrayList;
import java.util.List;

/**
 * Draws a scene: the internet and the gateways above, the zones with their subnets and nodes side by side, the security groups
 * below. It stays readable and of bounded size for 20 nodes and 2,000 pods: pods beyond a number are counted.
 */
public final class Picture {
  private static final double EDGE = 20;
  private static final double GAP = 16;
  private static final double TITLE = 52;
  private static final double INTERNET = 34;
  private static final double GATEWAY = 40;
  private static final double GATEWAY_WIDTH = 230;
  private static final double ZONE_HEAD = 28;
  private static final double GROUP_WIDTH = 360;
  private static final double NARROWEST = 800;
  private static final int MOST_GROUPS = 24;
  private static final int MOST_COLUMNS = 4;
  private static final long MANY_PODS = 150;
  private static final long VERY_MANY_PODS = 800;

  private final Scene scene;
  private final Colours colours;
  private final Svg svg = new Svg();

  private Picture(Scene scene) {
    this.scene = scene;
    colours = new Colours(scene);
  }

  /** The picture as SVG. */
  public static String of(Scene scene) {
    return new Picture(scene).draw();
  }

  /** A zone with its subnets one below the other. */
  private record ZoneBlock(Scene.Zone zone, List<SubnetBlock> subnets) implements Block {
    @Override
    public double width() {
      return subnets.stream().mapToDouble(Block::width).max().orElse(SubnetBlock.width(1)) + 2 * GAP;
    }

    @Override
    public double height() {
      return ZONE_HEAD + Block.stacked(subnets, GAP) + GAP;
    }

    void draw(Svg svg, double x, double y, double height) {
      svg.begin("availability zone " + zone.name());
      svg.box("zone", zone.name(), x, y, width(), height, 8, "");
      svg.text("strong faint", 12, x + GAP, y + 19, zone.name(), width() - 2 * GAP);
      double at = y + ZONE_HEAD;
      for (SubnetBlock subnet : subnets) {
        subnet.draw(svg, x + GAP, at);
        at += subnet.height() + GAP;
      }
      svg.end();
    }

    @Override
    public void draw(Svg svg, double x, double y) {
      draw(svg, x, y, height());
    }
  }

  private String draw() {
    int pods = scene.podCount() <= MANY_PODS ? 12 : scene.podCount() <= VERY_MANY_PODS ? 6 : 4;
    List<ZoneBlock> zones = scene.zones().stream().map(zone -> zone(zone, pods)).toList();
    double inner = zones.stream().mapToDouble(Block::width).sum() + GAP * Math.max(0, zones.size() - 1);
    inner = Math.max(Math.max(inner, scene.gateways().size() * (GATEWAY_WIDTH + GAP) - GAP), NARROWEST - 2 * EDGE - 2 * GAP);
    double zonesHeight = zones.stream().mapToDouble(Block::height).max().orElse(0);
    int across = Math.max(1, (int) ((inner + GAP) / (GROUP_WIDTH + GAP)));
    double groupWidth = (inner + GAP) / across - GAP;
    List<GroupBlock> groups = scene.groups().stream().limit(MOST_GROUPS).map(group -> new GroupBlock(group, colours, groupWidth)).toList();

    double width = inner + 2 * EDGE + 2 * GAP;
    double vpcTop = TITLE + INTERNET + 24;
    double gatewaysTop = vpcTop + 14;
    double label = gatewaysTop + GATEWAY + 18;
    double zonesTop = label + 14;
    double groupsTop = zonesTop + zonesHeight + 30;
    double[] ends = columns(groups, across);
    double below = 0;
    for (double end : ends) {
      below = Math.max(below, end);
    }
    int counted = scene.groups().size() - groups.size();
    double bottom = groupsTop + below + (counted > 0 ? 18 : 0);

    svg.text("strong", 20, EDGE, 30, "Lab " + scene.name(), width - 2 * EDGE);
    svg.text("faint", 11, EDGE, 46, summary(), width - 2 * EDGE);
    svg.begin("the VPC " + scene.vpc());
    svg.box("vpc", "vpc", EDGE, vpcTop, width - 2 * EDGE, bottom - vpcTop, 10, "");
    svg.text("strong", 12, EDGE + GAP, label, "VPC", 40);
    svg.text("mono faint", 10.5, EDGE + GAP + 36, label, scene.vpc(), width - 2 * EDGE - 80);
    gateways(EDGE + GAP, gatewaysTop, inner);
    double x = EDGE + GAP;
    for (ZoneBlock zone : zones) {
      zone.draw(svg, x, zonesTop, zonesHeight);
      x += zone.width() + GAP;
    }
    svg.text("strong faint", 12, EDGE + GAP, groupsTop - 9, "Security groups", inner);
    draw(groups, across, EDGE + GAP, groupsTop);
    if (counted > 0) {
      svg.text("faint", 10, EDGE + GAP, bottom - 10, "and " + counted + " more security groups", inner);
    }
    svg.end();
    internet(width);
    return svg.finish(width, bottom + EDGE, "Lab " + scene.name() + ": " + summary());
  }

  private ZoneBlock zone(Scene.Zone zone, int pods) {
    int most = zone.subnets().stream().mapToInt(subnet -> subnet.nodes().size()).max().orElse(0);
    int columns = Math.clamp((int) Math.ceil(Math.sqrt(most / 2.0)), 1, MOST_COLUMNS);
    return new ZoneBlock(zone, zone.subnets().stream().map(subnet -> new SubnetBlock(subnet, colours, columns, pods)).toList());
  }

  private String summary() {
    long nodes = scene.zones().stream().flatMap(zone -> zone.subnets().stream()).mapToLong(subnet -> subnet.nodes().size()).sum();
    long enis =
        scene.zones().stream()
            .flatMap(zone -> zone.subnets().stream())
            .mapToLong(subnet -> subnet.others().size() + subnet.nodes().stream().mapToLong(node -> node.enis().size()).sum())
            .sum();
    return counted(nodes, "node") + ", " + counted(enis, "interface") + ", " + counted(scene.podCount(), "pod");
  }

  private static String counted(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private void internet(double width) {
    double middle = width / 2;
    svg.begin("the internet of the lab");
    svg.box("outside", "internet", middle - 110, TITLE, 220, INTERNET, 17, "");
    svg.textAt("strong", 12, middle, TITLE + 21, "internet", 200);
    svg.end();
  }

  private void gateways(double x, double y, double inner) {
    int count = scene.gateways().size();
    double all = count * GATEWAY_WIDTH + Math.max(0, count - 1) * GAP;
    double left = x + (inner - all) / 2;
    double from = TITLE + INTERNET;
    double bus = from + 12;
    for (Scene.Gateway gateway : scene.gateways()) {
      double middle = left + GATEWAY_WIDTH / 2;
      svg.path("line", x + inner / 2, from, x + inner / 2, bus, middle, bus, middle, y);
      svg.begin(gateway.name() + ": " + gateway.detail());
      svg.box("gateway", gateway.name(), left, y, GATEWAY_WIDTH, GATEWAY, 6, "");
      svg.textAt("strong", 11.5, middle, y + 16, gateway.name(), GATEWAY_WIDTH - 16);
      svg.textAt("faint", 10, middle, y + 31, gateway.detail(), GATEWAY_WIDTH - 12);
      svg.end();
      left += GATEWAY_WIDTH + GAP;
    }
  }

  private static double[] columns(List<GroupBlock> groups, int across) {
    double[] ends = new double[across];
    for (int i = 0; i < groups.size(); i++) {
      ends[i % across] += groups.get(i).height() + GAP;
    }
    return ends;
  }

  private void draw(List<GroupBlock> groups, int across, double x, double y) {
    double[] ends = new double[across];
    List<GroupBlock> all = new ArrayList<>(groups);
    for (int i = 0; i < all.size(); i++) {
      GroupBlock group = all.get(i);
      group.draw(svg, x + (i % across) * (group.width() + GAP), y + ends[i % across]);
      ends[i % across] += group.height() + GAP;
    }
  }
}
