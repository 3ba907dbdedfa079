package dev.patchbay.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * boto3 and the AWS CLI, of fixed versions from PyPI, in an environment of their own. It is the one that the tests of the lab's
 * EC2 have made, or is made here.
 */
final class PythonClients {
  private static final List<String> VERSIONS = List.of("awscli==1.45.11", "boto3==1.43.11", "botocore==1.43.11");
  private static final List<Path> PLACES = List.of(Path.of("../ec2/target/python-clients"), Path.of("target/python-clients"));
  private static final long LONGEST_SECONDS = 600;

  private PythonClients() {}

  /** The folder of their programs. Ends the test, as one that is left out, if this machine can't have them. */
  static synchronized Path programs() throws IOException, InterruptedException {
    String wanted = String.join("\n", VERSIONS);
    for (Path place : PLACES) {
      Path ready = place.resolve("ready");
      if (Files.exists(ready) && Files.readString(ready).equals(wanted)) {
        return bin(place);
      }
    }
    Path place = PLACES.getLast();
    Files.createDirectories(place);
    leftOutIf(run("python3", "-m", "venv", "--clear", place.resolve("venv").toString()));
    List<String> install = new ArrayList<>(List.of(bin(place).resolve("python").toString(), "-m", "pip", "install", "--quiet"));
    install.addAll(VERSIONS);
    leftOutIf(run(install.toArray(String[]::new)));
    Files.writeString(place.resolve("ready"), wanted);
    return bin(place);
  }

  private static Path bin(Path place) {
    return place.resolve("venv/bin").toAbsolutePath().normalize();
  }

  private static void leftOutIf(Optional<String> failure) {
    if (failure.isPresent()) {
      System.out.println("LEFT OUT: boto3 and the AWS CLI by the lab's environment, since " + failure.get());
      Assumptions.abort("boto3 and the AWS CLI can't be had: " + failure.get());
    }
  }

  /** What went wrong. */
  private static Optional<String> run(String... command) throws InterruptedException {
    try {
      Path output = Files.createTempFile("python", ".out");
      try {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          return Optional.of(String.join(" ", command) + " does not end");
        }
        return process.exitValue() == 0 ? Optional.empty() : Optional.of(Files.readString(output).strip());
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException failure) {
      return Optional.of(String.valueOf(failure.getMessage()));
    }
  }
}
