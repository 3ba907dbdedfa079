package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.cli.daemon.Target;
import dev.patchbay.cli.files.LedgerReading;
import dev.patchbay.cli.files.PartReading;
import dev.patchbay.config.Configuration;
import dev.patchbay.core.ledger.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say where the ledger is. */
public final class LedgerFolders {
  @Mixin
  private Target target = new Target();

  @Option(names = "--run", paramLabel = "FOLDER", description = "The part that ends with a boot. Unless named: the folder ledger in what "
      + "state.run of the configuration names.")
  private @Nullable Path run;

  @Option(names = "--lib", paramLabel = "FOLDER", description = "The part that survives boots. Unless named: the folder ledger in what "
      + "state.lib of the configuration names.")
  private @Nullable Path lib;

  /** Made by the command line. */
  public LedgerFolders() {}

  /** Both parts, in the order in which they add up. */
  List<PartReading> read(CommandContext context) {
    Path ofRun = run;
    Path ofLib = lib;
    if (ofRun == null || ofLib == null) {
      // Who names one folder has copies at hand: the other is this node's only if nothing was named.
      if (ofRun != null || ofLib != null) {
        return List.of(named(ofRun == null ? Entry.Part.LIB : Entry.Part.RUN, ofRun == null ? ofLib : ofRun));
      }
      Configuration.State state = target.lenient(context).configuration().state();
      ofRun = LedgerReading.run(state);
      ofLib = LedgerReading.lib(state);
      return List.of(PartReading.of(Entry.Part.LIB, ofLib), PartReading.of(Entry.Part.RUN, ofRun));
    }
    return List.of(named(Entry.Part.LIB, ofLib), named(Entry.Part.RUN, ofRun));
  }

  private static PartReading named(Entry.Part part, @Nullable Path folder) {
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CommandException("There is no folder " + folder + ".", "Name the folder that has the ledger's segments and snapshots.");
    }
    return PartReading.of(part, folder);
  }
}
