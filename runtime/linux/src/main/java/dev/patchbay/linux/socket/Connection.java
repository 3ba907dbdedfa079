package dev.patchbay.linux.socket;

import dev.patchbay.wire.Frame;
import dev.patchbay.wire.FrameCodec;
import dev.patchbay.wire.FrameHeader;
import dev.patchbay.wire.MalformedFrameException;
import dev.patchbay.wire.MalformedFrameException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One accepted connection. Its lock covers every use of its descriptor, and no call under it blocks; so the descriptor is never used after it
 * was closed, by whatever thread.
 */
final class Connection {
  /** What reading brought. */
  sealed interface Read {
    /** Nothing that is whole yet. */
    record Nothing() implements Read {}

    /**
     * The other end is closed, or broken.
     *
     * @param unread whether it had not read all that was sent (unix(7): ECONNRESET)
     */
    record End(boolean unread) implements Read {}

    /** A frame, with the descriptors that came on its way, now the reader's. */
    record Whole(Frame frame, List<OwnedDescriptor> descriptors) implements Read {}
  }

  private static final Read NOTHING = new Read.Nothing();
  private static final int READS_AT_A_TIME = 16;
  private static final int FIRST_CAPACITY = 4096;

  private final long key;
  private final int descriptor;
  private final int epoll;
  private final PeerCredentials peer;
  private final Runnable onOutputWaiting;
  private final Runnable onClose;

  private final Deque<byte[]> outgoing = new ArrayDeque<>();
  private final List<OwnedDescriptor> descriptors = new ArrayList<>(1);
  private byte[] incoming = new byte[FIRST_CAPACITY];
  private int received;
  private int sent;
  private @Nullable FrameHeader header;
  private boolean open = true;
  private boolean closeWhenSent;
  private boolean waitingForOutput;
  private boolean answered;

  /** When the other end must have sent or taken what it should, by System.nanoTime; null when nothing is due. */
  private volatile @Nullable Long deadline;

  /** What the connection was made for, once the request is there. */
  private volatile @Nullable LiveCall call;

  Connection(long key, int descriptor, int epoll, PeerCredentials peer, long deadline, Runnable onOutputWaiting, Runnable onClose) {
    this.key = key;
    this.descriptor = descriptor;
    this.epoll = epoll;
    this.peer = peer;
    this.deadline = deadline;
    this.onOutputWaiting = onOutputWaiting;
    this.onClose = onClose;
  }

  PeerCredentials peer() {
    return peer;
  }

  @Nullable LiveCall call() {
    return call;
  }

  void call(LiveCall begun) {
    call = begun;
  }

  @Nullable Long deadline() {
    return deadline;
  }

  void deadline(@Nullable Long nanoTime) {
    deadline = nanoTime;
  }

  /** Begins to be watched; minus the errno on failure. */
  synchronized int watch() {
    return NativeSockets.epollControl(
        epoll, NativeSockets.EPOLL_CTL_ADD, descriptor, NativeSockets.EPOLLIN | NativeSockets.EPOLLRDHUP, key);
  }

  /**
   * Reads what is there, up to one frame.
   *
   * @throws MalformedFrameException when it is no frame
   */
  synchronized Read read(ReceivedMessage message) {
    for (int i = 0; open && i < READS_AT_A_TIME; i++) {
      int count = message.receive(descriptor);
      if (count == -NativeSockets.EAGAIN) {
        return NOTHING;
      }
      if (count == -NativeSockets.EINTR) {
        continue;
      }
      if (count <= 0) {
        return new Read.End(count == -NativeSockets.ECONNRESET);
      }
      descriptors.addAll(message.descriptors());
      if (closeWhenSent) {
        discardDescriptors();
        continue;
      }
      if (descriptors.size() > 1) {
        throw new MalformedFrameException(Reason.FIELD_COUNT, "more than one descriptor came with a frame");
      }
      append(message.bytes(count));
      if (whole()) {
        return takeFrame();
      }
    }
    return NOTHING;
  }

