package dev.patchbay.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What a planner answers: a plan, or why there is none. Immutable. The runtime asks again when anything that the planner
 * read has changed; a planner asked twice with equal views must give equal answers.
 *
 * @param <T> the kind of plan
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Answer<T> {
  /**
   * Here is the plan.
   *
   * @param plan the plan
   * @param <T> the kind of plan
   * @return the answer
   */
  static <T> Answer<T> of(T plan) {
    return new Planned<>(plan, List.of());
  }

  /**
   * Here is the plan, and what the operator should know of it. Of a plan for the node, findings hold until it is planned again; of a plan
   * for an attachment, as long as the attachment is there, and they are told on its pod, too.
   *
   * @param plan the plan
   * @param findings what the operator should know
   * @param <T> the kind of plan
   * @return the answer
   */
  static <T> Answer<T> of(T plan, List<Finding> findings) {
    return new Planned<>(plan, List.copyOf(findings));
  }

  /**
   * This is not mine: the runtime goes on as if the mode were not there. For claims, modifiers and extras; a base must not
   * pass.
   *
   * @param <T> the kind of plan
   * @return the answer
   */
  static <T> Answer<T> pass() {
    return new Pass<>();
  }

  /**
   * Not yet: the plan depends on an object that must change first. The runtime watches the object, asks again at each
   * change, and gives up with the code when the configured time is over or the caller hangs up.
   *
   * @param object the object
   * @param code what the pod fails with in the end
   * @param cause what is waited for, as a sentence
   * @param remedy what to do if it never comes
   * @param <T> the kind of plan
   * @return the answer
   */
  static <T> Answer<T> waitFor(ObjectRef object, Code code, String cause, String remedy) {
    return new Wait<>(object, Finding.of(code, cause, remedy));
  }

  /**
   * No: there is no plan and will be none unless something changes.
   *
   * @param code what it fails with
   * @param cause why, as a sentence
   * @param remedy what to do
   * @param <T> the kind of plan
   * @return the answer
   */
  static <T> Answer<T> refuse(Code code, String cause, String remedy) {
    return new Refuse<>(Finding.of(code, cause, remedy));
  }

  /**
   * {@return the plan, if there is one}
   */
  default Optional<T> plan() {
    return this instanceof Planned<T> planned ? Optional.of(planned.value()) : Optional.empty();
  }

  /**
   * {@return this answer with one more finding; a wait or a refusal keeps its own and nothing else}
   * @param finding the finding
   */
  default Answer<T> with(Finding finding) {
    if (this instanceof Planned<T> planned) {
      List<Finding> all = new ArrayList<>(planned.findings());
      all.add(finding);
      return new Planned<>(planned.value(), List.copyOf(all));
    }
    return this;
  }

  /**
   * A plan.
   *
   * @param <T> the kind of plan
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  final class Planned<T> implements Answer<T> {
    private final T value;
    private final List<Finding> findings;

    private Planned(T value, List<Finding> findings) {
      this.value = value;
      this.findings = findings;
    }

    /**
     * {@return the plan}
     */
    public T value() {
      return value;
    }

    /**
     * {@return what the operator should know}
     */
    public List<Finding> findings() {
      return findings;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Planned<?> p && p.value.equals(value) && p.findings.equals(findings);
    }

    @Override
    public int hashCode() {
      return value.hashCode();
    }

    @Override
    public String toString() {
      return value + (findings.isEmpty() ? "" : " " + findings);
    }
  }

  /**
   * Not this mode's.
   *
   * @param <T> the kind of plan
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  final class Pass<T> implements Answer<T> {
    private Pass() {}

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Pass<?>;
    }

    @Override
    public int hashCode() {
      return 1;
    }

    @Override
    public String toString() {
      return "pass";
    }
  }

  /**
   * Not yet.
   *
   * @param <T> the kind of plan
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  final class Wait<T> implements Answer<T> {
    private final ObjectRef object;
    private final Finding reason;

    private Wait(ObjectRef object, Finding reason) {
      this.object = object;
      this.reason = reason;
    }

    /**
     * {@return the object whose change is waited for}
     */
    public ObjectRef object() {
      return object;
    }

    /**
     * {@return what is waited for, and what it fails with in the end}
     */
    public Finding reason() {
      return reason;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Wait<?> w && w.object.equals(object) && w.reason.equals(reason);
    }

    @Override
    public int hashCode() {
      return object.hashCode();
    }

    @Override
    public String toString() {
      return "wait for " + object + ": " + reason;
    }
  }

  /**
   * No.
   *
   * @param <T> the kind of plan
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  final class Refuse<T> implements Answer<T> {
    private final Finding reason;

    private Refuse(Finding reason) {
      this.reason = reason;
    }

    /**
     * {@return why, and what to do}
     */
    public Finding reason() {
      return reason;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Refuse<?> r && r.reason.equals(reason);
    }

    @Override
    public int hashCode() {
      return reason.hashCode();
    }

    @Override
    public String toString() {
      return "refuse: " + reason;
    }
  }
}
