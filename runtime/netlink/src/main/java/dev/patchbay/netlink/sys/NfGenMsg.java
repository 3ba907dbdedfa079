package dev.patchbay.netlink.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** {@code struct nfgenmsg}, include/uapi/linux/netfilter/nfnetlink.h: the header of nfnetlink messages; res_id is big-endian. */
public final class NfGenMsg {
  public static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_BYTE.withName("nfgen_family"),
          JAVA_BYTE.withName("version"),
          JAVA_SHORT_UNALIGNED.withName("res_id"))
          .withName("nfgenmsg");

  /** In bytes. */
  public static final int SIZE = (int) LAYOUT.byteSize();

  private static final long FAMILY = LAYOUT.byteOffset(PathElement.groupElement("nfgen_family"));
  private static final long VERSION = LAYOUT.byteOffset(PathElement.groupElement("version"));
  private static final long RESOURCE = LAYOUT.byteOffset(PathElement.groupElement("res_id"));

  private NfGenMsg() {}

  public static void write(MemorySegment memory, long at, int family, int version, int resource) {
    memory.set(JAVA_BYTE, at + FAMILY, (byte) family);
    memory.set(JAVA_BYTE, at + VERSION, (byte) version);
    memory.set(JAVA_SHORT_UNALIGNED, at + RESOURCE, (short) resource);
  }

  public static int family(MemorySegment memory, long at) {
    return Byte.toUnsignedInt(memory.get(JAVA_BYTE, at + FAMILY));
  }
}
