package dev.patchbay.spi;

import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Something that the operator should know: shown by {@code patchbay status} and {@code explain}, counted in a metric by
 * code, and logged once while it lasts. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Finding {
  private final Code code;
  private final String cause;
  private final String remedy;
  private final @Nullable String subject;
  private final @Nullable Long value;

  private Finding(Code code, String cause, String remedy, @Nullable String subject, @Nullable Long value) {
    this.code = code;
    this.cause = cause;
    this.remedy = remedy;
    this.subject = subject;
    this.value = value;
  }

  /**
   * Makes a finding.
   *
   * @param code what it is
   * @param cause why, in a sentence that stands alone, naming objects, ids and figures
   * @param remedy what to do, in a sentence; what Patchbay itself will do if the reader need not act
   * @return the finding
   */
  public static Finding of(Code code, String cause, String remedy) {
    return new Finding(code, cause, remedy, null, null);
  }

  /**
   * {@return this finding about one thing}
   * @param subject what it is about: an object's or resource's name
   */
  public Finding about(String subject) {
    return new Finding(code, cause, remedy, subject, value);
  }

  /**
   * {@return this finding with a figure, which becomes the value of its metric}
   * @param value the figure
   */
  public Finding withValue(long value) {
    return new Finding(code, cause, remedy, subject, value);
  }

  /**
   * {@return what it is}
   */
  public Code code() {
    return code;
  }

  /**
   * {@return why}
   */
  public String cause() {
    return cause;
  }

  /**
   * {@return what to do}
   */
  public String remedy() {
    return remedy;
  }

  /**
   * {@return what it is about}
   */
  public Optional<String> subject() {
    return Optional.ofNullable(subject);
  }

  /**
   * {@return its figure}
   */
  public Optional<Long> value() {
    return Optional.ofNullable(value);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Finding f && f.code.equals(code) && f.cause.equals(cause) && f.remedy.equals(remedy)
        && f.subject().equals(subject()) && f.value().equals(value());
  }

  @Override
  public int hashCode() {
    return cause.hashCode() * 31 + code.hashCode();
  }

  @Override
  public String toString() {
    return code + ": " + cause + " " + remedy;
  }
}
