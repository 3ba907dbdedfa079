package dev.patchbay.lab.picture;

import java.util.ArrayList;
import java.util.List;

/** An interface with its addresses, its groups and its pods. */
final class EniBlock implements Block {
  private static final double HEAD = 20;
  private static final double LINE = 14;
  private static final double EDGE = 10;
  private static final int MOST_LINES = 4;
  private static final int MOST_PREFIXES = 4;
  private static final int MOST_GROUPS = 5;

  private final Scene.Eni eni;
  private final String subnetOfNode;
  private final Colours colours;
  private final double width;
  private final List<String> lines = new ArrayList<>();
  private final PodsBlock pods;

  /**
   * @param subnetOfNode the subnet in which it is drawn; if it is in another one, it says so
   * @param mostPods how many of its pods are drawn, the others are counted
   */
  EniBlock(Scene.Eni eni, String subnetOfNode, Colours colours, double width, int mostPods) {
    this.eni = eni;
    this.subnetOfNode = subnetOfNode;
    this.colours = colours;
    this.width = width;
    lines.addAll(some(eni.lines(), MOST_LINES, "addresses"));
    lines.addAll(some(eni.prefixes(), MOST_PREFIXES, "prefixes"));
    if (eni.free() > 0) {
      lines.add(eni.free() == 1 ? "1 address in stock" : eni.free() + " addresses in stock");
    }
    if (!eni.subnet().equals(subnetOfNode)) {
      lines.add("in " + eni.subnet());
    }
    pods = new PodsBlock(eni.pods(), width - EDGE - 6, mostPods);
  }

  private static List<String> some(List<String> all, int most, String what) {
    if (all.size() <= most) {
      return all;
    }
    List<String> some = new ArrayList<>(all.subList(0, most - 1));
    some.add("and " + (all.size() - most + 1) + " more " + what);
    return some;
  }

  @Override
  public double width() {
    return width;
  }

  @Override
  public double height() {
    double below = pods.height() > 0 ? pods.height() + 4 : 0;
    return HEAD + lines.size() * LINE + below + 6;
  }

  @Override
  public void draw(Svg svg, double x, double y) {
    boolean own = eni.subnet().equals(subnetOfNode);
    svg.begin(eni.id() + ", " + String.join(", ", eni.lines()) + ", in " + eni.subnet());
    svg.box(eni.pods().isEmpty() && eni.label().contains(" ") ? "loose" : "eni", eni.id(), x, y, width, height(), 4, "");
    svg.box("stripe", "", x, y, 4, height(), 2, "fill=\"" + colours.border(own ? subnetOfNode : eni.subnet()) + "\"");
    int dots = Math.min(eni.groups().size(), MOST_GROUPS);
    double label = Math.min(Svg.width(eni.label(), 11, false), width * 0.45);
    svg.text("strong", 11, x + EDGE, y + 14, eni.label(), label);
    svg.text("mono faint", 9.5, x + EDGE + label + 8, y + 14, eni.id(), width - EDGE - label - 18 - dots * 11);
    for (int i = 0; i < dots; i++) {
      String group = eni.groups().get(i);
      svg.dot(x + width - 9 - (dots - 1 - i) * 11, y + 10.5, 4, colours.group(group), "security group " + group + " (" + colours.groupName(group) + ")");
    }
    double at = y + HEAD + 10;
    for (String line : lines) {
      svg.text("mono", 10, x + EDGE, at, line, width - EDGE - 6);
      at += LINE;
    }
    if (pods.height() > 0) {
      pods.draw(svg, x + EDGE, y + HEAD + lines.size() * LINE + 4);
    }
    svg.end();
  }
}
