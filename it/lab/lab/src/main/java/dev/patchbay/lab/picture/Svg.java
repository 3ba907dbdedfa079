package dev.patchbay.lab.picture;

import java.util.Locale;

/** Writes an SVG image: no script, nothing from elsewhere, and every text escaped. Not for use by several threads. */
final class Svg {
  /** How wide a letter is, as a part of its size: a guess that is rather too much for the usual fonts. */
  private static final double MONOSPACE = 0.61;

  private static final double WIDE = 1.05;
  private static final String STYLE =
      """
      text { font-family: -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", Helvetica, Arial, sans-serif; fill: #1f2933; }
      .mono { font-family: ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; }
      .strong { font-weight: 600; }
      .faint { fill: #5b6b7b; }
      .light { fill: #ffffff; }
      .vpc { fill: #f7f9fb; stroke: #8c4fff; stroke-width: 1.5; }
      .outside { fill: #eef2f6; stroke: #9fb0c0; }
      .gateway { fill: #f3ecff; stroke: #8c4fff; }
      .zone { fill: #ffffff; stroke: #b8c4d0; stroke-dasharray: 6 4; }
      .subnet { stroke-width: 1; }
      .node { fill: #ffffff; stroke: #33475b; }
      .head { fill: #33475b; }
      .eni { fill: #fbfcfd; stroke: #c3ced9; }
      .loose { fill: #fbfcfd; stroke: #9fb0c0; stroke-dasharray: 4 3; }
      .pod { fill: #e8f1ff; stroke: #7aa7e8; }
      .group { fill: #ffffff; stroke: #d5dde5; }
      .line { fill: none; stroke: #8c4fff; stroke-width: 1.2; }
      """;

  private final StringBuilder body = new StringBuilder();
  private int depth = 1;

  /** Begins a part whose name is shown where the pointer rests. */
  void begin(String title) {
    indent().append("<g>\n");
    depth++;
    title(title);
  }

  void end() {
    depth--;
    indent().append("</g>\n");
  }

  /**
   * A box.
   *
   * @param kind its class
   * @param id whose it is; empty: it stands for nothing
   * @param extra further attributes, written as they are
   */
  void box(String kind, String id, double x, double y, double width, double height, double round, String extra) {
    indent()
        .append("<rect class=\"").append(kind).append('"')
        .append(id.isEmpty() ? "" : " data-id=\"" + escaped(id) + "\"")
        .append(format(" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%s\"", x, y, width, height, round))
        .append(extra.isEmpty() ? "" : " " + extra)
        .append("/>\n");
  }

  /** A dot. */
  void dot(double x, double y, double radius, String colour, String title) {
    indent()
        .append(format("<circle cx=\"%s\" cy=\"%s\" r=\"%s\"", x, y, radius))
        .append(" fill=\"").append(colour).append("\"><title>").append(escaped(title)).append("</title></circle>\n");
  }

  /** A line of straight parts. */
  void path(String kind, double... points) {
    indent().append("<path class=\"").append(kind).append("\" d=\"");
    for (int i = 0; i < points.length; i += 2) {
      body.append(i == 0 ? "M" : " L").append(number(points[i])).append(' ').append(number(points[i + 1]));
    }
    body.append("\"/>\n");
  }

  /** A line of text that begins there, cut if it would be wider than that. */
  void text(String kind, double size, double x, double y, String text, double widest) {
    text(kind, size, x, y, text, widest, "");
  }

  /** A line of text that ends there. */
  void textTo(String kind, double size, double x, double y, String text, double widest) {
    text(kind, size, x, y, text, widest, " text-anchor=\"end\"");
  }

  /** A line of text in the middle. */
  void textAt(String kind, double size, double x, double y, String text, double widest) {
    text(kind, size, x, y, text, widest, " text-anchor=\"middle\"");
  }

  private void text(String kind, double size, double x, double y, String text, double widest, String anchor) {
    boolean mono = kind.contains("mono");
    String shown = fitting(text, size, widest, mono);
    indent().append("<text class=\"").append(kind).append('"').append(format(" x=\"%s\" y=\"%s\" font-size=\"%s\"", x, y, size));
    body.append(anchor).append('>');
    if (!shown.equals(text)) {
      body.append("<title>").append(escaped(text)).append("</title>");
    }
    body.append(escaped(shown)).append("</text>\n");
  }

  /** The image. */
  String finish(double width, double height, String title) {
    return format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %s %s\" role=\"img\">\n", width, height, width, height)
        + "  <title>" + escaped(title) + "</title>\n  <style>\n" + STYLE.indent(4) + "  </style>\n"
        + format("  <rect width=\"%s\" height=\"%s\" fill=\"#ffffff\"/>\n", width, height)
        + body
        + "</svg>\n";
  }

  /** How wide a text is, rather too wide. */
  static double width(String text, double size, boolean mono) {
    return text.codePoints().mapToDouble(point -> size * (point >= 0x1100 ? WIDE : mono ? MONOSPACE : width(point))).sum();
  }

  private static double width(int point) {
    if ("iljtf.,:;'|!()[]/ ".indexOf(point) >= 0) {
      return 0.38;
    }
    // As wide as bold letters are.
    return point == '@' || point == 'm' || point == 'w' || point == 'M' || point == 'W' ? 1 : Character.isUpperCase(point) ? 0.74 : 0.66;
  }

  private static String fitting(String text, double size, double widest, boolean mono) {
    if (width(text, size, mono) <= widest) {
      return text;
    }
    StringBuilder cut = new StringBuilder();
    for (int point : text.codePoints().toArray()) {
      if (width(cut + Character.toString(point) + "…", size, mono) > widest) {
        break;
      }
      cut.appendCodePoint(point);
    }
    return cut + "…";
  }

  /** Text and attribute values; what XML 1.0 can't carry becomes a replacement character. */
  static String escaped(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints().forEach(point -> {
      switch (point) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '"' -> safe.append("&quot;");
        case '\'' -> safe.append("&#39;");
        default -> safe.appendCodePoint(carried(point) ? point : 0xfffd);
      }
    });
    return safe.toString();
  }

  private static boolean carried(int point) {
    return point == '\t' || point == '\n' || point >= 0x20 && point < 0xd800 || point >= 0xe000 && point < 0xfffe || point > 0xffff;
  }

  private void title(String title) {
    indent().append("<title>").append(escaped(title)).append("</title>\n");
  }

  private StringBuilder indent() {
    return body.append("  ".repeat(depth));
  }

  private static String format(String pattern, Object... numbers) {
    Object[] texts = new Object[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      texts[i] = numbers[i] instanceof Double number ? number(number) : numbers[i];
    }
    return String.format(Locale.ROOT, pattern, texts);
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
