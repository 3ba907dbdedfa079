package dev.patchbay.netlink;

import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.NlMsgHdr;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests that go to the kernel in one send, in order, with one acknowledgement, for the last: errors of the others come
 * back without being asked for. Reusable; not for use by several threads.
 *
 * <p>rtnetlink carries on after a request that fails, so a batch is not atomic: undo what succeeded. nftables is atomic.
 */
public final class Batch {
  private final List<Request> requests = new ArrayList<>();
  private final List<String> labels = new ArrayList<>();
  private final Request begin;
  private final Request end;
  private final boolean enclosed;

  /** An empty batch whose requests stand for themselves. */
  public Batch() {
    this(new Unenclosed(), new Unenclosed(), false);
  }

  /**
   * An empty batch whose requests the kernel takes together or not at all: a transaction of nfnetlink.
   *
   * @param begin sent before the first
   * @param end sent after the last
   */
  public Batch(Request begin, Request end) {
    this(begin, end, true);
  }

  private Batch(Request begin, Request end, boolean enclosed) {
    this.begin = begin;
    this.end = end;
    this.enclosed = enclosed;
  }

  /** Appends a request without a label. */
  public Batch add(Request request) {
    return add("", request);
  }

  /**
   * Appends a request.
   *
   * @param label the caller's name for it, returned with its error
   */
  public Batch add(String label, Request request) {
    requests.add(request);
    labels.add(label);
    return this;
  }

  /**
   * Appends several requests under one label.
   *
   * @param label the caller's name for each of them
   */
  public Batch addAll(String label, Iterable<? extends Request> several) {
    several.forEach(request -> add(label, request));
    return this;
  }

  public int size() {
    return requests.size();
  }

  public boolean isEmpty() {
    return requests.isEmpty();
  }

  /** Makes this empty, to be filled again. */
  public void clear() {
    requests.clear();
    labels.clear();
  }

  Request request(int position) {
    return requests.get(position);
  }

  /** What all of it does, for an error message. */
  String describe() {
    return requests.size() == 1 ? requests.getFirst().describe() : "run " + requests.size() + " netlink requests";
  }

  /** Writes all messages with sequence numbers from {@code first}; those around a transaction get the numbers beside. */
  void encode(MessageWriter writer, int first) {
    if (enclosed) {
      write(writer, begin, first - 1, 0);
    }
    int last = requests.size() - 1;
    for (int position = 0; position <= last; position++) {
      write(writer, requests.get(position), first + position, position == last ? NetlinkConstants.NLM_F_ACK : 0);
    }
    if (enclosed) {
      write(writer, end, first + last + 1, 0);
    }
  }

  private static void write(MessageWriter writer, Request request, int sequence, int flags) {
    int at = writer.length();
    request.encode(writer);
    writer.end();
    NlMsgHdr.stamp(writer.memory(), at, sequence, flags);
  }

  /** A failure of the request at a position; positions outside are those of a transaction's begin and end. */
  Failure failure(int position, Errno errno, String details) {
    if (position < 0 || position >= requests.size()) {
      return new Failure(position, "", position < 0 ? begin.describe() : end.describe(), errno, details);
    }
    return new Failure(position, labels.get(position), requests.get(position).describe(), errno, details);
  }

  /** Stands where a batch has no begin or end; never sent. */
  private record Unenclosed() implements Request {
    @Override
    public void encode(MessageWriter writer) {
      throw new IllegalStateException("A batch that is no transaction has neither begin nor end");
    }

    @Override
    public String describe() {
      return "answer a netlink request";
    }
  }
}
