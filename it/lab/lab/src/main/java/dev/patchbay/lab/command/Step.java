package dev.patchbay.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.lab.LabException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands of the lab have: the lab's name, and how they print and fail. */
abstract class Step implements Callable<Integer> {
  /** Set by the command line. */
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--lab", paramLabel = "NAME", defaultValue = "${env:PATCHBAY_LAB:-lab}",
      description = "Which lab, of several on one machine (default: what PATCHBAY_LAB says, or else lab).")
  String lab = "lab";

  abstract int run() throws Exception;

  @Override
  public final Integer call() throws Exception {
    try {
      return run();
    } catch (LabException failure) {
      spec.commandLine().getErr().println("patchbay lab: " + failure.getMessage());
      spec.commandLine().getErr().flush();
      return 1;
    }
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  final PrintWriter errors() {
    return spec.commandLine().getErr();
  }

  final void print(JsonNode json) {
    out().println(json.toPrettyString());
    out().flush();
  }
}
