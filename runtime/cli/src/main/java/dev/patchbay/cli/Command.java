package dev.patchbay.cli;

/**
 * A subcommand of {@code patchbay}, found as a service in the layers of the installation:
 * {@snippet :
 * provides dev.patchbay.cli.Command with com.example.ExampleCommand;
 * opens com.example to info.picocli;
 * }
 * A provider's constructor does no work.
 */
public interface Command {
  /**
   * Makes the subcommand for one run of the process.
   *
   * @param context what it works with
   * @return an object annotated with picocli's {@code @Command}, which implements {@code Callable<Integer>} or has subcommands that do.
   *     What it returns is the exit code: 0 if all is well, 1 if something was found or failed, 2 for wrong usage. It throws
   *     {@link CommandException} for what the user can understand and mend; anything else is reported as a defect
   */
  Object command(CommandContext context);
}
