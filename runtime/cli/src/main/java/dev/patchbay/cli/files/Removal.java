package dev.patchbay.cli.files;

import dev.patchbay.cli.CommandException;
import dev.patchbay.config.Configuration;
import dev.patchbay.core.brain.AttachmentPaths;
import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.core.view.NodeFactsFields;
import dev.patchbay.linux.datapath.DatapathException;
import dev.patchbay.linux.datapath.Inventory;
import dev.patchbay.linux.datapath.KernelDatapath;
import dev.patchbay.linux.datapath.Rendering;
import dev.patchbay.linux.socket.PendingDels;
import dev.patchbay.netlink.NetlinkException;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.node.LabelFile;
import dev.patchbay.spi.Fields;
import dev.patchbay.store.Storage;
import dev.patchbay.store.StoreException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Takes Patchbay off a node: first what makes the container runtime send pods, last what tells who has what. What is done once is not
 * missed the second time, so it can be run again after whatever stopped it.
 */
public final class Removal implements AutoCloseable {
  private final Configuration configuration;
  private final NodeFiles files;
  private final Netns node;
  private final KernelDatapath datapath;
  private final List<Storage> locks = new ArrayList<>();
  private final List<String> done = new ArrayList<>();
  private final List<String> left = new ArrayList<>();

  private Removal(Configuration configuration, NodeFiles files, Netns node, KernelDatapath datapath) {
    this.configuration = configuration;
    this.files = files;
    this.node = node;
    this.datapath = datapath;
  }

  /**
   * Looks at the node; changes nothing.
   *
   * @param configuration says where everything is
   * @return what can be taken off; the caller closes it
   * @throws CommandException if a daemon runs, this is not the node's network, or the kernel can't be read
   */
  public static Removal of(Configuration configuration) {
    NodeFiles files = NodeFiles.read(configuration);
    if (files.inUse()) {
      throw new CommandException("A daemon runs on this node: a process has the ledger open.",
          "Stop it first, and see that nothing starts it again: take the node out of the DaemonSet, or stop the service.");
    }
    if (!files.ledger().problems().isEmpty()) {
      throw new CommandException("Who has what can't be told: " + String.join(" ", files.ledger().problems()),
          "Repair what is named, or drain the node and remove the ledger's folders by hand.");
    }
    Netns node = Netns.current();
    try {
      return new Removal(configuration, files, node, KernelDatapath.open(node, Rendering.FAST, new SplittableRandom()));
    } catch (DatapathException e) {
      node.close();
      throw new CommandException("The kernel's network can't be read: " + e.reason() + ".", "Run this as root, in the node's own network.");
    }
  }

  /**
   * {@return the pods whose network is there: live in the ledger, no DEL waits, and the kernel has their device}
   * @throws CommandException if this is not the node's network namespace, so that nothing could be said
   */
  public List<AttachmentRecord> running() {
    List<AttachmentRecord> attached = files.attached();
    if (!attached.isEmpty() || !files.ledger().ledger().attachments().isEmpty()) {
      requireNodesNetwork();
    }
    Set<String> there = inventory().links().stream().map(Inventory.OwnLink::key).collect(Collectors.toCollection(TreeSet::new));
    return attached.stream().filter(a -> there.contains(a.key().toString())).toList();
  }

  private void requireNodesNetwork() {
    Fields seen = files.ledger().ledger().seen();
    if (seen.values().isEmpty()) {
      return;
    }
    NodeFacts facts = NodeFactsFields.read(seen);
    String mac = facts.identity().primaryMac().toString();
    try (RouteSocket routes = RouteSocket.open(node)) {
      if (routes.links().stream().noneMatch(l -> l.mac().isPresent() && l.mac().get().toString().equals(mac))) {
        throw new CommandException("This is not the node's network: the device of its primary interface (" + mac + ") is not here.",
            "Run it in the host's network namespace, such as by `nsenter -t 1 -n` or in a pod with hostNetwork.");
      }
    }
  }

  private Inventory inventory() {
    try {
      return datapath.inventory();
    } catch (DatapathException | NetlinkException e) {
      throw new CommandException("The kernel's network can't be read: " + e.getMessage(), "Run this as root.");
    }
  }

