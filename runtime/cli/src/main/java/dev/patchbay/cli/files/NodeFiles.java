package dev.patchbay.cli.files;

import dev.patchbay.config.Configuration;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.linux.socket.CniSocketException;
import dev.patchbay.linux.socket.PendingDels;
import dev.patchbay.store.Journal;
import dev.patchbay.store.StoreException;
import io.avaje.json.JsonException;
import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the files of a node say, whether its daemon runs or not. Read only.
 */
public final class NodeFiles {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long LARGEST_CONFLIST = 1024 * 1024;

  private final Configuration configuration;
  private final LedgerReading ledger;

  private NodeFiles(Configuration configuration, LedgerReading ledger) {
    this.configuration = configuration;
    this.ledger = ledger;
  }

  /**
   * Reads the ledger; the rest is read when it is asked for.
   *
   * @param configuration says where everything is
   * @return the files
   */
  public static NodeFiles read(Configuration configuration) {
    return new NodeFiles(configuration, LedgerReading.of(configuration.state()));
  }

  /** The CNI configuration's file. */
  public enum Conflist {
    /** There is none. */
    NONE,
    /** It is ours. */
    OURS,
    /** It is there, and names no plugin of ours. */
    FOREIGN
  }

  /**
   * {@return whether the CNI configuration is there, and ours}
   * @param file its place
   */
  public static Conflist conflist(Path file) {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Conflist.NONE;
    }
    try {
      // A pipe would never end.
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_CONFLIST) {
        return Conflist.FOREIGN;
      }
      Object plugins = JSON.fromJsonObject(Files.readString(file)).get("plugins");
      boolean ours = plugins instanceof List<?> list
          && list.stream().anyMatch(p -> p instanceof Map<?, ?> plugin && "patchbay-cni".equals(plugin.get("type")));
      return ours ? Conflist.OURS : Conflist.FOREIGN;
    } catch (IOException | JsonException | IllegalStateException e) {
      return Conflist.FOREIGN;
    }
  }

  /**
   * {@return what is to be said of the CNI configuration, a sentence without its end}
   */
  public String conflistWords() {
    Path file = configuration.cni().confFile();
    return switch (conflist(file)) {
      case OURS -> file + " is there, so the container runtime sends pods here";
      case NONE -> file + " is not there, so the container runtime sends no pods here";
      case FOREIGN -> file + " is there, and is not Patchbay's";
    };
  }

  /**
   * {@return whether a daemon has the ledger}
   */
  public boolean inUse() {
    try {
      return Journal.inUse(LedgerReading.run(configuration.state())) || Journal.inUse(LedgerReading.lib(configuration.state()));
    } catch (StoreException e) {
      return false;
    }
  }

  /**
   * {@return the ledger}
   */
  public LedgerReading ledger() {
    return ledger;
  }

  /**
   * {@return the attachments that are live, and for which no DEL waits}
   */
  public List<AttachmentRecord> attached() {
    List<PendingDels.Note> notes = notes();
    return ledger.ledger().attachments().stream().filter(a -> a.state() == AttachmentRecord.State.LIVE)
        .filter(a -> notes.stream().noneMatch(n -> isOf(n, a))).toList();
  }

  /** A container's id may be used again: a note before the attachment was made is of another. */
  private static boolean isOf(PendingDels.Note note, AttachmentRecord attachment) {
    return note.request().containerId().equals(Optional.of(attachment.key().containerId()))
        && note.request().interfaceName().equals(Optional.of(attachment.key().interfaceName()))
        && note.time().includes(attachment);
  }

  /**
   * {@return the notes of DELs that wait for a daemon}
   */
  public List<PendingDels.Note> notes() {
    try {
      return PendingDels.besideSocket(configuration.cni().socket()).collect().stream()
          .flatMap(f -> f instanceof PendingDels.Note note ? java.util.stream.Stream.of(note) : java.util.stream.Stream.empty()).toList();
    } catch (CniSocketException e) {
      return List.of();
    }
  }

  /**
   * {@return the interfaces that Patchbay made and has not given back, with their lanes}
   */
  public Map<String, String> made() {
    Map<String, String> made = new LinkedHashMap<>();
    for (Entry entry : ledger.ledger().snapshot(Entry.Part.LIB, 0)) {
      if (entry instanceof Entry.EniMade m) {
        made.put(m.eniId(), m.lane());
      }
    }
    return made;
  }

  /**
   * {@return the addresses and prefixes that Patchbay put on interfaces that it did not make, by interface}
   */
  public Map<String, List<String>> assigned() {
    Map<String, List<String>> assigned = new LinkedHashMap<>();
    Map<String, String> made = made();
    for (Entry entry : ledger.ledger().snapshot(Entry.Part.LIB, 0)) {
      if (entry instanceof Entry.UnitsMade m && !made.containsKey(m.eniId())) {
        assigned.put(m.eniId(), m.units().stream().map(c -> c.length() == c.family().bits() ? c.address().toString() : c.toString()).toList());
      }
    }
    return assigned;
  }

  /**
   * {@return the same for tools; names are stable}
   */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("conflist", configuration.cni().confFile().toString());
    json.put("conflistState", conflist(configuration.cni().confFile()).name().toLowerCase(java.util.Locale.ROOT));
    json.put("ledgerInUse", inUse());
    List<Object> attached = new ArrayList<>();
    for (AttachmentRecord a : attached()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("attachment", a.key().toString());
      one.put("namespace", a.podNamespace());
      one.put("name", a.podName());
      one.put("addresses", a.addresses().stream().map(HeldAddress::address).map(Object::toString).toList());
      attached.add(one);
    }
    json.put("attachments", attached);
    json.put("pendingDels", notes().size());
    json.put("made", made());
    json.put("assigned", assigned());
    json.put("problems", ledger.problems());
    return json;
  }
}
