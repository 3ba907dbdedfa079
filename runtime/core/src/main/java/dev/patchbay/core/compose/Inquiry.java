package dev.patchbay.core.compose;

import dev.patchbay.core.view.AttachmentSnapshot;
import dev.patchbay.core.view.NodeSnapshot;
import dev.patchbay.spi.NetworkMode;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks the planners of one piece of work, one after the other, and always knows whom: if one does not come back, or throws, whoever
 * runs the work says which. Shows each mode the objects that it declared to read, and no others. Asked by one thread; any thread may
 * look whose turn it is.
 */
public final class Inquiry {
  private volatile @Nullable ModeInstance asked;

  /** Nobody has been asked yet. */
  public Inquiry() {}

  /**
   * {@return the mode that was asked last}
   */
  public Optional<ModeInstance> asked() {
    return Optional.ofNullable(asked);
  }

  /**
   * Asks a mode about something that shows no objects.
   *
   * @param mode the mode
   * @param question the question
   * @param <T> what is answered
   * @return the answer
   * @throws InvalidPlanException if there is none
   */
  public <T> T ask(ModeInstance mode, Function<NetworkMode, T> question) {
    asked = mode;
    T answer = question.apply(mode.mode());
    if (answer == null) {
      throw new InvalidPlanException("answered null");
    }
    return answer;
  }

  /**
   * Asks a mode about the node.
   *
   * @param mode the mode
   * @param node the node
   * @param question the question
   * @param <T> what is answered
   * @return the answer
   */
  public <T> T ask(ModeInstance mode, NodeSnapshot node, BiFunction<NetworkMode, NodeSnapshot, T> question) {
    return ask(mode, m -> question.apply(m, node.seenBy(mode.descriptor().nodeReads())));
  }

  /**
   * Asks a mode about an attachment.
   *
   * @param mode the mode
   * @param attachment the attachment
   * @param question the question
   * @param <T> what is answered
   * @return the answer
   */
  public <T> T ask(ModeInstance mode, AttachmentSnapshot attachment, BiFunction<NetworkMode, AttachmentSnapshot, T> question) {
    return ask(mode, m -> question.apply(m, attachment.seenBy(mode.descriptor().nodeReads())));
  }
}
