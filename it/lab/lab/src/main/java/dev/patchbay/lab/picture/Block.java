package dev.patchbay.lab.picture;

import java.util.List;

/** A part of the picture of a known size, which can be drawn anywhere. */
interface Block {
  double width();

  double height();

  void draw(Svg svg, double x, double y);

  /** How high blocks are one below the other, with gaps between them. */
  static double stacked(List<? extends Block> blocks, double gap) {
    return blocks.stream().mapToDouble(Block::height).sum() + gap * Math.max(0, blocks.size() - 1);
  }
}
