package dev.patchbay.cli;

import dev.patchbay.launch.LaunchContext;
import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a subcommand works with. For the thread that runs it.
 */
public interface CommandContext {
  /**
   * {@return the installation: its folder, its layers, its modes}
   */
  LaunchContext launch();

  /**
   * {@return where results go; flushed when the command ends, so a command that shows progress flushes it itself}
   */
  PrintWriter out();

  /**
   * {@return where progress and complaints go}
   */
  PrintWriter err();

  /**
   * {@return the environment of the process}
   */
  Map<String, String> environment();

  /**
   * {@return whether results go to a terminal whose reader wants colour; {@code NO_COLOR} says otherwise}
   */
  boolean colour();

  /**
   * Prints a result for tools, as indented JSON.
   *
   * @param value maps with text keys, lists, texts, numbers, truth values and null
   */
  void json(@Nullable Object value);
}
