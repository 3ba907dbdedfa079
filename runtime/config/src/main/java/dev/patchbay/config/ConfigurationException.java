package dev.patchbay.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration can't be used. It carries every mistake that was found, in the order of the file; the message has
 * one line for each.
 */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  /**
   * Makes an exception of mistakes.
   *
   * @param problems the mistakes, at least one
   */
  public ConfigurationException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("a configuration without a problem is no exception");
    }
    this.problems = List.copyOf(problems);
  }

  /**
   * The words for a file that can't be read.
   *
   * @param file the file
   * @param cause what the system said
   * @return the exception, to be thrown
   */
  public static ConfigurationException unreadable(Path file, IOException cause) {
    Origin origin = new Origin.InFile(file, 1, 1);
    Problem problem = switch (cause) {
      case NoSuchFileException _ -> new Problem(ConfigurationCodes.FILE_UNREADABLE, origin, "there is no such file.",
          "Create it, or name the right one with --config; docs/configuration.md begins with the least that is needed.");
      case AccessDeniedException _ -> new Problem(ConfigurationCodes.FILE_UNREADABLE, origin, "the file may not be read.",
          "Let the user that runs Patchbay read it.");
      case FileSystemException other when other.getReason() != null -> new Problem(ConfigurationCodes.FILE_UNREADABLE, origin,
          "the file can't be read: " + other.getReason() + ".", "Name a readable file with --config.");
      case IOException other -> new Problem(ConfigurationCodes.FILE_UNREADABLE, origin,
          "the file can't be read: " + other.getMessage() + ".", "Name a readable file with --config.");
    };
    ConfigurationException exception = new ConfigurationException(List.of(problem));
    exception.initCause(cause);
    return exception;
  }

  /**
   * {@return every mistake, in the order of the file}
   */
  public List<Problem> problems() {
    return problems;
  }
}
