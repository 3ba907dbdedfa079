package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.NftConstants;
import java.util.ArrayList;
import java.util.List;

/** Writes elements into as many messages as their attribute's 16-bit length demands. */
final class ElementEncoder {
  private static final int MAX_BYTES = 60_000;
  /** Headers of an element, its key, data, flags and verdict, and of an interval's end. */
  private static final int OVERHEAD = 96;

  private ElementEncoder() {}

  static List<Request> requests(NftSet set, List<Element> elements, boolean add) {
    List<Request> requests = new ArrayList<>();
    int from = 0;
    int bytes = 0;
    for (int i = 0; i < elements.size(); i++) {
      Element element = elements.get(i);
      check(set, element, add);
      int most = size(element);
      if (bytes + most > MAX_BYTES) {
        requests.add(request(set, elements.subList(from, i), add));
        from = i;
        bytes = 0;
      }
      bytes += most;
    }
    if (from < elements.size()) {
      requests.add(request(set, elements.subList(from, elements.size()), add));
    }
    return requests;
  }

  private static int size(Element element) {
    int data = element.data().map(Value::length).orElse(0);
    int chain = element.verdict().map(verdict -> verdict.chain().length()).orElse(0);
    // A comment's characters have at most three bytes each in UTF-8.
    return OVERHEAD + 2 * element.key().length() + data + chain + 3 * element.comment().length();
  }

  private static void check(NftSet set, Element element, boolean add) {
    int length = DataType.length(set.key());
    if (element.key().length() != length) {
      throw new IllegalArgumentException(
          "A key of " + set + " has " + length + " bytes, unlike " + element.key() + " with " + element.key().length());
    }
    if (element.keyEnd().isPresent() && !set.intervals()) {
      throw new IllegalArgumentException(set + " has no intervals such as " + element);
    }
    boolean fits =
        switch (set.kind()) {
          case SET -> element.data().isEmpty() && element.verdict().isEmpty();
          case MAP -> element.data().isPresent() && element.data().get().length() == DataType.length(set.data());
          case VERDICT_MAP -> element.verdict().isPresent();
        };
    if (add && !fits) {
      throw new IllegalArgumentException("The element " + element + " does not give what those of " + set + " give");
    }
  }

  private static Request request(NftSet set, List<Element> elements, boolean add) {
    List<Element> copy = List.copyOf(elements);
    return new NftRequest(
        (add ? "add " : "delete ") + copy.size() + " element(s) of " + set,
        add ? NftConstants.NFT_MSG_NEWSETELEM : NftConstants.NFT_MSG_DELSETELEM,
        add ? NftRequest.CREATE : 0,
        set.table().family().number(),
        writer -> {
          writer.putString(NftConstants.NFTA_SET_ELEM_LIST_TABLE, set.table().name());
          writer.putString(NftConstants.NFTA_SET_ELEM_LIST_SET, set.name());
          int list = writer.beginNest(NftConstants.NFTA_SET_ELEM_LIST_ELEMENTS);
          for (Element element : copy) {
            encode(writer, set, element, add);
          }
          writer.endNest(list);
        });
  }

  private static void encode(MessageWriter writer, NftSet set, Element element, boolean add) {
    Value last = element.keyEnd().orElse(element.key());
    int nest = writer.beginNest(NftConstants.NFTA_LIST_ELEM);
    NftData.put(writer, NftConstants.NFTA_SET_ELEM_KEY, element.key());
    if (set.intervals() && set.isConcatenation()) {
      NftData.put(writer, NftConstants.NFTA_SET_ELEM_KEY_END, last);
    }
    if (add) {
      element.data().ifPresent(data -> NftData.put(writer, NftConstants.NFTA_SET_ELEM_DATA, data));
      element.verdict().ifPresent(verdict -> NftData.put(writer, NftConstants.NFTA_SET_ELEM_DATA, verdict));
      if (!element.comment().isEmpty()) {
        writer.putBytes(
            NftConstants.NFTA_SET_ELEM_USERDATA, UserData.comment(UserData.COMMENT, element.comment()));
      }
    }
    writer.endNest(nest);
    if (set.intervals() && !set.isConcatenation()) {
      encodeEnd(writer, last.successor());
    }
  }

  /** Intervals of plain keys are two elements: the first key, and the first key after the last, unless there is none. */
  private static void encodeEnd(MessageWriter writer, Value after) {
    if (!after.isZero()) {
      int nest = writer.beginNest(NftConstants.NFTA_LIST_ELEM);
      NftData.put(writer, NftConstants.NFTA_SET_ELEM_KEY, after);
      writer.putU32BigEndian(NftConstants.NFTA_SET_ELEM_FLAGS, NftConstants.NFT_SET_ELEM_INTERVAL_END);
      writer.endNest(nest);
    }
  }
}
