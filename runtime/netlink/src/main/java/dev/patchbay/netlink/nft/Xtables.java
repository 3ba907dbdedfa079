package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.IpPrefix;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Matches and targets as iptables writes them over nftables (iptables-nft), expression by expression, so that iptables, iptables-save and
 * whoever reads these takes a rule for one of its own. Structures: include/uapi/linux/netfilter/xt_*.h and nf_nat.h.
 */
public final class Xtables {
  private static final int LIMIT_INPUT = 4; // XT_ADDRTYPE_LIMIT_IFACE_IN
  private static final int INVERT_DESTINATION = 2; // XT_ADDRTYPE_INVERT_DEST
  private static final int LOCAL = 1 << 2; // XT_ADDRTYPE_LOCAL
  private static final int SET = 0; // XT_CONNMARK_SET
  private static final int RESTORE = 2; // XT_CONNMARK_RESTORE
  private static final int COMMENT_BYTES = 256; // XT_MAX_COMMENT_LEN

  private Xtables() {}

  private static ByteBuffer structure(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
  }

  private static Value value(ByteBuffer structure) {
    return Value.bytes(structure.array());
  }

  /** {@code -m comment --comment TEXT}. */
  public static Expression comment(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length >= COMMENT_BYTES) {
      throw new IllegalArgumentException("A comment has less than " + COMMENT_BYTES + " bytes, unlike \"" + text + "\"");
    }
    return new Expression.Match("comment", 0, Value.bytes(Arrays.copyOf(bytes, COMMENT_BYTES)));
  }

  /** The comment of a rule that has one by {@link #comment}, or empty text. */
  public static String commentOf(List<Expression> rule) {
    for (Expression expression : rule) {
      if (expression instanceof Expression.Match(String name, int _, Value data) && name.equals("comment")) {
        String text = new String(data.toBytes(), StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
      }
    }
    return "";
  }

  /** {@code -m addrtype --dst-type LOCAL --limit-iface-in}: for an address of the interface by which it came in. */
  public static Expression toLocalOfInputLink() {
    return new Expression.Match("addrtype", 1, value(structure(8).putShort(2, (short) LOCAL).putInt(4, LIMIT_INPUT)));
  }

  /** {@code -m addrtype ! --dst-type LOCAL}. */
  public static Expression notToLocal() {
    return new Expression.Match("addrtype", 1, value(structure(8).putShort(2, (short) LOCAL).putInt(4, INVERT_DESTINATION)));
  }

  /** {@code -j CONNMARK --set-xmark MARK/MASK}. */
  public static Expression setConnectionMark(int mark, int mask) {
    return new Expression.Target("CONNMARK", 2, value(structure(16).putInt(0, mark).putInt(4, mask | mark).putInt(8, -1).put(14, (byte) SET)));
  }

  /** {@code -j CONNMARK --restore-mark --mask MASK}: the packet gets the connection's mark. */
  public static Expression restoreConnectionMark(int mask) {
    return new Expression.Target("CONNMARK", 2, value(structure(16).putInt(4, mask).putInt(8, mask).put(14, (byte) RESTORE)));
  }

  /**
   * {@code -j SNAT --to-source ADDRESS}.
   *
   * @param flags {@code NF_NAT_RANGE_*}: 4 for {@code --random}, 16 for {@code --random-fully}
   */
  public static Expression translateSource(InetAddress address, int flags) {
    byte[] bytes = address.getAddress();
    int range = flags | 1; // NF_NAT_RANGE_MAP_IPS
    if (address instanceof Inet4Address) {
      return new Expression.Target("SNAT", 0, value(structure(24).putInt(0, 1).putInt(4, range).put(8, bytes).put(12, bytes)));
    }
    return new Expression.Target("SNAT", 1, value(structure(40).putInt(0, range).put(4, bytes).put(20, bytes)));
  }

  /** {@code -i NAME}, or {@code -i BEGINNING+}. */
  public static List<Expression> inputLink(String name) {
    return link(Expression.MetaKey.INPUT_LINK, Expression.Comparison.EQUAL, name);
  }

  /** {@code ! -o NAME}, or {@code ! -o BEGINNING+}. */
  public static List<Expression> notOutputLink(String name) {
    return link(Expression.MetaKey.OUTPUT_LINK, Expression.Comparison.NOT_EQUAL, name);
  }

  private static List<Expression> link(Expression.MetaKey key, Expression.Comparison comparison, String name) {
    boolean beginning = name.endsWith("+");
    byte[] text = name.substring(0, name.length() - (beginning ? 1 : 0)).getBytes(StandardCharsets.UTF_8);
    return List.of(new Expression.Meta(key, 0),
        new Expression.Compare(0, comparison, Value.bytes(beginning ? text : Arrays.copyOf(text, text.length + 1))));
  }

  /** {@code -s PREFIX}; nothing for all addresses. */
  public static List<Expression> source(IpPrefix prefix) {
    return address(prefix, prefix.network().address() instanceof Inet4Address ? 12 : 8);
  }

  /** {@code -d PREFIX}; nothing for all addresses. */
  public static List<Expression> destination(IpPrefix prefix) {
    return address(prefix, prefix.network().address() instanceof Inet4Address ? 16 : 24);
  }

  private static List<Expression> address(IpPrefix prefix, int offset) {
    byte[] address = prefix.network().address().getAddress();
    int length = prefix.length();
    if (length == 0) {
      return List.of();
    }
    List<Expression> expressions = new ArrayList<>();
    if (length % 8 == 0) {
      expressions.add(new Expression.Payload(Expression.Header.NETWORK, offset, length / 8, 0));
      expressions.add(new Expression.Compare(0, Expression.Comparison.EQUAL, Value.bytes(Arrays.copyOf(address, length / 8))));
      return expressions;
    }
    byte[] mask = new byte[address.length];
    for (int bit = 0; bit < length; bit++) {
      mask[bit / 8] |= (byte) (0x80 >>> (bit % 8));
    }
    expressions.add(new Expression.Payload(Expression.Header.NETWORK, offset, address.length, 0));
    expressions.add(new Expression.Bitwise(0, 0, Value.bytes(mask), Value.bytes(new byte[mask.length])));
    expressions.add(new Expression.Compare(0, Expression.Comparison.EQUAL, Value.bytes(address)));
    return expressions;
  }
}
