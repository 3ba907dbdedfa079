package dev.patchbay.netlink.conntrack;

import dev.patchbay.netlink.AttributeReader;
import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.BatchException;
import dev.patchbay.netlink.Errno;
import dev.patchbay.netlink.Failure;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.Message;
import dev.patchbay.netlink.NetlinkSocket;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.Protocol;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.ConntrackConstants;
import dev.patchbay.netlink.sys.NfGenMsg;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to connection tracking in the network namespace in which it was opened. Any platform thread may use it, one at a time.
 *
 * <p>The kernel tracks only where a rule of the namespace needs it; elsewhere the table is empty.
 */
public final class ConntrackSocket implements AutoCloseable {
  private static final int BATCH = 500;

  private final NetlinkSocket socket;

  private ConntrackSocket(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Opens a socket in the network namespace of the calling thread. */
  public static ConntrackSocket open() {
    return new ConntrackSocket(NetlinkSocket.open(Protocol.NETFILTER));
  }

  /**
   * Opens a socket in another namespace; the calling thread stays where it is.
   *
   * @param namespace needed during this call only
   */
  public static ConntrackSocket open(Netns namespace) {
    return new ConntrackSocket(NetlinkSocket.open(Protocol.NETFILTER, namespace));
  }

  /** All connections of a family. */
  public List<Connection> connections(Family family) {
    return socket.dump(new ConntrackRequest.Dump(family), ConntrackSocket::connection);
  }

  /**
   * Makes the kernel forget all connections in which one of the addresses is source or destination, in either direction and so
   * also where it appears by translation only. Their next packet begins a new connection.
   *
   * <p>Reads the whole table once per family, however many the addresses, so collect them. The kernel's own filter for deletions
   * (CTA_FILTER) is missing in kernels that are still in use.
   *
   * @param addresses of either family
   * @return how many were forgotten
   */
  public int flush(Collection<InetAddress> addresses) {
    AddressSet wanted = new AddressSet(addresses);
    int deleted = 0;
    for (Family family : Family.values()) {
      boolean any =
          switch (family) {
            case IPV4 -> wanted.hasIpv4();
            case IPV6 -> wanted.hasIpv6();
          };
      if (any) {
        deleted += each(socket.dump(new ConntrackRequest.Dump(family), (message, into) -> match(family, wanted, message, into)));
      }
    }
    return deleted;
  }

  /**
   * Sets bits of the marks of connections.
   *
   * @param family of which family
   * @param which of which connections
   * @param mark the bits that are set
   * @param mask the bits that are meant; the others stay
   * @return how many were marked
   */
  public int mark(Family family, Predicate<Connection> which, int mark, int mask) {
    return each(socket.dump(new ConntrackRequest.Dump(family), (message, into) -> connection(message, connection -> {
      if (which.test(connection)) {
        into.accept(marking(family, message, mark, mask));
      }
    })));
  }

  private static Request marking(Family family, Message message, int mark, int mask) {
    AttributeReader attributes = message.attributes(NfGenMsg.SIZE);
    byte[] original = new byte[0];
    int zone = 0;
    while (attributes.next()) {
      if (attributes.type() == ConntrackConstants.CTA_TUPLE_ORIG) {
        original = attributes.bytes();
      } else if (attributes.type() == ConntrackConstants.CTA_ZONE) {
        zone = attributes.u16BigEndian();
      }
    }
    return new ConntrackRequest.Mark(family, original, zone, mark, mask);
  }

  /** Carries out what is asked of each of many connections; returns how many were there. */
  private int each(List<Request> requests) {
    int done = requests.size();
    for (int from = 0; from < requests.size(); from += BATCH) {
      Batch batch = new Batch();
      requests.subList(from, Math.min(from + BATCH, requests.size())).forEach(batch::add);
      List<Failure> failures = socket.attempt(batch);
      // Some end by themselves meanwhile.
      List<Failure> real = failures.stream().filter(failure -> !failure.errno().equals(Errno.ENOENT)).toList();
      if (!real.isEmpty()) {
        throw new BatchException(real, batch.size());
      }
      done -= failures.size();
    }
    return done;
  }

  private static void match(Family family, AddressSet wanted, Message message, Consumer<Request> into) {
    AttributeReader attributes = message.attributes(NfGenMsg.SIZE);
    while (attributes.next()) {
      int type = attributes.type();
      boolean tuple = type == ConntrackConstants.CTA_TUPLE_ORIG || type == ConntrackConstants.CTA_TUPLE_REPLY;
      if (tuple && wanted.meets(attributes.nested())) {
        into.accept(deletion(family, message));
        return;
      }
    }
  }

  private static Request deletion(Family family, Message message) {
    AttributeReader attributes = message.attributes(NfGenMsg.SIZE);
    byte[] original = new byte[0];
    int zone = 0;
    int id = 0;
    while (attributes.next()) {
      switch (attributes.type()) {
        case ConntrackConstants.CTA_TUPLE_ORIG -> original = attributes.bytes();
        case ConntrackConstants.CTA_ZONE -> zone = attributes.u16BigEndian();
        case ConntrackConstants.CTA_ID -> id = attributes.u32BigEndian();
        default -> {
          // Timeouts, counters, state.
        }
      }
    }
    return new ConntrackRequest.Delete(family, original, zone, id);
  }

  private static void connection(Message message, Consumer<Connection> into) {
    AttributeReader attributes = message.attributes(NfGenMsg.SIZE);
    Flow original = null;
    Flow reply = null;
    int mark = 0;
    while (attributes.next()) {
      switch (attributes.type()) {
        case ConntrackConstants.CTA_TUPLE_ORIG -> original = flow(attributes.nested());
        case ConntrackConstants.CTA_TUPLE_REPLY -> reply = flow(attributes.nested());
        case ConntrackConstants.CTA_MARK -> mark = attributes.u32BigEndian();
        default -> {
          // Timeouts, counters, state.
        }
      }
    }
    if (original != null && reply != null) {
      into.accept(new Connection(original, reply, mark));
    }
  }

  private static @Nullable Flow flow(AttributeReader tuple) {
    InetAddress source = null;
    InetAddress destination = null;
    int protocol = 0;
    int sourcePort = 0;
    int destinationPort = 0;
    while (tuple.next()) {
      AttributeReader inner = tuple.nested();
      boolean addresses = tuple.type() == ConntrackConstants.CTA_TUPLE_IP;
      boolean ports = tuple.type() == ConntrackConstants.CTA_TUPLE_PROTO;
      while (inner.next()) {
        int type = inner.type();
        if (addresses && (type == ConntrackConstants.CTA_IP_V4_SRC || type == ConntrackConstants.CTA_IP_V6_SRC)) {
          source = inner.address();
        } else if (addresses) {
          destination = inner.address();
        } else if (ports && type == ConntrackConstants.CTA_PROTO_NUM) {
          protocol = inner.u8();
        } else if (ports && type == ConntrackConstants.CTA_PROTO_SRC_PORT) {
          sourcePort = inner.u16BigEndian();
        } else if (ports && type == ConntrackConstants.CTA_PROTO_DST_PORT) {
          destinationPort = inner.u16BigEndian();
        }
      }
    }
    return source == null || destination == null ? null : new Flow(source, destination, protocol, sourcePort, destinationPort);
  }

  @Override
  public void close() {
    socket.close();
  }
}
