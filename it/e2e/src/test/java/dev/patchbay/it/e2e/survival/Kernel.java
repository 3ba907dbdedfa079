package dev.patchbay.it.e2e.survival;

import dev.patchbay.lab.fabric.NetworkNamespace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a namespace's kernel has at one time, as {@code ip} and {@code nft} show it: links, addresses, routes, rules, fixed neighbours,
 * and the packet filter with its elements. What the kernel itself changes as time passes is left out, so two of them are equal when
 * nobody has changed anything in between.
 *
 * @param lines all of it, sorted
 */
public record Kernel(List<String> lines) {
  private static final String SHOW =
      """
      set -e
      ip -o -d link show | sed 's/^/link /'
      ip -o addr show | sed 's/^/address /'
      ip -4 route show table all | sed 's/^/route /'
      ip -6 route show table all | sed 's/^/route6 /'
      ip -4 rule show | sed 's/^/rule /'
      ip -6 rule show | sed 's/^/rule6 /'
      ip neigh show nud permanent | sed 's/^/neighbour /'
      nft list ruleset
      """;
  private static final Pattern IP = Pattern.compile("^(link|address|route6?|rule6?|neighbour) ");
  /** Addresses that the kernel makes by itself, some time after a device is up, and what goes with them. */
  private static final Pattern LINK_LOCAL = Pattern.compile("fe80:|ff00::|multicast ff");

  private static final Pattern ALIAS = Pattern.compile("^link \\d+: ([^@:]+).*alias patchbay:(\\S+)");
  private static final Pattern ROUTE = Pattern.compile("^route (\\S+) dev (\\S+) table \\d+ proto 156");
  private static final Pattern ELEMENT = Pattern.compile("^(\\S+) comment \"([^\"]+/[^\"]+)\"");

  /** Copies the list. */
  public Kernel {
    lines = List.copyOf(lines);
  }

  /** What a namespace has now. */
  public static Kernel of(NetworkNamespace namespace) {
    List<String> lines = new ArrayList<>();
    for (String line : namespace.run("bash", "-c", SHOW).orThrow("show what " + namespace.name() + " has").lines().toList()) {
      if (IP.matcher(line).find()) {
        if (!LINK_LOCAL.matcher(line).find()) {
          lines.add(line.stripTrailing());
        }
      } else {
        // Elements stand several in a line, in no order.
        Arrays.stream(line.replaceAll("elements = \\{|\\}$", "").split(", *"))
            .map(part -> part.strip().replaceAll("counter packets \\d+ bytes \\d+", "counter"))
            .filter(part -> !part.isEmpty())
            .forEach(lines::add);
      }
    }
    lines.sort(null);
    return new Kernel(lines);
  }

  /** The devices of attachments, by attachment {@code CONTAINER/INTERFACE}. */
  public Map<String, String> devices() {
    Map<String, String> devices = new TreeMap<>();
    found(ALIAS).forEach(match -> devices.put(match.group(2), match.group(1)));
    return devices;
  }

  /** The devices to which the node sends what is for a pod's address, by address. */
  public Map<String, String> deliveries() {
    Map<String, String> deliveries = new TreeMap<>();
    found(ROUTE).forEach(match -> deliveries.put(match.group(1), match.group(2)));
    return deliveries;
  }

  /** The attachments in the packet filter, by address. */
  public Map<String, String> elements() {
    Map<String, String> elements = new TreeMap<>();
    found(ELEMENT).forEach(match -> elements.put(match.group(1), match.group(2)));
    return elements;
  }

  /** The lines that one of the two has and the other has not; empty if they are the same. */
  public List<String> differences(Kernel later) {
    List<String> differences = new ArrayList<>();
    TreeSet<String> gone = new TreeSet<>(lines);
    later.lines.forEach(gone::remove);
    gone.forEach(line -> differences.add("gone: " + line));
    TreeSet<String> come = new TreeSet<>(later.lines);
    lines.forEach(come::remove);
    come.forEach(line -> differences.add("come: " + line));
    return differences;
  }

  private Stream<MatchResult> found(Pattern pattern) {
    return lines.stream().flatMap(line -> pattern.matcher(line).results());
  }
}
