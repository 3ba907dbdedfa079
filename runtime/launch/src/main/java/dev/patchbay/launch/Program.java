package dev.patchbay.launch;

/**
 * What the launcher starts: the node daemon, the cluster controller, the operator's command. A module in one of the
 * program's layers provides it; the launcher finds it there by name. Its constructor does no work.
 */
public interface Program {
  /**
   * {@return the name by which the launcher's first argument and {@code layers.properties} call it}
   */
  String name();

  /**
   * Runs the program, on the process's first thread, whose context class loader is that of the program's layer. The process ends
   * when it returns.
   *
   * @param context the arguments, and the layers and modes that can be asked for
   * @return the exit code
   * @throws Exception whatever it can't handle; the launcher prints it and ends the process with code 1
   */
  int run(LaunchContext context) throws Exception;
}
