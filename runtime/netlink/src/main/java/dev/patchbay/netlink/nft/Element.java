package dev.patchbay.netlink.nft;

import dev.patchbay.netlink.IpPrefix;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An element of a set or map; immutable. */
public final class Element {
  private final Value key;
  private final @Nullable Value keyEnd;
  private final @Nullable Value data;
  private final @Nullable Verdict verdict;
  private final String comment;

  private Element(Value key, @Nullable Value keyEnd, @Nullable Value data, @Nullable Verdict verdict, String comment) {
    this.key = key;
    this.keyEnd = keyEnd;
    this.data = data;
    this.verdict = verdict;
    this.comment = Names.comment(comment);
  }

  /** A single key. In a set of intervals it is the interval that holds it alone. */
  public static Element of(Value key) {
    return new Element(key, null, null, null, "");
  }

  /** All keys from the first to the last, both included; for sets of intervals. */
  public static Element range(Value first, Value last) {
    if (first.length() != last.length()) {
      throw new IllegalArgumentException("An interval's ends are of one length, unlike " + first + " and " + last);
    }
    return new Element(first, last, null, null, "");
  }

  /** All addresses of a prefix; for sets of intervals. */
  public static Element prefix(IpPrefix prefix) {
    byte[] last = prefix.network().address().getAddress();
    for (int bit = prefix.length(); bit < last.length * 8; bit++) {
      last[bit / 8] |= (byte) (0x80 >>> (bit % 8));
    }
    return range(Value.of(prefix.network().address()), Value.bytes(last));
  }

  /** The same with what a map gives for it. */
  public Element to(Value data) {
    return new Element(key, keyEnd, data, null, comment);
  }

  /** The same with what a verdict map does with it. */
  public Element to(Verdict verdict) {
    return new Element(key, keyEnd, null, verdict, comment);
  }

  /** The same with a text of at most 254 bytes. */
  public Element withComment(String comment) {
    return new Element(key, keyEnd, data, verdict, comment);
  }

  /** The key, or an interval's first. */
  public Value key() {
    return key;
  }

  /** An interval's last key, included; empty for a single one. */
  public Optional<Value> keyEnd() {
    return Optional.ofNullable(keyEnd);
  }

  /** What a map gives. */
  public Optional<Value> data() {
    return Optional.ofNullable(data);
  }

  /** What a verdict map does. */
  public Optional<Verdict> verdict() {
    return Optional.ofNullable(verdict);
  }

  public String comment() {
    return comment;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Element that
        && key.equals(that.key)
        && Objects.equals(keyEnd, that.keyEnd)
        && Objects.equals(data, that.data)
        && Objects.equals(verdict, that.verdict)
        && comment.equals(that.comment);
  }

  @Override
  public int hashCode() {
    return Objects.hash(key, keyEnd, data, verdict, comment);
  }

  @Override
  public String toString() {
    return key + (keyEnd == null ? "" : "-" + keyEnd) + (data == null ? "" : " : " + data) + (verdict == null ? "" : " : " + verdict);
  }
}