  private void append(ByteBuffer bytes) {
    int needed = received + bytes.remaining();
    if (needed > incoming.length) {
      incoming = Arrays.copyOf(incoming, Math.max(needed, incoming.length * 2));
    }
    int count = bytes.remaining();
    bytes.get(incoming, received, count);
    received += count;
  }

  private boolean whole() {
    FrameHeader known = header;
    if (known == null) {
      if (received < FrameCodec.HEADER_LENGTH) {
        return false;
      }
      known = FrameCodec.decodeHeader(ByteBuffer.wrap(incoming, 0, received));
      header = known;
    }
    int length = FrameCodec.HEADER_LENGTH + known.bodyLength();
    if (received > length) {
      throw new MalformedFrameException(Reason.LENGTH, "something follows a frame before it was answered");
    }
    return received == length;
  }

  private Read takeFrame() {
    FrameHeader known = header;
    if (known == null) {
      return NOTHING;
    }
    Frame frame = FrameCodec.decodeBody(known, ByteBuffer.wrap(incoming, FrameCodec.HEADER_LENGTH, known.bodyLength()));
    List<OwnedDescriptor> taken = List.copyOf(descriptors);
    descriptors.clear();
    header = null;
    received = 0;
    incoming = new byte[FIRST_CAPACITY];
    return new Read.Whole(frame, taken);
  }

  /**
   * Sends a frame, now or when there is room.
   *
   * @param last whether to send nothing more behind it. The other end closes the connection then, which tells whether it has read
   *     the answer to its call
   * @return false when the other end is gone
   */
  synchronized boolean send(byte[] frame, boolean last, long deadlineWhenWaiting) {
    if (!open) {
      return false;
    }
    outgoing.add(frame);
    closeWhenSent |= last;
    if (!flush()) {
      return false;
    }
    if (answered) {
      deadline = deadlineWhenWaiting;
    }
    if (open && waitingForOutput) {
      deadline = deadlineWhenWaiting;
      onOutputWaiting.run();
    }
    return true;
  }

  /** Sends on what waits; false when the other end is gone. */
  synchronized boolean flush() {
    while (open && !outgoing.isEmpty()) {
      byte[] frame = outgoing.getFirst();
      int count = NativeSockets.send(descriptor, frame, sent);
      if (count == -NativeSockets.EAGAIN) {
        watchOutput(true);
        return true;
      }
      if (count == -NativeSockets.EINTR) {
        continue;
      }
      if (count < 0) {
        return false;
      }
      sent += count;
      if (sent == frame.length) {
        outgoing.removeFirst();
        sent = 0;
      }
    }
    if (open && closeWhenSent && (call == null || NativeSockets.endOutput(descriptor) < 0)) {
      close();
    } else if (open && closeWhenSent) {
      answered = true;
      watchOutput(false);
    } else if (open && waitingForOutput) {
      watchOutput(false);
      deadline = null;
    }
    return true;
  }

  /** Whether the call is answered, and all that is left is the other end's close. */
  synchronized boolean answered() {
    return answered;
  }

  private void watchOutput(boolean wanted) {
    if (waitingForOutput != wanted) {
      waitingForOutput = wanted;
      int events = NativeSockets.EPOLLIN | NativeSockets.EPOLLRDHUP | (wanted ? NativeSockets.EPOLLOUT : 0);
      NativeSockets.epollControl(epoll, NativeSockets.EPOLL_CTL_MOD, descriptor, events, key);
    }
  }

  /** Closes it; again is without effect. */
  synchronized void close() {
    if (open) {
      open = false;
      NativeSockets.epollControl(epoll, NativeSockets.EPOLL_CTL_DEL, descriptor, 0, key);
      NativeSockets.close(descriptor);
      discardDescriptors();
      outgoing.clear();
      incoming = new byte[0];
      onClose.run();
    }
  }

  private void discardDescriptors() {
    descriptors.forEach(OwnedDescriptor::close);
    descriptors.clear();
  }
}
