package dev.patchbay.core.compose;

import dev.patchbay.core.view.AttachmentSnapshot;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.Role;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whom there is to ask at the moment, and what they could see. Immutable.
 *
 * @param aside the modes that are set aside: why, by the mode's id
 * @param known the kinds of objects that the API server has told of since the start; what was heard once is known, if not as it is
 *     this moment
 */
public record Circumstances(Map<String, Finding> aside, Set<ObjectKind> known) {
  /** A mode is needed that is set aside. */
  public static final Code MODE_ASIDE = Code.of(502, "ModeSetAside");

  /**
   * Copies the collections.
   */
  public Circumstances {
    aside = java.util.Collections.unmodifiableMap(new TreeMap<>(aside));
    known = Set.copyOf(known);
  }

  /**
   * {@return whether a mode is set aside}
   * @param mode the mode
   */
  public boolean isAside(ModeInstance mode) {
    return aside.containsKey(mode.id());
  }

  /**
   * {@return the refusal of what needs a mode that is set aside}
   * @param mode the mode
   * @param <T> the kind of plan that is refused
   */
  public <T> Answer<T> asideRefusal(ModeInstance mode) {
    Finding why = aside.getOrDefault(mode.id(), Finding.of(MODE_ASIDE, "It is not known why.", "See the daemon's log."));
    return Answer.refuse(MODE_ASIDE, mode.label() + " is set aside, and can't be done without: " + why.cause(), why.remedy());
  }

  /**
   * {@return what of the things that a mode must read to judge a pod can't be read now}
   * @param mode the mode
   * @param attachment the pod's attachment
   * @param always whether the pod's own object is needed even if the mode does not declare to read pods
   */
  Optional<ObjectRef> unreadable(ModeInstance mode, AttachmentSnapshot attachment, boolean always) {
    boolean pods = always || mode.descriptor().nodeReads().contains(ObjectKind.POD);
    if (pods && !attachment.pod().name().isEmpty() && attachment.pod().object().isEmpty()) {
      return Optional.of(new ObjectRef(ObjectKind.POD, attachment.pod().namespace(), attachment.pod().name()));
    }
    return unheard(mode).map(kind -> new ObjectRef(kind, "", ""));
  }

  /** A kind of objects that a mode reads, beside pods, and that nothing has been heard of yet. */
  Optional<ObjectKind> unheard(ModeInstance mode) {
    return mode.descriptor().nodeReads().stream().filter(k -> !k.equals(ObjectKind.POD) && !known.contains(k)).findFirst();
  }

  /** How to go on without a mode that can't be asked about a pod; empty if the pod is to start as if the mode were not there. */
  <T> Optional<Answer<T>> without(ModeInstance mode, Role.WhenUnreadable rule, Optional<ObjectRef> unreadable) {
    if (rule == Role.WhenUnreadable.PASS) {
      return Optional.empty();
    }
    if (isAside(mode)) {
      return Optional.of(asideRefusal(mode));
    }
    ObjectRef object = unreadable.orElseThrow();
    String what = object.name().isEmpty() ? "Objects of kind " + object.kind().kind() + " have not been heard of yet"
        : "The " + object.kind().kind() + " " + (object.namespace().isEmpty() ? "" : object.namespace() + "/") + object.name()
            + " can't be read from the API server";
    return Optional.of(Answer.waitFor(object, Codes.OBJECT_UNREADABLE,
        what + ", and without it " + mode.id() + " can't say what to do with this pod.",
        "Check that the node reaches the API server; kubelet tries again by itself."));
  }
}
