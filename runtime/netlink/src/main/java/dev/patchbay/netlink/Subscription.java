package dev.patchbay.netlink;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.patchbay.netlink.sys.CallState;
import dev.patchbay.netlink.sys.Libc;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.PollFd;
import dev.patchbay.netlink.sys.SockAddrNl;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Receives the kernel's announcements of changes and hands them to a handler, on a daemon platform thread of its own. What
 * happens after the constructor method has returned is received or reported as an overrun.
 *
 * <p>The opener closes it. When the handler throws, the thread's uncaught exception handler is told and the next message is
 * taken.
 */
public final class Subscription implements AutoCloseable {
  private static final int RECEIVE_BUFFER = 4 * 1024 * 1024;

  private final int socket;
  private final int wakeUp;
  private final SocketBuffers buffers = SocketBuffers.take();
  private final EventHandler handler;
  private final Thread thread;
  /** Whether the descriptors are open still; held while using or closing them, since a closed number may soon be another file's. */
  private final AtomicBoolean descriptors = new AtomicBoolean(true);

  /**
   * Whether messages were lost since the queue was last empty. After ENOBUFS the kernel drops everything, without saying so again,
   * until the queue has been emptied (NETLINK_S_CONGESTED in net/netlink/af_netlink.c): who read anew before that would miss
   * what is dropped meanwhile, so the handler is told only then.
   */
  private boolean lost;

  private volatile boolean closing;

  private Subscription(int socket, EventHandler handler, int... groups) {
    this.socket = socket;
    this.handler = handler;
    this.thread = Thread.ofPlatform().daemon().name("netlink-events").unstarted(this::run);
    int eventDescriptor = -1;
    try {
      RawSockets.receiveBuffer(buffers, socket, RECEIVE_BUFFER);
      SockAddrNl.write(buffers.scratch, 0, NetlinkConstants.AF_NETLINK, 0, 0);
      RawSockets.checked(
          Libc.bind(buffers.state, socket, buffers.scratch, SockAddrNl.SIZE), "bind a netlink socket for events");
      for (int group : groups) {
        RawSockets.option(
            buffers, socket, NetlinkConstants.SOL_NETLINK, NetlinkConstants.NETLINK_ADD_MEMBERSHIP, group);
      }
      eventDescriptor =
          RawSockets.checked(Libc.eventfd(buffers.state, 0, NetlinkConstants.EFD_CLOEXEC), "make an event descriptor");
    } catch (RuntimeException refused) {
      RawSockets.close(buffers.state, socket);
      buffers.giveBack();
      throw refused;
    }
    wakeUp = eventDescriptor;
    thread.start();
  }

  /**
   * Subscribes in the network namespace of the calling thread.
   *
   * @param groups numbers of multicast groups, for example RTNLGRP_LINK
   * @throws NetlinkException when the kernel refuses
   */
  public static Subscription open(Protocol protocol, EventHandler handler, int... groups) {
    return new Subscription(RawSockets.open(protocol), handler, groups);
  }

  /**
   * Subscribes in another namespace.
   *
   * @param namespace needed during this call only
   * @param groups numbers of multicast groups, for example RTNLGRP_LINK
   * @throws NetlinkException when the kernel refuses
   */
  public static Subscription open(Protocol protocol, Netns namespace, EventHandler handler, int... groups) {
    return new Subscription(RawSockets.open(protocol, namespace), handler, groups);
  }

  /**
   * Ends the subscription. When this returns no handler is running and none will, except when it is called by the handler itself,
   * which then is the last.
   */
  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    wake();
    if (Thread.currentThread() != thread) {
      NetnsTask.joinUninterruptibly(thread);
    }
  }

  private void wake() {
    synchronized (descriptors) {
      if (descriptors.get()) {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment one = arena.allocate(JAVA_LONG);
          one.set(JAVA_LONG, 0, 1);
          RawSockets.checked(Libc.write(new CallState(arena), wakeUp, one, 8), "wake the netlink event thread");
        }
      }
    }
  }

  private void run() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment polled = arena.allocate(PollFd.SIZE * 2L, 4);
      Message message = new Message(buffers.receive);
      while (!closing) {
        PollFd.write(polled, 0, socket, NetlinkConstants.POLLIN, 0);
        PollFd.write(polled, PollFd.SIZE, wakeUp, NetlinkConstants.POLLIN, 0);
        int ready = Libc.poll(buffers.state, polled, 2, -1);
        if (ready < 0 && ready != -Errno.EINTR.number()) {
          throw new NetlinkException("wait for netlink events", Errno.of(-ready));
        }
        takeAll(message);
      }
    } finally {
      synchronized (descriptors) {
        descriptors.set(false);
        RawSockets.close(buffers.state, socket);
        RawSockets.close(buffers.state, wakeUp);
      }
      buffers.giveBack();
    }
  }

  private void takeAll(Message message) {
    int flags = NetlinkConstants.MSG_DONTWAIT | NetlinkConstants.MSG_TRUNC;
    while (!closing) {
      int received = Libc.recv(buffers.state, socket, buffers.receive, buffers.receive.byteSize(), flags);
      if (received == -Errno.EAGAIN.number()) {
        if (lost) {
          lost = false;
          guarded(handler::overrun);
        }
        return;
      }
      if (received == -Errno.ENOBUFS.number() || received > buffers.receive.byteSize()) {
        lost = true;
      } else if (received >= 0) {
        int length = RawSockets.firstMessage(message, buffers.receive, received);
        for (int at = 0; at < length && !closing; at = RawSockets.nextMessage(message, buffers.receive, at, length)) {
          guarded(() -> handler.message(message));
        }
      } else if (received != -Errno.EINTR.number()) {
        throw new NetlinkException("receive netlink events", Errno.of(-received));
      }
    }
  }

  private void guarded(Runnable delivery) {
    try {
      delivery.run();
    } catch (RuntimeException failure) {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }
  }
}
