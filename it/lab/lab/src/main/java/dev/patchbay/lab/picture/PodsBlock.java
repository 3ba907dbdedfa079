package dev.patchbay.lab.picture;

import java.util.List;

/** Pods side by side in two columns, each with its name and address; those beyond a number are counted. */
final class PodsBlock implements Block {
  private static final double HEIGHT = 29;
  private static final double GAP = 4;
  private static final double COUNTED = 14;

  private final List<Scene.Pod> shown;
  private final int counted;
  private final double width;

  PodsBlock(List<Scene.Pod> pods, double width, int most) {
    shown = pods.size() <= most ? pods : pods.subList(0, most);
    counted = pods.size() - shown.size();
    this.width = width;
  }

  @Override
  public double width() {
    return width;
  }

  private int rows() {
    return (shown.size() + 1) / 2;
  }

  @Override
  public double height() {
    return rows() * HEIGHT + Math.max(0, rows() - 1) * GAP + (counted > 0 ? COUNTED : 0);
  }

  @Override
  public void draw(Svg svg, double x, double y) {
    double each = (width - GAP) / 2;
    for (int i = 0; i < shown.size(); i++) {
      Scene.Pod pod = shown.get(i);
      double left = x + (i % 2) * (each + GAP);
      double top = y + (i / 2) * (HEIGHT + GAP);
      svg.begin("pod " + pod.id() + ", " + String.join(", ", pod.addresses()));
      svg.box("pod", pod.id(), left, top, each, HEIGHT, 5, "");
      svg.text("strong", 10, left + 7, top + 12, pod.namespace().equals("default") ? pod.name() : pod.id(), each - 12);
      svg.text("mono faint", 9, left + 7, top + 23.5, String.join(" ", pod.addresses()), each - 12);
      svg.end();
    }
    if (counted > 0) {
      svg.text("faint", 10, x, y + height() - 3, counted == 1 ? "and 1 more pod" : "and " + counted + " more pods", width);
    }
  }
}
