package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.AttributeReader;
import dev.patchbay.netlink.Message;
import dev.patchbay.netlink.sys.NfGenMsg;
import dev.patchbay.netlink.sys.NftConstants;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads elements out of messages, and joins the two halves of intervals. */
final class ElementDecoder {
  /** What the kernel keeps as one element. */
  record Half(Element element, boolean end) {}

  private ElementDecoder() {}

  static void decode(Message message, Consumer<Half> into) {
    AttributeReader attributes = message.attributes(NfGenMsg.SIZE);
    while (attributes.next()) {
      if (attributes.type() == NftConstants.NFTA_SET_ELEM_LIST_ELEMENTS) {
        AttributeReader list = attributes.nested();
        while (list.next()) {
          half(list.nested(), into);
        }
      }
    }
  }

  private static void half(AttributeReader attributes, Consumer<Half> into) {
    Value key = Value.bytes();
    Value keyEnd = null;
    Value data = null;
    Verdict verdict = null;
    String comment = "";
    boolean end = false;
    while (attributes.next()) {
      switch (attributes.type()) {
        case NftConstants.NFTA_SET_ELEM_KEY -> key = NftData.value(attributes.nested());
        case NftConstants.NFTA_SET_ELEM_KEY_END -> keyEnd = NftData.value(attributes.nested());
        case NftConstants.NFTA_SET_ELEM_FLAGS ->
            end = (attributes.u32BigEndian() & NftConstants.NFT_SET_ELEM_INTERVAL_END) != 0;
        case NftConstants.NFTA_SET_ELEM_USERDATA -> comment = UserData.comment(UserData.COMMENT, attributes.bytes());
        case NftConstants.NFTA_SET_ELEM_DATA -> {
          AttributeReader inner = attributes.nested();
          while (inner.next()) {
            if (inner.type() == NftConstants.NFTA_DATA_VALUE) {
              data = Value.bytes(inner.bytes());
            } else if (inner.type() == NftConstants.NFTA_DATA_VERDICT) {
              verdict = NftData.verdict(inner.nested());
            }
          }
        }
        default -> {
          // Timeouts and counters.
        }
      }
    }
    into.accept(new Half(element(key, keyEnd, data, verdict).withComment(comment), end));
  }

  private static Element element(Value key, @Nullable Value keyEnd, @Nullable Value data, @Nullable Verdict verdict) {
    Element element = keyEnd == null || keyEnd.equals(key) ? Element.of(key) : Element.range(key, keyEnd);
    return data != null ? element.to(data) : verdict != null ? element.to(verdict) : element;
  }

  /** Ends come before beginnings of the same key: they belong to the interval below. */
  static List<Element> join(NftSet set, List<Half> halves) {
    if (!set.intervals() || set.isConcatenation()) {
      return halves.stream().map(Half::element).toList();
    }
    List<Half> sorted = new ArrayList<>(halves);
    sorted.sort(
        Comparator.comparing((Half half) -> half.element().key(), Value::compare)
            .thenComparing(half -> half.end() ? 0 : 1));
    List<Element> elements = new ArrayList<>();
    Element open = null;
    for (Half half : sorted) {
      if (open != null) {
        elements.add(closed(open, half.element().key().predecessor()));
        open = null;
      }
      if (!half.end()) {
        open = half.element();
      }
    }
    if (open != null) {
      byte[] highest = new byte[open.key().length()];
      Arrays.fill(highest, (byte) 0xff);
      elements.add(closed(open, Value.bytes(highest)));
    }
    return elements;
  }

  private static Element closed(Element open, Value last) {
    Element interval = last.equals(open.key()) ? Element.of(last) : Element.range(open.key(), last);
    if (open.data().isPresent()) {
      interval = interval.to(open.data().get());
    }
    if (open.verdict().isPresent()) {
      interval = interval.to(open.verdict().get());
    }
    return interval.withComment(open.comment());
  }
}
