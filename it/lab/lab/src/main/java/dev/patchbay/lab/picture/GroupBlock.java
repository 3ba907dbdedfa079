package dev.patchbay.lab.picture;

import java.util.ArrayList;
import java.util.List;

/** A security group with its rules. */
final class GroupBlock implements Block {
  private static final double HEAD = 20;
  private static final double LINE = 14;
  private static final int MOST_RULES = 8;

  private final Scene.Group group;
  private final Colours colours;
  private final double width;
  private final List<String> rules;

  GroupBlock(Scene.Group group, Colours colours, double width) {
    this.group = group;
    this.colours = colours;
    this.width = width;
    rules = new ArrayList<>(group.rules().subList(0, Math.min(MOST_RULES, group.rules().size())));
    if (group.rules().size() > MOST_RULES) {
      rules.add("and " + (group.rules().size() - MOST_RULES) + " more rules");
    }
  }

  @Override
  public double width() {
    return width;
  }

  @Override
  public double height() {
    return HEAD + rules.size() * LINE + 8;
  }

  @Override
  public void draw(Svg svg, double x, double y) {
    svg.begin("security group " + group.id() + " (" + group.name() + "): " + String.join("; ", group.rules()));
    svg.box("group", group.id(), x, y, width, height(), 4, "");
    svg.dot(x + 12, y + 11.5, 4.5, colours.group(group.id()), group.name());
    double half = (width - 32) / 2;
    svg.text("strong", 11, x + 22, y + 15, group.name(), half);
    svg.textTo("mono faint", 9.5, x + width - 8, y + 15, group.id(), half);
    for (int i = 0; i < rules.size(); i++) {
      svg.text("mono", 10, x + 12, y + HEAD + 11 + i * LINE, rules.get(i), width - 20);
    }
    svg.end();
  }
}
