package dev.patchbay.lab.picture;

import java.util.List;

/** A node with its interfaces. */
final class NodeBlock implements Block {
  static final double WIDTH = 330;
  private static final double HEAD = 26;
  private static final double EDGE = 8;
  private static final double GAP = 6;

  private final Scene.Node node;
  private final List<EniBlock> enis;
  private final PodsBlock pods;

  NodeBlock(Scene.Node node, String subnet, Colours colours, int mostPods) {
    this.node = node;
    enis = node.enis().stream().map(eni -> new EniBlock(eni, subnet, colours, WIDTH - 2 * EDGE, mostPods)).toList();
    pods = new PodsBlock(node.pods(), WIDTH - 2 * EDGE, mostPods);
  }

  @Override
  public double width() {
    return WIDTH;
  }

  @Override
  public double height() {
    double others = pods.height() > 0 ? pods.height() + 18 : 0;
    return HEAD + EDGE + Block.stacked(enis, GAP) + others + EDGE;
  }

  @Override
  public void draw(Svg svg, double x, double y) {
    svg.begin(node.name() + ", " + node.instance() + ", " + node.type());
    svg.box("node", node.instance(), x, y, WIDTH, height(), 6, "");
    svg.box("head", "", x, y, WIDTH, HEAD, 6, "");
    svg.box("head", "", x, y + HEAD / 2, WIDTH, HEAD / 2, 0, "");
    svg.text("strong light", 13, x + 10, y + 17.5, node.name(), 120);
    svg.textTo("mono light", 10, x + WIDTH - 10, y + 17, node.type() + "  " + node.instance(), 185);
    double at = y + HEAD + EDGE;
    for (EniBlock eni : enis) {
      eni.draw(svg, x + EDGE, at);
      at += eni.height() + GAP;
    }
    if (pods.height() > 0) {
      svg.text("faint", 10, x + EDGE, at + 8, "addresses of none of its interfaces", WIDTH - 2 * EDGE);
      pods.draw(svg, x + EDGE, at + 12);
    }
    svg.end();
  }
}
