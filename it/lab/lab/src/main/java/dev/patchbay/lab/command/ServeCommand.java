package dev.patchbay.lab.command;

import dev.patchbay.lab.control.LabProcess;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** What {@code up} starts in the background. */
@Command(name = "serve", hidden = true)
final class ServeCommand implements Callable<Integer> {
  @Override
  public Integer call() throws Exception {
    return LabProcess.run(System.in, System.out);
  }
}
