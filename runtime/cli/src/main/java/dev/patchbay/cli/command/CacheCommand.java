package dev.patchbay.cli.command;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.cli.training.ClassCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the cache of classes with which the daemon starts sooner. */
@Command(name = "cache", mixinStandardHelpOptions = true, sortOptions = false, header = "Makes the cache with which the daemon starts sooner.",
    description = "Makes the cache of classes with which the daemon starts sooner, on the machine where it starts: a daemon runs for a few "
        + "seconds in a network namespace where nothing else is. Run it when Patchbay or its JDK was installed or updated; a cache that "
        + "does not fit both is never used.",
    footer = {"", "Exit codes: 0 the cache is there and fits, 1 it does not or can't be made, 2 wrong usage."})
public final class CacheCommand implements Callable<Integer> {
  /** Names the file that fits; set by the script that starts the daemon with it. */
  static final String FILE = "PATCHBAY_CACHE_FILE";

  private final CommandContext context;

  @Option(names = "--check", description = "Say whether there is one that fits, and make none.")
  private boolean check;

  @Option(names = "--remove", description = "Remove it.")
  private boolean remove;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /**
   * Makes the command.
   *
   * @param context what it works with
   */
  public CacheCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    String named = context.environment().get(FILE);
    if (named == null) {
      throw new CommandException("It is not known which cache fits.", "Start this by " + context.launch().home().resolve("bin/patchbay")
          + " cache, which knows; it needs sha256sum and stat.");
    }
    ClassCache cache = new ClassCache(context.launch().home(), Path.of(named));
    try {
      if (remove) {
        cache.remove();
      } else if (!check && !cache.isThere()) {
        cache.make();
      }
      return tell(cache);
    } catch (IOException e) {
      throw new CommandException("The cache " + named + " can't be " + (remove ? "removed" : check ? "read" : "made") + ": " + e + ".",
          remove ? "Remove it by hand." : "The daemon starts without it, only more slowly.");
    }
  }

  private int tell(ClassCache cache) throws IOException {
    boolean there = cache.isThere();
    if (json) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("file", cache.file().toString());
      values.put("fits", there);
      values.put("bytes", there ? Files.size(cache.file()) : 0);
      values.put("stale", cache.stale().stream().map(Path::toString).toList());
      context.json(values);
    } else if (there) {
      context.out().println("The cache " + cache.file() + " fits; " + (Files.size(cache.file()) >> 20) + " MB.");
    } else {
      context.out().println(cache.stale().isEmpty() ? "There is no cache." : "There is a cache, of other jars, another JDK or another place.");
    }
    return there || remove ? 0 : 1;
  }
}
