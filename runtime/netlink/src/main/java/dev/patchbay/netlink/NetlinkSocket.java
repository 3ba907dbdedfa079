package dev.patchbay.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.patchbay.netlink.sys.CallState;
import dev.patchbay.netlink.sys.Libc;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.NlMsgHdr;
import dev.patchbay.netlink.sys.SockAddrNl;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A netlink socket for requests and their replies. It stays in the network namespace in which it was opened, whichever thread
 * uses it later.
 *
 * <p>Not thread-safe: any platform thread may use it, one at a time, and use by a second one meanwhile is refused. The opener
 * closes it. Messages are built and received in memory that the socket keeps, so a request costs its two system calls and
 * little more.
 *
 * <p>The kernel carries a request out while it is being sent and queues the reply before the send returns (netlink_unicast_kernel
 * in net/netlink/af_netlink.c), so nothing here waits for a reply, and a missing one is an error rather than a hang.
 */
public final class NetlinkSocket implements AutoCloseable {
  private static final int RECEIVE_BUFFER = 1024 * 1024;
  private static final int DUMP_ATTEMPTS = 20;

  private final int fd;
  private final SocketBuffers buffers;
  private final Message message;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final Batch single = new Batch();
  private boolean closed;
  private int nextSequence = 1;

  private NetlinkSocket(int fd) {
    this.fd = fd;
    this.buffers = SocketBuffers.take();
    this.message = new Message(buffers.receive);
  }

  /**
   * Opens a socket in the network namespace of the calling thread.
   *
   * @throws NetlinkException when the kernel refuses
   */
  public static NetlinkSocket open(Protocol protocol) {
    return configured(RawSockets.open(protocol), protocol);
  }

  /**
   * Opens a socket in another network namespace. Takes a hand-off to a dedicated thread; the calling thread never leaves its
   * namespace.
   *
   * @param namespace needed during this call only
   * @throws NetlinkException when the kernel refuses
   */
  public static NetlinkSocket open(Protocol protocol, Netns namespace) {
    return configured(RawSockets.open(protocol, namespace), protocol);
  }

