package dev.patchbay.lab.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The picture is an image that any viewer reads: everything is in it, in its place, and no text does harm. */
class PictureTest {
  private static final String HOSTILE = "</title><script>alert('x')</script>&amp;\"\u0007\ud800 ]]> é 網";
  private static final Set<String> BOXES = Set.of("vpc", "outside", "gateway", "zone", "subnet", "node", "eni", "loose", "pod", "group");

  /** A lab of so many nodes, with as many interfaces and pods each. */
  private static Scene scene(int nodes, int enis, int pods) {
    List<List<Scene.Node>> inZone = List.of(new ArrayList<>(), new ArrayList<>());
    for (int n = 0; n < nodes; n++) {
      List<Scene.Eni> all = new ArrayList<>();
      for (int e = 0; e < enis; e++) {
        all.add(eni(n, e, pods / enis));
      }
      String node = "node-" + n;
      inZone.get(n % 2).add(new Scene.Node(node, "i-0c34d0bff9015%04d".formatted(n), "m5.large", all, List.of()));
    }
    Scene.Eni managed =
        new Scene.Eni("eni-0aaaaaaaaaaaaaaaa", "Amazon EKS lab", "subnet-0a", List.of("10.0.63.250"), List.of(), 0, List.of("sg-0a"), List.of());
    List<Scene.Zone> zones =
        List.of(
            new Scene.Zone("eu-west-1a", List.of(
                new Scene.Subnet("subnet-0a", "eu-west-1a", "10.0.0.0/18", "igw-0a", inZone.get(0), List.of(managed)),
                new Scene.Subnet("subnet-0p", "pods-a", "100.64.0.0/18", "nat-0a", List.of(), List.of()))),
            new Scene.Zone("eu-west-1b", List.of(new Scene.Subnet("subnet-0b", "eu-west-1b", "10.0.64.0/18", "igw-0a", inZone.get(1), List.of()))));
    return new Scene(
        "lab",
        "vpc-0910a2dec89025cc1  eu-west-1  10.0.0.0/16  100.64.0.0/16",
        List.of(new Scene.Gateway("igw-0a", "internet gateway"), new Scene.Gateway("nat-0a", "NAT gateway, 192.0.2.1")),
        zones,
        List.of(
            new Scene.Group("sg-0a", "nodes", List.of("in   all  sg-0a", "out  all  0.0.0.0/0")),
            new Scene.Group("sg-0b", "database", List.of("in   tcp 5432  sg-0a", "out  all  0.0.0.0/0"))));
  }

  private static Scene.Eni eni(int n, int e, int pods) {
    List<Scene.Pod> all =
        IntStream.range(0, pods)
            .mapToObj(p -> new Scene.Pod(p % 3 == 0 ? "shop" : "default", "web-%d-%d-%d".formatted(n, e, p), List.of("10.0.%d.%d".formatted(n, e * 60 + p + 5))))
            .toList();
    String subnet = e == 2 ? "subnet-0p" : n % 2 == 0 ? "subnet-0a" : "subnet-0b";
    return new Scene.Eni(
        "eni-0e099ec6cd7%02d%03d".formatted(n, e), "eth" + e, subnet, List.of("10.0.%d.4%s".formatted(n, e == 0 ? "  public 198.51.100." + n : "")),
        e == 1 ? List.of("10.0.%d.16/28".formatted(n)) : List.of(), 3, e == 2 ? List.of("sg-0a", "sg-0b") : List.of("sg-0a"), all);
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
  }

  private static List<Element> elements(Document document, String name) {
    List<Element> all = new ArrayList<>();
    NodeList found = document.getElementsByTagName(name);
    for (int i = 0; i < found.getLength(); i++) {
      all.add((Element) found.item(i));
    }
    return all;
  }

  private record Box(String kind, String id, double x, double y, double width, double height) {
    static Box of(Element rect) {
      return new Box(
          rect.getAttribute("class"), rect.getAttribute("data-id"), number(rect, "x"), number(rect, "y"), number(rect, "width"), number(rect, "height"));
    }

    private static double number(Element rect, String name) {
      return Double.parseDouble(rect.getAttribute(name));
    }

    boolean overlaps(Box other) {
      return x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height;
    }

    boolean contains(Box other) {
      return x <= other.x && y <= other.y && other.x + other.width <= x + width && other.y + other.height <= y + height;
    }
  }

  /** The boxes of a picture, by the box in which they are drawn. */
  private static Map<Box, List<Box>> byParent(Document document) {
    Map<Box, List<Box>> all = new HashMap<>();
    Box none = new Box("", "", 0, 0, 0, 0);
    for (Element rect : elements(document, "rect")) {
      if (BOXES.contains(rect.getAttribute("class"))) {
        Box parent = none;
        Node group = rect.getParentNode() == null ? null : rect.getParentNode().getParentNode();
        for (Node child = group == null ? null : group.getFirstChild(); child != null; child = child.getNextSibling()) {
          if (child instanceof Element each && each.getTagName().equals("rect") && BOXES.contains(each.getAttribute("class"))) {
            parent = Box.of(each);
            break;
          }
        }
        all.computeIfAbsent(parent, key -> new ArrayList<>()).add(Box.of(rect));
      }
    }
    return all;
  }

