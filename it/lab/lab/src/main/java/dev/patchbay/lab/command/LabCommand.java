package dev.patchbay.lab.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code patchbay lab}. */
@Command(
    name = "lab",
    description = "A VPC on this machine: EC2, IMDS, Kubernetes and real packets, with nodes that run the daemon.",
    mixinStandardHelpOptions = true,
    subcommands = {
      UpCommand.class,
      StatusCommand.class,
      PodCommand.class,
      NetworkCommand.class,
      SubnetCommand.class,
      EniCommand.class,
      ExecCommand.class,
      EnvCommand.class,
      GraphCommand.class,
      DaemonCommand.class,
      FaultCommand.class,
      RecordCommand.class,
      DownCommand.class,
      DemoCommand.class,
      ServeCommand.class
    })
public final class LabCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Made by the command line. */
  public LabCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do with the lab");
  }
}
