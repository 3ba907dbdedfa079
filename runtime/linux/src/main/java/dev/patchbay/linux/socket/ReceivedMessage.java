package dev.patchbay.linux.socket;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code struct msghdr} with one part and room for a few descriptors, used again and again by one thread. Further descriptors
 * than fit are dropped by the kernel, not leaked (recvmsg(2), MSG_CTRUNC).
 */
final class ReceivedMessage {
  static final StructLayout IOVEC = MemoryLayout.structLayout(ADDRESS.withName("iov_base"), JAVA_LONG.withName("iov_len"));
  static final StructLayout MSGHDR = MemoryLayout.structLayout(
      ADDRESS.withName("msg_name"), JAVA_INT.withName("msg_namelen"), MemoryLayout.paddingLayout(4),
      ADDRESS.withName("msg_iov"), JAVA_LONG.withName("msg_iovlen"),
      ADDRESS.withName("msg_control"), JAVA_LONG.withName("msg_controllen"),
      JAVA_INT.withName("msg_flags"), MemoryLayout.paddingLayout(4));
  static final StructLayout CMSGHDR =
      MemoryLayout.structLayout(JAVA_LONG.withName("cmsg_len"), JAVA_INT.withName("cmsg_level"), JAVA_INT.withName("cmsg_type"));

  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int CAPACITY = 64 * 1024;
  private static final long CONTROL_CAPACITY = CMSGHDR.byteSize() + 4 * 4;
  private static final long CONTROL_LENGTH = MSGHDR.byteOffset(PathElement.groupElement("msg_controllen"));
  private static final long LEVEL = CMSGHDR.byteOffset(PathElement.groupElement("cmsg_level"));
  private static final long TYPE = CMSGHDR.byteOffset(PathElement.groupElement("cmsg_type"));

  private final MemorySegment header;
  private final MemorySegment bytes;
  private final MemorySegment control;

  ReceivedMessage(Arena arena) {
    header = arena.allocate(MSGHDR);
    bytes = arena.allocate(CAPACITY);
    control = arena.allocate(CONTROL_CAPACITY, 8);
    MemorySegment part = arena.allocate(IOVEC);
    part.set(ADDRESS, 0, bytes);
    part.set(JAVA_LONG, 8, CAPACITY);
    header.set(ADDRESS, MSGHDR.byteOffset(PathElement.groupElement("msg_iov")), part);
    header.set(JAVA_LONG, MSGHDR.byteOffset(PathElement.groupElement("msg_iovlen")), 1);
    header.set(ADDRESS, MSGHDR.byteOffset(PathElement.groupElement("msg_control")), control);
  }

  /** Receives what is there: number of bytes, 0 at the end, or minus the errno. */
  int receive(int socket) {
    header.set(JAVA_LONG, CONTROL_LENGTH, CONTROL_CAPACITY);
    return NativeSockets.receive(socket, header);
  }

  /** The bytes of the last receive. */
  ByteBuffer bytes(int count) {
    return bytes.asSlice(0, count).asByteBuffer();
  }

  /** The descriptors that came with the last receive, now the caller's. */
  List<OwnedDescriptor> descriptors() {
    List<OwnedDescriptor> found = new ArrayList<>(1);
    long end = header.get(JAVA_LONG, CONTROL_LENGTH);
    long at = 0;
    while (end - at >= CMSGHDR.byteSize()) {
      long length = control.get(JAVA_LONG, at);
      if (length < CMSGHDR.byteSize() || length > end - at) {
        break;
      }
      if (control.get(JAVA_INT, at + LEVEL) == SOL_SOCKET && control.get(JAVA_INT, at + TYPE) == SCM_RIGHTS) {
        for (long data = at + CMSGHDR.byteSize(); data + 4 <= at + length; data += 4) {
          found.add(OwnedDescriptor.adopt(control.get(JAVA_INT, data)));
        }
      }
      at += (length + 7) & ~7L;
    }
    return found;
  }
}
