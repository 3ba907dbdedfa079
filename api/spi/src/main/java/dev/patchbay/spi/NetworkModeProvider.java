package dev.patchbay.spi;

import org.apiguardian.api.API;

/**
 * The one service that a mode's module provides, found by {@link java.util.ServiceLoader} in the mode's own module layer:
 * {@snippet :
 * provides dev.patchbay.spi.NetworkModeProvider with com.example.mode.ExampleProvider;
 * }
 * A provider's constructor and its methods do no work: they are called on the runtime's start thread, in any order, any
 * number of times, and must return at once.
 */
@ImplementedByMode
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface NetworkModeProvider {
  /**
   * {@return the name by which configuration chooses the mode, {@code secondary-ip} say: lower-case letters, digits and
   * dashes, at most 40; a vendor's own starts with the vendor's name}
   */
  String id();

  /**
   * {@return what the mode is, has and needs; equal at each call}
   */
  ModeDescriptor descriptor();

  /**
   * Makes the mode for settings that have been checked against the descriptor. Called again with other settings when
   * configuration changes while the node runs; the earlier mode is then no longer called.
   *
   * @param context the settings, and how to say that they don't fit together
   * @return the mode
   * @throws SettingException if settings don't fit together
   */
  NetworkMode create(ModeContext context);
}
