package dev.patchbay.core.needs;

import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.Role;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which kinds of objects a node follows. */
public final class NodeReads {
  private NodeReads() {}

  /**
   * What is followed for a mode.
   *
   * @param mode the mode
   * @return the kinds that it declares; and pods, if it claims some of them, since a claim is asked about a pod's object
   */
  public static Set<ObjectKind> of(ModeDescriptor mode) {
    Set<ObjectKind> kinds = new LinkedHashSet<>(mode.nodeReads());
    if (mode.roles().stream().anyMatch(Role.Claim.class::isInstance)) {
      kinds.add(ObjectKind.POD);
    }
    return kinds;
  }

  /**
   * What a node follows: itself, and what is followed for its modes.
   *
   * @param modes the modes chosen
   * @return the kinds
   */
  public static List<ObjectKind> of(Collection<ModeDescriptor> modes) {
    Set<ObjectKind> kinds = new LinkedHashSet<>(List.of(ObjectKind.NODE));
    modes.forEach(mode -> kinds.addAll(of(mode)));
    return List.copyOf(kinds);
  }
}
