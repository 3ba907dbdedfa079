package dev.patchbay.linux.datapath;

import dev.patchbay.netlink.AttributeReader;
import dev.patchbay.netlink.Message;
import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/**
 * The few requests of traffic control that rate limits need (tc(8), tc-tbf(8)): a token bucket, and the way of what a device receives
 * through another device's bucket. Numbers from include/uapi/linux/{rtnetlink,pkt_sched,pkt_cls,if_link}.h and tc_act/tc_mirred.h.
 */
final class TrafficControl {
  private static final int CREATE = 0x400;
  private static final int REPLACE = 0x100;
  private static final int DUMP = 0x300;

  private static final int RTM_NEWLINK = 16;
  private static final int RTM_NEWQDISC = 36;
  private static final int RTM_GETQDISC = 38;
  private static final int RTM_NEWTFILTER = 44;

  private static final int ROOT = 0xffff_ffff;
  private static final int INGRESS = 0xffff_fff1;
  private static final int INGRESS_HANDLE = 0xffff_0000;
  private static final int TCA_KIND = 1;
  private static final int TCA_OPTIONS = 2;
  private static final int TBF_PARAMETERS = 1;
  private static final int TBF_RATE_64 = 4;
  private static final int TBF_BURST = 6;
  private static final int ETHERNET = 1;
  private static final int TC_MESSAGE = 20;
  private static final long MOST_32 = 0xffff_ffffL;
  /** How long a packet waits at most, as in the CNI bandwidth plugin. */
  private static final long LATENCY_MILLIS = 25;
  /** A bucket must hold a packet, or nothing passes. */
  private static final long LEAST_BURST = 2 * 9001;

  private TrafficControl() {}

  /**
   * A token bucket.
   *
   * @param rate bytes per second
   * @param burst bytes
   */
  record Bucket(long rate, long burst) {
    /** Of a rate and a burst in bits. */
    static Bucket ofBits(long rate, long burst) {
      return new Bucket(Math.max(1, rate / 8), Math.clamp(burst / 8, LEAST_BURST, Integer.MAX_VALUE));
    }

    private long limit() {
      return Math.min(MOST_32, rate / 1000 * LATENCY_MILLIS + burst);
    }
  }

  /**
   * A queueing discipline of a device, as listed.
   *
   * @param linkIndex of which device
   * @param kind the kernel's word
   * @param rate of a token bucket, bytes per second; else 0
   */
  record Discipline(int linkIndex, String kind, long rate) {}

  /** A device that gives back what is sent to it, by way of its queue. */
  static Request ifb(String name, int index) {
    return new Raw("create ifb link " + name, writer -> {
      writer.begin(RTM_NEWLINK, CREATE | 0x200);
      int header = writer.header(16);
      writer.memory().set(ValueLayout.JAVA_INT_UNALIGNED, header + 4L, index);
      writer.putString(3, name);
      writer.putU32(31, 1);
      writer.putU32(32, 1);
      writer.putU32(27, Numbers.GROUP);
      int info = writer.beginNest(18);
      writer.putString(1, "ifb");
      writer.endNest(info);
    });
  }

  /** Limits what a device sends. */
  static Request limit(int linkIndex, Bucket bucket) {
    return new Raw("limit the rate of link #" + linkIndex, writer -> {
      begin(writer, RTM_NEWQDISC, CREATE | REPLACE, linkIndex, 0x1_0000, ROOT, 0);
      writer.putString(TCA_KIND, "tbf");
      int options = writer.beginNest(TCA_OPTIONS);
      ByteBuffer parameters = ByteBuffer.allocate(36).order(ByteOrder.nativeOrder());
      parameters.put(1, (byte) ETHERNET).putInt(8, (int) Math.min(bucket.rate(), MOST_32)).putInt(24, (int) bucket.limit());
      writer.putBytes(TBF_PARAMETERS, parameters.array());
      writer.putU32(TBF_BURST, (int) bucket.burst());
      if (bucket.rate() >= MOST_32) {
        writer.putU64(TBF_RATE_64, bucket.rate());
      }
      writer.endNest(options);
    });
  }

