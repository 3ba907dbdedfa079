package dev.patchbay.spi;

import dev.patchbay.spi.net.AddressFamily;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.apiguardian.api.API;

/**
 * How a mode takes part. A mode may have several roles. The runtime checks at start that the roles of the modes chosen
 * fit together, and refuses with the reason and the nearest configuration that works. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Role {
  /**
   * Supplies the addresses of pods; per family exactly one mode does.
   *
   * @param families the families
   * @return the role
   */
  static Role base(AddressFamily... families) {
    return new Base(Set.of(families));
  }

  /**
   * Changes where addresses come from: the lanes, and which of them a pod draws from.
   *
   * @param unreadable what happens to a pod while an object that the mode reads can't be read
   * @param families the families whose lanes it changes; the lanes of others it leaves alone
   * @return the role
   */
  static Role modifier(WhenUnreadable unreadable, AddressFamily... families) {
    return new Modifier(Set.of(families), unreadable);
  }

  /**
   * Takes over particular pods. Two claims on one pod and family are refused.
   *
   * @param unreadable what happens to a pod while its object can't be read
   * @param families the families that it takes over
   * @return the role
   */
  static Role claim(WhenUnreadable unreadable, AddressFamily... families) {
    return new Claim(Set.of(families), unreadable);
  }

  /**
   * Adds interfaces to pods that have their first.
   *
   * @param unreadable what happens to a pod while an object that the mode reads can't be read
   * @return the role
   */
  static Role extra(WhenUnreadable unreadable) {
    return new Extra(unreadable);
  }

  /** What happens to a pod whose object can't be read: the API server is away, or the object is not there yet. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  enum WhenUnreadable {
    /** It does not start. For modes without which a pod would start unprotected. */
    REFUSE,
    /** It starts as if the mode were not there. */
    PASS
  }

  /** Supplies addresses. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  final class Base implements Role {
    private final Set<AddressFamily> families;

    private Base(Set<AddressFamily> families) {
      this.families = ordered(families);
    }

    /**
     * {@return the families that it supplies}
     */
    public Set<AddressFamily> families() {
      return families;
    }

    @Override
    public String toString() {
      return "base " + families;
    }
  }

  /** Changes lanes. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  final class Modifier implements Role {
    private final Set<AddressFamily> families;
    private final WhenUnreadable unreadable;

    private Modifier(Set<AddressFamily> families, WhenUnreadable unreadable) {
      this.families = ordered(families);
      this.unreadable = unreadable;
    }

    /**
     * {@return the families whose lanes it changes}
     */
    public Set<AddressFamily> families() {
      return families;
    }

    /**
     * {@return what happens while an object can't be read}
     */
    public WhenUnreadable unreadable() {
      return unreadable;
    }

    @Override
    public String toString() {
      return "modifier " + families;
    }
  }

  /** Takes over pods. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  final class Claim implements Role {
    private final Set<AddressFamily> families;
    private final WhenUnreadable unreadable;

    private Claim(Set<AddressFamily> families, WhenUnreadable unreadable) {
      this.families = ordered(families);
      this.unreadable = unreadable;
    }

    /**
     * {@return the families that it takes over}
     */
    public Set<AddressFamily> families() {
      return families;
    }

    /**
     * {@return what happens while the pod can't be read}
     */
    public WhenUnreadable unreadable() {
      return unreadable;
    }

    @Override
    public String toString() {
      return "claim " + families;
    }
  }

  /** Adds interfaces. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  final class Extra implements Role {
    private final WhenUnreadable unreadable;

    private Extra(WhenUnreadable unreadable) {
      this.unreadable = unreadable;
    }

    /**
     * {@return what happens while an object can't be read}
     */
    public WhenUnreadable unreadable() {
      return unreadable;
    }

    @Override
    public String toString() {
      return "extra";
    }
  }

  private static Set<AddressFamily> ordered(Set<AddressFamily> families) {
    if (families.isEmpty()) {
      throw new IllegalArgumentException("a role names at least one address family");
    }
    return Collections.unmodifiableSet(new TreeSet<>(families));
  }
}
