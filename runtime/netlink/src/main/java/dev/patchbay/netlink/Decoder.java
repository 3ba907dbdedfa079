package dev.patchbay.netlink;

import java.util.function.Consumer;

/**
 * Turns messages into values.
 *
 * @param <T> type of the values
 */
@FunctionalInterface
public interface Decoder<T> {
  /**
   * Decodes one message into any number of values.
   *
   * @param message valid during this call alone
   * @param into takes the values
   */
  void decode(Message message, Consumer<T> into);
}
