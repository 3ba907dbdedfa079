package dev.patchbay.cli.words;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is said when no daemon answers: why, what to do, and what the files tell. */
public final class AwayText {
  private AwayText() {}

  /**
   * What the files tell.
   *
   * @param conflist the words for the CNI configuration
   * @param pods the pods that are attached
   * @param notes how many DELs wait
   * @param made the interfaces that Patchbay made
   * @param inUse whether a process has the ledger open
   * @param there whether there is a ledger
   * @param problems what could not be read
   */
  public record Files(String conflist, List<String> pods, int notes, Map<String, String> made, boolean inUse, boolean there,
      List<String> problems) {
    /**
     * Copies the lists.
     */
    public Files {
      pods = List.copyOf(pods);
      problems = List.copyOf(problems);
    }
  }

  /**
   * The lines.
   *
   * @param why why there is no answer, a sentence
   * @param configuration the configuration's file
   * @param files what the files tell
   * @param colour whether the reader wants colour
   * @return the lines
   */
  public static List<String> of(String why, Path configuration, Files files, boolean colour) {
    Page page = new Page(colour, "");
    page.line(page.bad("No daemon answers.") + " " + why);
    List<String> remedies = new ArrayList<>();
    if (files.inUse()) {
      remedies.add("A process has the ledger open, so a daemon runs here: look at its log, and at introspection.address in " + configuration
          + "; name the address with --address if it is another.");
    } else {
      remedies.add("No process has the ledger open either, so no daemon runs here: start it (`patchbay node --config " + configuration
          + "`; in a cluster, see why its pod does not run with `kubectl describe pod`), or ask on the right node.");
    }
    remedies.forEach(r -> page.line("  do: " + r));
    page.heading("What the files of this node tell");
    page.entry("CNI", files.conflist());
    if (!files.there()) {
      page.entry("ledger", "there is none: no daemon has run here since the last boot, or it is kept elsewhere");
    } else {
      page.entry("ledger", Page.count(files.pods().size(), "pod is attached", "pods are attached")
          + (files.pods().isEmpty() ? "" : ", and they keep their network: " + some(files.pods())));
      page.entry("made", files.made().isEmpty() ? "no interface is Patchbay's" : "by Patchbay: " + some(List.copyOf(files.made().keySet())));
    }
    if (files.notes() > 0) {
      page.entry("notes", Page.count(files.notes(), "DEL waits", "DELs wait") + " for the daemon, which carries them out at its start");
    }
    files.problems().forEach(p -> page.line("  " + page.bad(p)));
    return page.lines();
  }

  private static String some(List<String> words) {
    int most = 20;
    return String.join(", ", words.subList(0, Math.min(most, words.size())))
        + (words.size() > most ? " and " + (words.size() - most) + " more" : "");
  }
}
