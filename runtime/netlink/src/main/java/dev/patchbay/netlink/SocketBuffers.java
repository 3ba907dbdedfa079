package dev.patchbay.netlink;

import dev.patchbay.netlink.sys.CallState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * The native memory of one socket. Kept for the next socket when one closes, since a socket per namespace is opened and
 * closed all the time, and native memory that any thread may use is dear to free.
 */
final class SocketBuffers {
  private static final int KEPT = 16;
  private static final int SEND_BYTES = 8 * 1024;
  /** A dump's messages come in pieces of at most 32 KiB (netlink_recvmsg in net/netlink/af_netlink.c). */
  private static final int RECEIVE_BYTES = 32 * 1024;
  private static final int LARGEST_KEPT = 1024 * 1024;

  private static final ArrayBlockingQueue<SocketBuffers> POOL = new ArrayBlockingQueue<>(KEPT);

  final MessageWriter writer = new MessageWriter(SEND_BYTES);
  final MemorySegment receive;
  /** For socket options and addresses: 16 bytes. */
  final MemorySegment scratch;

  final CallState state;

  private SocketBuffers() {
    Arena arena = Arena.ofAuto();
    receive = arena.allocate(RECEIVE_BYTES, 8);
    scratch = arena.allocate(16, 8);
    state = new CallState(arena);
  }

  static SocketBuffers take() {
    SocketBuffers kept = POOL.poll();
    return kept != null ? kept : new SocketBuffers();
  }

  void giveBack() {
    writer.clear();
    if (writer.memory().byteSize() <= LARGEST_KEPT) {
      POOL.offer(this);
    }
  }
}
