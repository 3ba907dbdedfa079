package dev.patchbay.netlink.nft;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What keys and data of sets and maps are made of. The kernel knows only lengths; the numbers are the nft tool's (enum datatypes
 * in its include/datatype.h), by which it prints them.
 */
public enum DataType {
  IPV4_ADDRESS(7, 4),
  IPV6_ADDRESS(8, 16),
  MAC_ADDRESS(9, 6),
  /** Transport protocol, for example 6 for TCP. */
  PROTOCOL(12, 1),
  PORT(13, 2),
  MARK(19, 4),
  /** Index of an interface. */
  LINK_INDEX(20, 4),
  /** Name of an interface. */
  LINK_NAME(41, 16);

  /** Types of a concatenation stand in one number, six bits each. */
  private static final int BITS = 6;

  private static final DataType[] ALL = values();

  private final int number;
  private final int length;

  DataType(int number, int length) {
    this.number = number;
    this.length = length;
  }

  /** In bytes, without the padding of a concatenation. */
  public int length() {
    return length;
  }

  /** In bytes, as a part of a concatenation. */
  int paddedLength() {
    return length + 3 & ~3;
  }

  /** Whether the machine's byte order holds, as for all that is not in packets. */
  boolean isInHostOrder() {
    return switch (this) {
      case MARK, LINK_INDEX, LINK_NAME -> true;
      case IPV4_ADDRESS, IPV6_ADDRESS, MAC_ADDRESS, PROTOCOL, PORT -> false;
    };
  }

  static int number(List<DataType> types) {
    int number = 0;
    for (DataType type : types) {
      number = number << BITS | type.number;
    }
    return number;
  }

  static int length(List<DataType> types) {
    return types.size() == 1 ? types.getFirst().length : types.stream().mapToInt(DataType::paddedLength).sum();
  }

  /** The types of a number; empty when one of them is not known here. */
  static List<DataType> of(int number) {
    List<DataType> types = new ArrayList<>();
    for (int rest = number; rest != 0; rest >>>= BITS) {
      DataType type = ofSingle(rest & (1 << BITS) - 1);
      if (type == null) {
        return List.of();
      }
      types.addFirst(type);
    }
    return List.copyOf(types);
  }

  private static @Nullable DataType ofSingle(int number) {
    for (DataType type : ALL) {
      if (type.number == number) {
        return type;
      }
    }
    return null;
  }
}
