package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.cli.ContractTests;
import dev.patchbay.cli.vendor.Verdict;
import dev.patchbay.cli.vendor.Verification;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.launch.LaunchException;
import dev.patchbay.launch.ModuleFile;
import dev.patchbay.spi.ObjectKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says whether a node would take a module file. */
@Command(name = "verify", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Says whether a node would take a module file, and whether the mode keeps the contract.",
    description = "Says whether a node would take a module file, and why not: the scan and a dry load as a node does them, then what the "
        + "mode says of itself and whether it fits; then the contract tests, and histories of the simulation with faults. Nothing of it "
        + "needs a node, root or a network. The mode is tried with the defaults of its settings.",
    footer = {"", "Exit codes: 0 a node would take it and all that was looked at is as it should be, 1 not so, 2 wrong usage."})
public final class ModesVerifyCommand implements Callable<Integer> {
  private static final String CONTRACT = "contract";

  private final CommandContext context;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Module files: jars, or directories with a jar and its libraries.")
  private List<Path> files = List.of();

  @Option(names = "--objects", paramLabel = "FILE", arity = "1..*",
      description = "Manifests of objects that the mode can read, and of pods that come: those that it claims, say.")
  private List<Path> objects = List.of();

  @Option(names = "--histories", paramLabel = "N", description = "How many histories are run; 0 for none. Default: ${DEFAULT-VALUE}.")
  private int histories = 100;

  @Option(names = "--sha256", paramLabel = "DIGEST", description = "The digest that the file must have, as a configuration pins it.")
  private @Nullable String sha256;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public ModesVerifyCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (sha256 != null && (files.size() > 1 || !sha256.matches("[0-9a-f]{64}"))) {
      throw new CommandException("--sha256 is the digest of one file, 64 lower-case hexadecimal digits.",
          "`patchbay modes --json` shows the digest of a file.");
    }
    List<Verdict> verdicts = files.stream().map(Path::toAbsolutePath).map(Path::normalize)
        .flatMap(file -> verification(file).of(new ModuleFile(file, Optional.ofNullable(sha256))).stream()).toList();
    if (json) {
      context.json(verdicts.stream().map(Verdict::json).toList());
    } else {
      verdicts.forEach(verdict -> verdict.lines().forEach(context.out()::println));
    }
    return verdicts.stream().allMatch(Verdict::good) ? 0 : 1;
  }

  private Verification verification(Path file) {
    return new Verification(context.launch()::loadModes, this::contract, installed(), GivenObjects.read(objects, kinds(file)), histories);
  }

  /** The kinds that the mode reads, and pods. */
  private Set<ObjectKind> kinds(Path file) {
    Set<ObjectKind> kinds = new LinkedHashSet<>(Set.of(ObjectKind.POD, ObjectKind.NODE));
    if (!objects.isEmpty()) {
      context.launch().loadModes(List.of(ModuleFile.of(file))).loaded().forEach(mode -> {
        kinds.addAll(mode.descriptor().nodeReads());
        kinds.addAll(mode.descriptor().clusterReads());
      });
    }
    return kinds;
  }

  private Optional<ContractTests> contract() {
    if (!context.launch().layers().contains(CONTRACT)) {
      return Optional.empty();
    }
    try {
      return context.launch().layer(CONTRACT).join().services(layer -> ServiceLoader.load(layer, ContractTests.class)).stream().findFirst();
    } catch (java.util.concurrent.CompletionException e) {
      if (e.getCause() instanceof LaunchException) {
        // An installation without it.
        return Optional.empty();
      }
      throw e;
    }
  }

  private List<Path> installed() {
    try (Stream<Path> list = Files.list(context.launch().home().resolve("modes"))) {
      return list.sorted().toList();
    } catch (IOException none) {
      return List.of();
    }
  }
}
