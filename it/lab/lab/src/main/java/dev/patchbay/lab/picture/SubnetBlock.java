package dev.patchbay.lab.picture;

import java.util.ArrayList;
import java.util.List;

/** A subnet with its nodes in columns, and the interfaces in it that no node has. */
final class SubnetBlock implements Block {
  private static final double HEAD = 40;
  private static final double EDGE = 12;
  private static final double GAP = 12;
  private static final int MOST_OTHERS = 8;

  private final Scene.Subnet subnet;
  private final Colours colours;
  private final int columns;
  private final List<Block> blocks = new ArrayList<>();
  private final int counted;

  /**
   * @param columns how many nodes stand side by side
   */
  SubnetBlock(Scene.Subnet subnet, Colours colours, int columns, int mostPods) {
    this.subnet = subnet;
    this.colours = colours;
    this.columns = columns;
    subnet.nodes().forEach(node -> blocks.add(new NodeBlock(node, subnet.id(), colours, mostPods)));
    List<Scene.Eni> others = subnet.others();
    counted = Math.max(0, others.size() - MOST_OTHERS);
    others.stream().limit(MOST_OTHERS).forEach(eni -> blocks.add(new EniBlock(eni, subnet.id(), colours, NodeBlock.WIDTH, mostPods)));
  }

  static double width(int columns) {
    return columns * NodeBlock.WIDTH + (columns - 1) * GAP + 2 * EDGE;
  }

  @Override
  public double width() {
    return width(columns);
  }

  @Override
  public double height() {
    double highest = 0;
    for (double each : place(null, 0, 0)) {
      highest = Math.max(highest, each);
    }
    return HEAD + (blocks.isEmpty() ? 0 : highest - GAP + EDGE) + (counted > 0 ? 16 : 0);
  }

  @Override
  public void draw(Svg svg, double x, double y) {
    svg.begin("subnet " + subnet.id() + " " + subnet.name() + ", " + subnet.blocks() + ", leads to " + subnet.gateway());
    String colour = "fill=\"" + colours.fill(subnet.id()) + "\" stroke=\"" + colours.border(subnet.id()) + "\"";
    svg.box("subnet", subnet.id(), x, y, width(), height(), 6, colour);
    double half = width() - 2 * EDGE;
    String named = subnet.name().isEmpty() ? "subnet" : "subnet " + subnet.name();
    svg.text("strong", 12, x + EDGE, y + 17, named, half * 0.5);
    svg.textTo("mono faint", 10, x + width() - EDGE, y + 17, subnet.id(), half * 0.48);
    String way = "→ " + subnet.gateway();
    double wide = Math.min(Svg.width(way, 10, false), half * 0.5);
    svg.text("mono", 10, x + EDGE, y + 32, subnet.blocks(), half - wide - 6);
    svg.textTo("faint", 10, x + width() - EDGE, y + 32, way, wide);
    place(svg, x + EDGE, y + HEAD);
    if (counted > 0) {
      svg.text("faint", 10, x + EDGE, y + height() - 8, "and " + counted + " more interfaces that no node has", width() - 2 * EDGE);
    }
    svg.end();
  }

  /** Each block goes into the column that is the shortest. Returns how long the columns are. */
  private double[] place(@org.jspecify.annotations.Nullable Svg svg, double x, double y) {
    double[] ends = new double[columns];
    for (Block block : blocks) {
      int shortest = 0;
      for (int column = 1; column < columns; column++) {
        shortest = ends[column] < ends[shortest] ? column : shortest;
      }
      if (svg != null) {
        block.draw(svg, x + shortest * (NodeBlock.WIDTH + GAP), y + ends[shortest]);
      }
      ends[shortest] += block.height() + GAP;
    }
    return ends;
  }
}