  /**
   * {@return what would be taken off, in order; nothing is}
   * @param stay the pods that keep their network, and with it most of the rest
   */
  public List<String> plan(List<AttachmentRecord> stay) {
    List<String> plan = new ArrayList<>();
    Path conflist = configuration.cni().confFile();
    if (NodeFiles.conflist(conflist) == NodeFiles.Conflist.OURS) {
      plan.add("the CNI configuration " + conflist);
    }
    Inventory inventory = inventory();
    if (!stay.isEmpty()) {
      List<String> others = others(stay);
      if (!others.isEmpty()) {
        plan.add("in the kernel what is left of " + String.join(", ", others));
      }
      return plan;
    }
    Path executable = configuration.cni().binDir().resolve("patchbay-cni");
    if (Files.exists(executable, LinkOption.NOFOLLOW_LINKS)) {
      plan.add("the executable " + executable);
    }
    if (!inventory.isEmpty()) {
      plan.add("in the kernel " + words(inventory));
    }
    for (Path path : paths()) {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        plan.add(Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? "the folder " + path : "the file " + path);
      }
    }
    return plan;
  }

  /** Attachments that have something in the kernel, other than these. */
  private List<String> others(List<AttachmentRecord> stay) {
    Set<String> keys = stay.stream().map(a -> a.key().toString()).collect(Collectors.toSet());
    return inventory().keys().stream().filter(k -> !keys.contains(k)).toList();
  }

  private static String words(Inventory inventory) {
    String others = inventory.links().size() + " devices, " + inventory.routes().size() + " routes, " + inventory.rules().size() + " rules, "
        + inventory.addresses().size() + " addresses";
    return String.join(", ", Stream.concat(Stream.of(others), inventory.filters().stream()).toList());
  }

  /** Files and folders beside the CNI configuration and the executable. */
  private List<Path> paths() {
    Path socket = configuration.cni().socket();
    return List.of(PendingDels.besideSocket(socket).folder(), socket, socket.resolveSibling(socket.getFileName() + ".lock"),
        LedgerReading.run(configuration.state()), LedgerReading.lib(configuration.state()), labels());
  }

  private Path labels() {
    return LabelFile.pathIn(configuration.state().lib());
  }

  /**
   * Takes it off.
   *
   * @param stay the pods that keep their network, and with it the executable, the node's part in the kernel, notes and ledger
   * @throws CommandException if something could not be taken off; what was done before stays done
   */
  public void run(List<AttachmentRecord> stay) {
    lock();
    conflist();
    if (!stay.isEmpty()) {
      kernel("what belongs to no running pod", () -> datapath.removeLeftovers(keep(stay)), others(stay).isEmpty());
      return;
    }
    file("the executable", configuration.cni().binDir().resolve("patchbay-cni"));
    kernel("everything that carries Patchbay's mark", datapath::removeAll, inventory().isEmpty());
    Path socket = configuration.cni().socket();
    folder("the notes of DELs", PendingDels.besideSocket(socket).folder());
    folder("the ledger of attachments", LedgerReading.run(configuration.state()));
    folder("the ledger of provenance", LedgerReading.lib(configuration.state()));
    file("the node's labels", labels());
    file("the node's labels that were half written", LabelFile.halfWritten(labels()));
    file("the socket", socket);
    file("the socket's lock", socket.resolveSibling(socket.getFileName() + ".lock"));
    for (Path folder : List.of(configuration.state().run(), configuration.state().lib(), socket.resolveSibling(""))) {
      emptied(folder);
    }
  }

  /** No daemon may start meanwhile: it would find half of what it needs. */
  private void lock() {
    for (Path folder : List.of(LedgerReading.lib(configuration.state()), LedgerReading.run(configuration.state()))) {
      if (Files.isDirectory(folder)) {
        try {
          locks.add(Storage.folder(folder));
        } catch (StoreException e) {
          throw new CommandException(e.getMessage() + ".", "Stop the daemon, and see that this runs as root.");
        }
      }
    }
  }

  private List<AttachmentPath> keep(List<AttachmentRecord> stay) {
    Set<String> keys = stay.stream().map(a -> a.key().toString()).collect(Collectors.toSet());
    return AttachmentPaths.of(files.ledger().ledger(), configuration.node().mtu()).stream().filter(p -> keys.contains(p.key())).toList();
  }

  private void conflist() {
    Path conflist = configuration.cni().confFile();
    switch (NodeFiles.conflist(conflist)) {
      case OURS -> file("the CNI configuration", conflist);
      case FOREIGN -> left.add(conflist + " is not Patchbay's: it names no plugin patchbay-cni");
      case NONE -> {
        // There is nothing to be done.
      }
    }
    file("a CNI configuration that was half written", conflist.resolveSibling(conflist.getFileName() + ".new"));
  }

  private void kernel(String what, Runnable remove, boolean nothing) {
    try {
      remove.run();
    } catch (DatapathException | NetlinkException e) {
      throw new CommandException("The kernel did not let go of " + what + ": " + e.getMessage(),
          "See the cause, and run this again: what was done before stays done.");
    }
    if (!nothing) {
      done.add("in the kernel " + what);
    }
  }

  private void file(String what, Path file) {
    try {
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        left.add(file + " is a folder, where " + what + " should be");
      } else if (Files.deleteIfExists(file)) {
        done.add(what + " " + file);
      }
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** A folder whose files are ours; a folder in it is not, and stays with it. */
  private void folder(String what, Path folder) {
    boolean any = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          Files.deleteIfExists(entry);
        }
      }
      Files.deleteIfExists(folder);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return;
    } catch (DirectoryNotEmptyException e) {
      left.add(folder + " has something in it that is not Patchbay's");
      return;
    } catch (IOException e) {
      throw failed(folder, e);
    }
    if (any) {
      done.add(what + " " + folder);
    }
  }

  private void emptied(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      if (left.stream().noneMatch(l -> l.startsWith(folder + "/") || l.startsWith(folder + " "))) {
        left.add(folder + " has something in it that is not Patchbay's");
      }
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  private static CommandException failed(Path path, IOException e) {
    return new CommandException(path + " can't be removed: " + e + ".", "Remove it, or see that this runs as root, and run this again.");
  }

  /**
   * {@return what was taken off, in order}
   */
  public List<String> done() {
    return List.copyOf(done);
  }

  /**
   * {@return what was found and is not ours}
   */
  public List<String> left() {
    return List.copyOf(left);
  }

  /**
   * {@return the files as they were at first}
   */
  public NodeFiles files() {
    return files;
  }

  @Override
  public void close() {
    locks.forEach(Storage::close);
    datapath.close();
    node.close();
  }
}
