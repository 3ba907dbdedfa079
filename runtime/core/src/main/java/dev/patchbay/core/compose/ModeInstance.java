package dev.patchbay.core.compose;

import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.net.AddressFamily;
import java.util.Optional;
import java.util.Set;

/**
 * A mode that was loaded and made with its settings.
 *
 * @param id its id
 * @param version the version of its module
 * @param descriptor what it says of itself
 * @param mode the mode
 */
public record ModeInstance(String id, String version, ModeDescriptor descriptor, NetworkMode mode) {
  /**
   * {@return a role of the mode}
   * @param type the role's class
   * @param <R> the role's class
   */
  public <R extends Role> Optional<R> role(Class<R> type) {
    for (Role role : descriptor.roles()) {
      if (type.isInstance(role)) {
        return Optional.of(type.cast(role));
      }
    }
    return Optional.empty();
  }

  /**
   * {@return the families that the mode supplies as a base}
   */
  public Set<AddressFamily> baseFamilies() {
    return role(Role.Base.class).map(Role.Base::families).orElse(Set.of());
  }

  /**
   * {@return id and version as the ledger keeps them: {@code id@version}}
   */
  public String label() {
    return id + "@" + version;
  }

  @Override
  public String toString() {
    return label();
  }
}
