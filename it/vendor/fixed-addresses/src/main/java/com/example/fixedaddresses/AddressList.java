package com.example.fixedaddresses;

import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Addresses in an order: single ones, and blocks for all that they hold.
 *
 * @param blocks the blocks; an address is one of length 32
 */
record AddressList(List<Cidr> blocks) {
  private static final int MOST_CHARACTERS = 1_024;
  private static final int SHORTEST_PREFIX = 16;

  AddressList {
    blocks = List.copyOf(blocks);
  }

  /**
   * Reads what an annotation says.
   *
   * @throws IllegalArgumentException if it is no flat list of IPv4 addresses and blocks, or one alone
   */
  static AddressList parse(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException("it has more than " + MOST_CHARACTERS + " characters");
    }
    Object value;
    try {
      value = new Load(LoadSettings.builder().build()).loadFromString(text);
    } catch (YamlEngineException | StackOverflowError e) {
      // Lists in lists in lists: no list of addresses either way.
      throw new IllegalArgumentException("it is no YAML", e);
    }
    List<?> items = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    if (items.isEmpty()) {
      throw new IllegalArgumentException("it is empty");
    }
    List<Cidr> blocks = new ArrayList<>();
    for (Object item : items) {
      if (!(item instanceof String address)) {
        throw new IllegalArgumentException("it has something other than addresses and blocks in it");
      }
      blocks.add(block(address));
    }
    return new AddressList(blocks);
  }

  private static Cidr block(String text) {
    Cidr block = text.indexOf('/') < 0 ? IpAddress.of(text.strip()).asCidr() : Cidr.of(text.strip());
    if (block.family() != AddressFamily.IPV4 || block.length() < SHORTEST_PREFIX) {
      throw new IllegalArgumentException(text + " is no IPv4 address, and no block of at most 65,536 of them");
    }
    return block;
  }

  /** How many there are. */
  long size() {
    return blocks.stream().mapToLong(Cidr::size).sum();
  }

  /** The address of an ordinal, counted from 0. */
  Optional<IpAddress> at(long ordinal) {
    long left = ordinal;
    for (Cidr block : blocks) {
      if (left < block.size()) {
        return Optional.of(block.at(left));
      }
      left -= block.size();
    }
    return Optional.empty();
  }
}
