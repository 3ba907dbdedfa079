package dev.patchbay.launch;

/** The ways in which code reaches outside its arguments; a mode's own module uses none of them. */
public enum Reach {
  /** What time it is. */
  CLOCK("a clock"),
  /** What nobody can predict. */
  RANDOMNESS("randomness"),
  /** Threads, executors, timers, waiting. */
  THREADS("threads"),
  /** Files, sockets, standard streams, logs, name lookups. */
  INPUT_OUTPUT("input and output"),
  /** Other processes, and the end of this one. */
  PROCESSES("processes"),
  /** The environment and properties of the process. */
  ENVIRONMENT("the process's environment"),
  /** Native code and memory outside the heap's rules. */
  NATIVE("native access"),
  /** Reflection and class loading, which could get around all the rest. */
  REFLECTION("reflection"),
  /** Anything else of the JDK that a mode has no use for. */
  OTHER("a part of the JDK that modes have no use for");

  private final String words;

  Reach(String words) {
    this.words = words;
  }

  /**
   * {@return what it is, in words that follow "uses"}
   */
  public String words() {
    return words;
  }
}
