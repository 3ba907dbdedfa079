package dev.patchbay.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.patchbay.netlink.sys.CallState;
import dev.patchbay.netlink.sys.Libc;
import dev.patchbay.netlink.sys.NativeAccess;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.NlMsgHdr;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** System calls on netlink descriptors, shared by request and event sockets. */
final class RawSockets {
  private RawSockets() {}

  static int open(Protocol protocol) {
    NativeAccess.require();
    try (Arena arena = Arena.ofConfined()) {
      return checked(socket(new CallState(arena), protocol), "open a netlink socket");
    }
  }

  static int open(Protocol protocol, Netns namespace) {
    int result = NamespaceThread.run(namespace, state -> socket(state, protocol));
    return checked(result, "open a netlink socket in " + namespace);
  }

  private static int socket(CallState state, Protocol protocol) {
    return Libc.socket(
        state,
        NetlinkConstants.AF_NETLINK,
        NetlinkConstants.SOCK_RAW | NetlinkConstants.SOCK_CLOEXEC,
        protocol.number());
  }

  static void close(CallState state, int fd) {
    checked(Libc.close(state, fd), "close a netlink socket");
  }

  static void option(SocketBuffers buffers, int fd, int level, int option, int value) {
    checked(trySetOption(buffers, fd, level, option, value), "set option " + option + " of level " + level);
  }

  /** Sets the receive buffer, beyond net.core.rmem_max where the process may. */
  static void receiveBuffer(SocketBuffers buffers, int fd, int bytes) {
    int level = NetlinkConstants.SOL_SOCKET;
    if (trySetOption(buffers, fd, level, NetlinkConstants.SO_RCVBUFFORCE, bytes) < 0) {
      option(buffers, fd, level, NetlinkConstants.SO_RCVBUF, bytes);
    }
  }

  /** Sets the send buffer, beyond net.core.wmem_max where the process may. */
  static void sendBuffer(SocketBuffers buffers, int fd, int bytes) {
    int level = NetlinkConstants.SOL_SOCKET;
    if (trySetOption(buffers, fd, level, NetlinkConstants.SO_SNDBUFFORCE, bytes) < 0) {
      option(buffers, fd, level, NetlinkConstants.SO_SNDBUF, bytes);
    }
  }

  private static int trySetOption(SocketBuffers buffers, int fd, int level, int option, int value) {
    buffers.scratch.set(JAVA_INT, 0, value);
    return Libc.setsockopt(buffers.state, fd, level, option, buffers.scratch, 4);
  }

  static int checked(int result, String attempt) {
    if (result < 0) {
      throw new NetlinkException(attempt, Errno.of(-result));
    }
    return result;
  }

  /** Points the message at the first one in the buffer and returns the length received, or 0 when there is none. */
  static int firstMessage(Message message, MemorySegment buffer, int received) {
    return pointAt(message, buffer, 0, received) ? received : 0;
  }

  /** Points the message at the one after that at {@code at}; returns where it starts, or the length received after the last. */
  static int nextMessage(Message message, MemorySegment buffer, int at, int received) {
    int next = at + (NlMsgHdr.length(buffer, at) + 3 & ~3);
    return pointAt(message, buffer, next, received) ? next : received;
  }

  private static boolean pointAt(Message message, MemorySegment buffer, int at, int received) {
    if (at + NlMsgHdr.SIZE > received) {
      return false;
    }
    int length = NlMsgHdr.length(buffer, at);
    if (length < NlMsgHdr.SIZE || at + length > received) {
      throw new IllegalStateException(
          "Malformed netlink datagram: a message says " + length + " bytes where " + (received - at) + " are left");
    }
    message.moveTo(at, length);
    return true;
  }
}