  /** Lets filters see what a device receives. */
  static Request ingress(int linkIndex) {
    return new Raw("add an ingress queue to link #" + linkIndex, writer -> {
      begin(writer, RTM_NEWQDISC, CREATE | REPLACE, linkIndex, INGRESS_HANDLE, INGRESS, 0);
      writer.putString(TCA_KIND, "ingress");
    });
  }

  /** Sends all that a device receives through another device. */
  static Request redirect(int linkIndex, int through) {
    return new Raw("redirect what link #" + linkIndex + " receives", writer -> {
      int everyProtocol = Short.toUnsignedInt(Short.reverseBytes((short) 0x0003));
      int info = 1 << 16 | (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? everyProtocol : 0x0003);
      begin(writer, RTM_NEWTFILTER, CREATE, linkIndex, 0, INGRESS_HANDLE, info);
      writer.putString(TCA_KIND, "u32");
      int options = writer.beginNest(TCA_OPTIONS);
      // One key with no bit in its mask: everything matches, and that is final (TC_U32_TERMINAL).
      writer.putBytes(5, ByteBuffer.allocate(32).put(0, (byte) 1).put(2, (byte) 1).array());
      int actions = writer.beginNest(7);
      int first = writer.beginNest(1);
      writer.putString(1, "mirred");
      int action = writer.beginNest(2);
      int stolen = 4;
      int redirected = 1;
      writer.putBytes(2, ByteBuffer.allocate(28).order(ByteOrder.nativeOrder()).putInt(8, stolen).putInt(20, redirected)
          .putInt(24, through).array());
      writer.endNest(action);
      writer.endNest(first);
      writer.endNest(actions);
      writer.endNest(options);
    });
  }

  /** Lists all disciplines. */
  static Request list() {
    return new Raw("list queueing disciplines", writer -> begin(writer, RTM_GETQDISC, DUMP, 0, 0, 0, 0));
  }

  static void decode(Message message, Consumer<? super Discipline> into) {
    int linkIndex = message.memory().get(ValueLayout.JAVA_INT_UNALIGNED, message.payload() + 4);
    String kind = "";
    long rate = 0;
    AttributeReader attributes = message.attributes(TC_MESSAGE);
    while (attributes.next()) {
      if (attributes.type() == TCA_KIND) {
        kind = attributes.string();
      } else if (attributes.type() == TCA_OPTIONS && kind.equals("tbf")) {
        rate = rate(attributes.nested());
      }
    }
    into.accept(new Discipline(linkIndex, kind, rate));
  }

  private static long rate(AttributeReader options) {
    long rate = 0;
    while (options.next()) {
      if (options.type() == TBF_PARAMETERS && rate == 0) {
        rate = Integer.toUnsignedLong(ByteBuffer.wrap(options.bytes()).order(ByteOrder.nativeOrder()).getInt(8));
      } else if (options.type() == TBF_RATE_64) {
        rate = options.u64();
      }
    }
    return rate;
  }

  private static void begin(MessageWriter writer, int type, int flags, int linkIndex, int handle, int parent, int info) {
    writer.begin(type, flags);
    int header = writer.header(TC_MESSAGE);
    writer.memory().set(ValueLayout.JAVA_INT_UNALIGNED, header + 4L, linkIndex);
    writer.memory().set(ValueLayout.JAVA_INT_UNALIGNED, header + 8L, handle);
    writer.memory().set(ValueLayout.JAVA_INT_UNALIGNED, header + 12L, parent);
    writer.memory().set(ValueLayout.JAVA_INT_UNALIGNED, header + 16L, info);
  }

  private record Raw(String describe, Consumer<MessageWriter> body) implements Request {
    @Override
    public void encode(MessageWriter writer) {
      body.accept(writer);
    }
  }
}