  /** What is not in its place. */
  private static List<String> displaced(Document document) {
    List<String> wrong = new ArrayList<>();
    byParent(document).forEach((parent, children) -> {
      for (int i = 0; i < children.size(); i++) {
        Box one = children.get(i);
        if (!parent.kind().isEmpty() && !parent.contains(one)) {
          wrong.add(one + " is not inside of " + parent);
        }
        for (Box other : children.subList(i + 1, children.size())) {
          if (one.overlaps(other)) {
            wrong.add(one + " overlaps " + other);
          }
        }
      }
    });
    return wrong;
  }

  private static void keep(String name, String svg) throws IOException {
    Files.writeString(Files.createDirectories(Path.of("target", "pictures")).resolve(name + ".svg"), svg);
  }

  @Test
  void everythingIsInItAndInItsPlace() throws Exception {
    String svg = Picture.of(scene(4, 3, 18));
    keep("four-nodes", svg);
    Document document = parsed(svg);
    List<String> ids = elements(document, "rect").stream().map(rect -> rect.getAttribute("data-id")).toList();
    for (int n = 0; n < 4; n++) {
      for (int e = 0; e < 3; e++) {
        Scene.Eni eni = eni(n, e, 6);
        assertThat(ids).contains(eni.id()).containsAll(eni.pods().stream().map(Scene.Pod::id).toList());
        assertThat(svg).contains(">" + eni.id() + "<").contains(eni.lines().getFirst());
      }
    }
    assertThat(ids).contains("vpc", "internet", "igw-0a", "nat-0a", "eu-west-1a", "subnet-0p", "sg-0b", "eni-0aaaaaaaaaaaaaaaa");
    assertThat(svg).contains(">10.0.1.16/28<", ">3 addresses in stock<", ">in subnet-0p<", "4 nodes, 13 interfaces, 72 pods");
    assertThat(byParent(document)).hasSizeGreaterThan(10);
    assertThat(displaced(document)).isEmpty();
  }

  @Test
  void manyPodsAreCountedAndThePictureKeepsASize() throws Exception {
    String svg = Picture.of(scene(20, 3, 99));
    keep("twenty-nodes", svg);
    Document document = parsed(svg);
    assertThat(svg).contains("20 nodes, 61 interfaces, 1980 pods", "and 29 more pods");
    assertThat(displaced(document)).isEmpty();
    double width = Double.parseDouble(document.getDocumentElement().getAttribute("width"));
    double height = Double.parseDouble(document.getDocumentElement().getAttribute("height"));
    assertThat(width).isLessThan(3000);
    assertThat(height).isLessThan(4000);
    assertThat(svg.length()).isLessThan(500_000);
  }

  @Test
  void hostileNamesDoNoHarm() throws Exception {
    Scene.Pod pod = new Scene.Pod(HOSTILE, HOSTILE, List.of(HOSTILE));
    Scene.Eni eni = new Scene.Eni(HOSTILE, HOSTILE, HOSTILE, List.of(HOSTILE), List.of(HOSTILE), 1, List.of(HOSTILE), List.of(pod));
    Scene.Node node = new Scene.Node(HOSTILE, HOSTILE, HOSTILE, List.of(eni), List.of(pod));
    Scene.Subnet subnet = new Scene.Subnet(HOSTILE, HOSTILE, HOSTILE, HOSTILE, List.of(node), List.of(eni));
    Scene scene =
        new Scene(
            HOSTILE, HOSTILE, List.of(new Scene.Gateway(HOSTILE, HOSTILE)), List.of(new Scene.Zone(HOSTILE, List.of(subnet))),
            List.of(new Scene.Group(HOSTILE, HOSTILE, List.of(HOSTILE))));
    Document document = parsed(Picture.of(scene));
    Set<String> drawn = Set.of("svg", "g", "title", "style", "rect", "text", "path", "circle");
    assertThat(elements(document, "*")).allMatch(element -> drawn.contains(element.getTagName()));
    assertThat(elements(document, "*")).allSatisfy(element -> {
      for (int i = 0; i < element.getAttributes().getLength(); i++) {
        String name = element.getAttributes().item(i).getNodeName();
        assertThat(name).doesNotStartWith("on").isNotIn("href", "xlink:href", "style");
      }
    });
    String replaced = HOSTILE.replace('\u0007', '\ufffd').replace('\ud800', '\ufffd');
    assertThat(elements(document, "title")).anyMatch(title -> title.getTextContent().equals("pod " + replaced + "/" + replaced + ", " + replaced));
    assertThat(displaced(document)).isEmpty();
  }

  @Test
  void anEmptyLabAndOneOfEverySizeAreDrawn() throws Exception {
    assertThat(displaced(parsed(Picture.of(new Scene("lab", "vpc-0", List.of(), List.of(), List.of()))))).isEmpty();
    for (int nodes : List.of(0, 1, 3, 7, 30)) {
      for (int pods : List.of(0, 1, 13, 200)) {
        assertThat(displaced(parsed(Picture.of(scene(nodes, 1, pods))))).isEmpty();
      }
    }
  }

  @Test
  void whatOverlapsIsSeen() throws Exception {
    String svg = Picture.of(scene(2, 1, 2));
    Box first = byParent(parsed(svg)).values().stream().flatMap(List::stream).filter(box -> box.kind().equals("pod")).findFirst().orElseThrow();
    String moved = svg.replaceFirst("(class=\"pod\"[^>]* width=\")[0-9.]+", "$1" + (first.width() + 40));
    assertThat(moved).isNotEqualTo(svg);
    assertThat(displaced(parsed(moved))).isNotEmpty();
  }
}
