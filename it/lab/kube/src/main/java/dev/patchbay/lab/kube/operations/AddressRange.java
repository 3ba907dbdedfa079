package dev.patchbay.lab.kube.operations;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Hands out the addresses of a CIDR one after the other, and begins anew at the end. Thread-safe: two callers never get
 * the same one unless the range has gone round.
 */
final class AddressRange {
  private final BigInteger base;
  private final int bytes;
  private final long size;
  private final AtomicLong next;

  /**
   * @param cidr of IPv4 or IPv6; of larger ones than 2^30 only the beginning is used
   * @param first the first to hand out, counted from the beginning of the range
   * @throws IllegalArgumentException if it is no CIDR
   */
  AddressRange(String cidr, int first) {
    int slash = cidr.indexOf('/');
    String address = slash < 0 ? "" : cidr.substring(0, slash);
    if (!address.matches("[0-9a-fA-F.:]+")) {
      throw new IllegalArgumentException("\"" + cidr + "\" is no range of addresses: write ADDRESS/LENGTH");
    }
    byte[] raw = parse(address);
    int bits = raw.length * 8 - Integer.parseInt(cidr.substring(slash + 1));
    bytes = raw.length;
    size = 1L << Math.min(bits, 30);
    base = new BigInteger(1, raw).shiftRight(bits).shiftLeft(bits);
    next = new AtomicLong(first);
  }

  /** The address at a place, counted from the beginning of the range. */
  String at(long index) {
    byte[] number = base.add(BigInteger.valueOf(index)).toByteArray();
    byte[] raw = new byte[bytes];
    int length = Math.min(number.length, bytes);
    System.arraycopy(number, number.length - length, raw, bytes - length, length);
    return text(raw);
  }

  /**
   * The next address.
   *
   * @param taken which addresses not to give
   * @throws IllegalStateException if all are taken
   */
  String allocate(Predicate<String> taken) {
    for (long tries = 0; tries < size; tries++) {
      // Neither the first, which is the network's, nor the last, which is broadcast in IPv4.
      long index = 1 + Math.floorMod(next.getAndIncrement() - 1, size - 2);
      String address = at(index);
      if (!taken.test(address)) {
        return address;
      }
    }
    throw new IllegalStateException("every one of the " + size + " service addresses is taken");
  }

  private static byte[] parse(String address) {
    try {
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("\"" + address + "\" is no address", e);
    }
  }

  private static String text(byte[] raw) {
    try {
      String text = InetAddress.getByAddress(raw).getHostAddress();
      return raw.length == 4 ? text : Ipv6Text.canonical(raw);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("no address of " + Arrays.toString(raw), e);
    }
  }
}
