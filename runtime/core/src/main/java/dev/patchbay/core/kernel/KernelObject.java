package dev.patchbay.core.kernel;

import dev.patchbay.spi.datapath.InterfaceAddress;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.SourceEgress;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.Table;
import java.util.List;
import java.util.Optional;

/**
 * One object of the kernel that an element of an applied plan stands for, and whether it is there: for people who ask why.
 *
 * @param element the element
 * @param kind what it is, a stable word: {@code link}, {@code address}, {@code route}, {@code rule}, {@code neighbour},
 *     {@code sysctl}, {@code set element}, {@code chain rule}, {@code rate}, {@code element} for what can't be named
 * @param space where it is
 * @param text the object in the words of the tools that list it: ip, nft, sysctl, tc
 * @param state whether it is there
 * @param found what is there instead, sentences; empty if it is there
 */
public record KernelObject(PlanElement element, String kind, Space space, String text, State state, List<String> found) {
  /** Whether an object is there. */
  public enum State {
    /** It is, and as it should be. */
    PRESENT,
    /** It is not. */
    MISSING,
    /** It is there, and not as it should be. */
    ALTERED,
    /** Nobody could look: the pod's namespace is not at hand. */
    UNSEEN
  }

  /**
   * Copies the list.
   */
  public KernelObject {
    found = List.copyOf(found);
  }

  /**
   * {@return what of it is not as it should be}
   */
  public List<Deviation> deviations() {
    return found.stream().map(f -> new Deviation(element, f)).toList();
  }

  /**
   * {@return the interface of the instance that it is there for, if it is for one in particular}
   */
  public Optional<String> eni() {
    return switch (element) {
      case PolicyRule rule -> eni(rule.table());
      case Route route -> eni(route.table()).or(() -> route.device().flatMap(d -> d.eni()));
      case InterfaceAddress address -> address.device().eni();
      case Sysctl sysctl -> sysctl.device().flatMap(d -> d.eni());
      case SourceEgress egress -> Optional.of(egress.eni());
      case ReturnPath path -> Optional.of(path.eni());
      default -> Optional.empty();
    };
  }

  private static Optional<String> eni(Table table) {
    return table.symbol().startsWith("eni:") ? Optional.of(table.symbol().substring(4)) : Optional.empty();
  }
}