  /**
   * {@return the socket's port, by which what it has asked for is told from what others have; 0 before its first request}
   */
  public int port() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(SockAddrNl.LAYOUT);
      MemorySegment length = arena.allocate(JAVA_INT);
      length.set(JAVA_INT, 0, SockAddrNl.SIZE);
      RawSockets.checked(Libc.getsockname(new CallState(arena), fd, address, length), "ask for a netlink socket's port");
      return SockAddrNl.port(address, 0);
    }
  }

  private static NetlinkSocket configured(int fd, Protocol protocol) {
    NetlinkSocket socket = new NetlinkSocket(fd);
    try {
      socket.option(NetlinkConstants.SOL_NETLINK, NetlinkConstants.NETLINK_EXT_ACK, 1);
      socket.option(NetlinkConstants.SOL_NETLINK, NetlinkConstants.NETLINK_CAP_ACK, 1);
      if (protocol == Protocol.ROUTE) {
        // Without it the kernel ignores what a dump asks for and sends everything.
        socket.option(NetlinkConstants.SOL_NETLINK, NetlinkConstants.NETLINK_GET_STRICT_CHK, 1);
      }
      RawSockets.receiveBuffer(socket.buffers, fd, RECEIVE_BUFFER);
      return socket;
    } catch (RuntimeException refused) {
      socket.close();
      throw refused;
    }
  }

  /**
   * Sends one request and waits for its acknowledgement.
   *
   * @throws NetlinkException when the kernel refuses the request
   */
  public void execute(Request request) {
    enter();
    try {
      single.clear();
      single.add(request);
      throwFailures(exchange(single, message -> {}), single);
    } finally {
      leave();
    }
  }

  /**
   * Sends all requests of a batch in one system call and collects what comes back.
   *
   * @throws BatchException when any was refused; the others were carried out, except in a transaction
   */
  public void execute(Batch batch) {
    throwFailures(attempt(batch), batch);
  }

  /**
   * As {@link #execute(Batch)}, but returns what was refused.
   *
   * @return in the order of the batch; empty when all went well
   * @throws NetlinkException when the exchange itself failed
   */
  public List<Failure> attempt(Batch batch) {
    enter();
    try {
      return exchange(batch, message -> {});
    } finally {
      leave();
    }
  }

  /**
   * Sends a request that the kernel answers with messages and an acknowledgement, such as a get without NLM_F_DUMP.
   *
   * @throws NetlinkException when the kernel refuses the request, for example with ENODEV
   */
  public <T> List<T> query(Request request, Decoder<T> decoder) {
    enter();
    try {
      List<T> answers = new ArrayList<>(1);
      single.clear();
      single.add(request);
      throwFailures(exchange(single, message -> decoder.decode(message, answers::add)), single);
      return answers;
    } finally {
      leave();
    }
  }

  /**
   * Runs a dump. When the kernel says that it changed its tables meanwhile (NLM_F_DUMP_INTR), the dump is run again.
   *
   * @param request whose flags contain NLM_F_DUMP
   * @throws NetlinkException when the kernel refuses, or the tables never kept still
   */
  public <T> List<T> dump(Request request, Decoder<T> decoder) {
    enter();
    try {
      List<T> values = new ArrayList<>();
      for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
        values.clear();
        if (dumpOnce(request, decoder, values)) {
          return values;
        }
      }
      throw new NetlinkException(request.describe(), Errno.EINTR, "the tables changed during each of " + DUMP_ATTEMPTS + " dumps");
    } finally {
      leave();
    }
  }

  @Override
  public void close() {
    enter();
    try {
      if (!closed) {
        closed = true;
        RawSockets.close(buffers.state, fd);
        buffers.giveBack();
      }
    } finally {
      busy.set(false);
    }
  }

  private void enter() {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException("This netlink socket is in use by another thread; give each thread its own, or one writer");
    }
  }

  private void leave() {
    busy.set(false);
  }

  private static void throwFailures(List<Failure> failures, Batch batch) {
    if (!failures.isEmpty()) {
      throw new BatchException(failures, batch.size());
    }
  }

  /** Sends the batch, hands answers on, and returns the failures. */
  private List<Failure> exchange(Batch batch, Consumer<Message> answers) {
    if (batch.isEmpty()) {
      return List.of();
    }
    int first = nextSequence + 1;
    MessageWriter writer = startWriting();
    batch.encode(writer, first);
    int last = first + batch.size() - 1;
    nextSequence = last + 2;
    int sent = send(writer);
    if (sent < 0) {
      throw new NetlinkException(batch.describe() + " (" + writer.length() + " bytes)", Errno.of(-sent));
    }

    List<Failure> failures = List.of();
    boolean acknowledged = false;
    boolean refused = false;
    while (!acknowledged) {
      int received = receive();
      if (received == -Errno.EAGAIN.number()) {
        if (refused) {
          break;
        }
        throw new NetlinkException(batch.describe(), Errno.EAGAIN, "the kernel sent no acknowledgement");
      }
      for (int at = 0; at < received; at = following(at, received)) {
        int sequence = message.sequence();
        // Anything else answers a request that was given up on.
        if (sequence - first < -1 || sequence - last > 1) {
          continue;
        }
        if (message.type() != NetlinkConstants.NLMSG_ERROR) {
          answers.accept(message);
          continue;
        }
        int error = errorNumber();
        if (error != 0) {
          if (failures.isEmpty()) {
            failures = new ArrayList<>();
          }
          failures.add(batch.failure(sequence - first, Errno.of(error), ExtendedAck.text(message)));
          refused = true;
        }
        acknowledged |= sequence == last;
      }
    }
    return failures;
  }

  private <T> boolean dumpOnce(Request request, Decoder<T> decoder, List<T> values) {
    int sequence = nextSequence++;
    MessageWriter writer = startWriting();
    request.encode(writer);
    writer.end();
    NlMsgHdr.stamp(writer.memory(), 0, sequence, 0);
    int sent = send(writer);
    if (sent < 0) {
      throw new NetlinkException(request.describe(), Errno.of(-sent));
    }

    boolean consistent = true;
    RuntimeException thrown = null;
    while (true) {
      int received = receive();
      if (received == -Errno.EAGAIN.number()) {
        throw new NetlinkException(request.describe(), Errno.EAGAIN, "the dump ended without saying so");
      }
      for (int at = 0; at < received; at = following(at, received)) {
        if (message.sequence() != sequence) {
          continue;
        }
        consistent &= (message.flags() & NetlinkConstants.NLM_F_DUMP_INTR) == 0;
        int type = message.type();
        if (type == NetlinkConstants.NLMSG_ERROR || type == NetlinkConstants.NLMSG_DONE) {
          int error = message.payloadLength() >= 4 ? errorNumber() : 0;
          if (thrown != null) {
            throw thrown;
          }
          if (error != 0) {
            String details = type == NetlinkConstants.NLMSG_ERROR ? ExtendedAck.text(message) : "";
            throw new NetlinkException(request.describe(), Errno.of(error), details);
          }
          return consistent;
        }
        if (thrown == null) {
          try {
            decoder.decode(message, values::add);
          } catch (RuntimeException failure) {
            // The rest must still be read: a socket with a dump under way refuses the next one with EBUSY.
            thrown = failure;
          }
        }
      }
    }
  }

  private MessageWriter startWriting() {
    if (closed) {
      throw new IllegalStateException("This netlink socket is closed");
    }
    buffers.writer.clear();
    return buffers.writer;
  }

  /** Returns the bytes sent or the negated errno; makes no words, since they would cost every request. */
  private int send(MessageWriter writer) {
    int length = writer.length();
    int sent = Libc.send(buffers.state, fd, writer.memory(), length, 0);
    if (sent == -Errno.EMSGSIZE.number()) {
      // The kernel takes no message larger than the send buffer, and doubles what is asked for here.
      RawSockets.sendBuffer(buffers, fd, length);
      sent = Libc.send(buffers.state, fd, writer.memory(), length, 0);
    }
    while (sent == -Errno.EINTR.number()) {
      sent = Libc.send(buffers.state, fd, writer.memory(), length, 0);
    }
    return sent;
  }

  /** Receives one datagram and points the message at its first message; returns its length or -EAGAIN. */
  private int receive() {
    int flags = NetlinkConstants.MSG_DONTWAIT | NetlinkConstants.MSG_TRUNC;
    int received;
    do {
      received = Libc.recv(buffers.state, fd, buffers.receive, buffers.receive.byteSize(), flags);
    } while (received == -Errno.EINTR.number());
    if (received == -Errno.EAGAIN.number()) {
      return received;
    }
    if (received < 0) {
      drain();
      throw new NetlinkException("receive a netlink reply", Errno.of(-received));
    }
    if (received > buffers.receive.byteSize()) {
      throw new NetlinkException("receive a netlink reply", Errno.EMSGSIZE, received + " bytes came in one piece");
    }
    return RawSockets.firstMessage(message, buffers.receive, received);
  }

  /** Empties the queue: after an overflow the kernel drops all replies, those to later requests too, until it is empty. */
  private void drain() {
    int received;
    do {
      received =
          Libc.recv(buffers.state, fd, buffers.receive, buffers.receive.byteSize(), NetlinkConstants.MSG_DONTWAIT);
    } while (received >= 0 || received == -Errno.EINTR.number());
  }

  private int following(int at, int received) {
    return RawSockets.nextMessage(message, buffers.receive, at, received);
  }

  private int errorNumber() {
    return -message.memory().get(JAVA_INT_UNALIGNED, message.payload());
  }

  private void option(int level, int option, int value) {
    RawSockets.option(buffers, fd, level, option, value);
  }

  /** The namespace's cookie, unique since boot (SO_NETNS_COOKIE, Linux 5.14). */
  long namespaceCookie() {
    enter();
    try {
      MemorySegment scratch = buffers.scratch;
      scratch.set(JAVA_INT, 8, 8);
      int result = Libc.getsockopt(
          buffers.state, fd, NetlinkConstants.SOL_SOCKET, NetlinkConstants.SO_NETNS_COOKIE, scratch, scratch.asSlice(8));
      if (result < 0) {
        throw new NetlinkException("read the cookie of a network namespace", Errno.of(-result));
      }
      return scratch.get(JAVA_LONG, 0);
    } finally {
      leave();
    }
  }
}
