package dev.patchbay.it.e2e.vendor;

import dev.patchbay.it.e2e.Installed;
import dev.patchbay.it.e2e.VendorJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Modes that do what no mode may. Each claims the pods whose label {@code hostile} has its name, and does its deed for those of them that
 * have no label {@code deed}; some do theirs wherever they are asked.
 */
final class HostileModes {
  /** Where in the mode a deed is done. */
  enum Place {
    STATIC, CONSTRUCTOR, DESCRIPTOR, CREATE, CLAIM, ADDRESSES, PATH, LANES, NODE, OBJECTS
  }

  /**
   * What a mode does.
   *
   * @param place where
   * @param code the statements
   * @param words what is said of it, or a part
   */
  record Deed(Place place, String code, String words) {}

  private HostileModes() {}

  /** Those that a planner does when the node runs, by name. */
  static Map<String, Deed> planners() {
    Map<String, Deed> deeds = new LinkedHashMap<>();
    deeds.put("claim-throws", new Deed(Place.CLAIM, "throw new IllegalStateException(\"I claim nothing\");",
        "threw java.lang.IllegalStateException: I claim nothing"));
    deeds.put("claim-null", new Deed(Place.CLAIM, "return null;", "answered null"));
    deeds.put("claim-other", new Deed(Place.CLAIM, "return Answer.of(Set.of(AddressFamily.IPV6));", "claimed the families [IPV6]"));
    deeds.put("claim-none", new Deed(Place.CLAIM, "return Answer.of(Set.of());", "claimed the families []"));
    deeds.put("claim-error", new Deed(Place.CLAIM, "throw new Error(\"no words for it\");", "threw java.lang.Error: no words for it"));
    deeds.put("addresses-null", new Deed(Place.ADDRESSES, "return null;", "answered null"));
    deeds.put("addresses-deep", new Deed(Place.ADDRESSES, "return addresses(attachment);", "threw java.lang.StackOverflowError"));
    deeds.put("addresses-many", new Deed(Place.ADDRESSES,
        "return Answer.of(Collections.nCopies(100_000, AddressRequest.fromChosenLane(AddressFamily.IPV4)));", "asked for 100000 addresses"));
    deeds.put("addresses-odd", new Deed(Place.ADDRESSES, "return Answer.of(List.of(AddressRequest.of(Fields.empty())));",
        "asked for an address in a way that can't be understood"));
    deeds.put("path-null", new Deed(Place.PATH, "return null;", "answered null"));
    deeds.put("path-view", new Deed(Place.PATH, "attachment.addresses().clear();", "threw java.lang.UnsupportedOperationException"));
    deeds.put("path-link", new Deed(Place.PATH, "throw new NoClassDefFoundError(\"gone\");", "threw java.lang.NoClassDefFoundError: gone"));
    deeds.put("path-large", new Deed(Place.PATH, "List<PlanElement> all = new ArrayList<>();\n"
        + "for (int i = 0; i < 50_000; i++) { all.add(Delivery.of(IpAddress.of(\"10.9.0.0\").plus(i), Device.named(\"eth\" + i))); }\n"
        + "return Answer.of(DatapathPlan.of(all));", "planned 50000 elements"));
    deeds.put("path-memory", new Deed(Place.PATH, "List<long[]> all = new ArrayList<>();\nwhile (true) { all.add(new long[1 << 20]); }",
        "threw java.lang.OutOfMemoryError"));
    // It comes to an end some time, so that the machine has its processor back.
    deeds.put("path-endless", new Deed(Place.PATH, "for (long i = 0; i < 8_000_000_000L; i++) { turns += i ^ turns; }",
        "gave no answer within 2000 ms"));
    deeds.put("lanes-throws", new Deed(Place.LANES, "throw new IllegalArgumentException(\"no lanes\");",
        "threw java.lang.IllegalArgumentException: no lanes"));
    deeds.put("node-null", new Deed(Place.NODE, "return null;", "answered null"));
    deeds.put("objects-throws", new Deed(Place.OBJECTS, "throw new AssertionError(\"no objects\");",
        "threw java.lang.AssertionError: no objects"));
    return deeds;
  }

  /** Those for which a file is refused, by name; the words are the code and a part of the cause. */
  static Map<String, Deed> files() {
    Map<String, Deed> deeds = new LinkedHashMap<>();
    deeds.put("throws-at-first", new Deed(Place.STATIC, "if (true) throw new IllegalStateException(\"not today\");",
        "138 ModuleBroken]: the provider of its module com.example.throwsatfirst threw java.lang.IllegalStateException: not today when it was made."));
    deeds.put("throws-when-made", new Deed(Place.CONSTRUCTOR, "throw new Error(\"never\");", "138 ModuleBroken]: "));
    deeds.put("says-nothing", new Deed(Place.DESCRIPTOR, "return null;",
        "138 ModuleBroken]: the provider of its module com.example.saysnothing returned null when it was asked for its descriptor."));
    deeds.put("is-nothing", new Deed(Place.CREATE, "return null;", "138 ModuleBroken]: it threw java.lang.NullPointerException"));
    deeds.put("throws-settings", new Deed(Place.CREATE, "throw new IllegalStateException(\"no settings\");",
        "138 ModuleBroken]: it threw java.lang.IllegalStateException: no settings when it is made with the defaults of its settings."));
    deeds.put("exits", new Deed(Place.PATH, "System.exit(3);", "136 ModuleImpure]: its module com.example.exits does what a mode must not do"));
    deeds.put("halts", new Deed(Place.PATH, "Runtime.getRuntime().halt(3);", "calls java.lang.Runtime.halt (processes)"));
    deeds.put("runs-programs", new Deed(Place.PATH,
        "try { new ProcessBuilder(\"true\").start(); } catch (java.io.IOException e) { return null; }",
        "calls new java.lang.ProcessBuilder (processes)"));
    deeds.put("reads-files", new Deed(Place.PATH,
        "try { java.nio.file.Files.readString(java.nio.file.Path.of(\"/etc/shadow\")); } catch (java.io.IOException e) { return null; }",
        "calls java.nio.file.Files.readString (input and output)"));
    deeds.put("opens-sockets", new Deed(Place.PATH, "try { new java.net.Socket(\"10.0.0.1\", 1); } catch (java.io.IOException e) { return null; }",
        "calls new java.net.Socket (input and output)"));
    deeds.put("starts-threads", new Deed(Place.PATH, "new Thread(() -> {}).start();", "calls new java.lang.Thread (threads)"));
    deeds.put("reflects", new Deed(Place.PATH, "try { Class.forName(\"dev.patchbay.core.brain.Brain\"); } catch (ClassNotFoundException e) { return null; }",
        "calls java.lang.Class.forName (reflection)"));
    deeds.put("rolls-dice", new Deed(Place.PATH, "turns = new Random().nextLong();", "calls new java.util.Random (randomness)"));
    deeds.put("loads-code", new Deed(Place.PATH, "System.load(\"/tmp/x.so\");", "calls java.lang.System.load (native access)"));
    return deeds;
  }

  private static String at(Deed deed, Place place, String indent) {
    return deed.place() == place ? indent + deed.code() : "";
  }

  private static String forMine(Deed deed, Place place) {
    return deed.place() == place ? "    if (mine(attachment)) {\n      " + deed.code() + "\n    }\n" : "";
  }

  /** Always, but in a way that a compiler does not look through. */
  private static String always(Deed deed, Place place) {
    return deed.place() == place ? "    if (id().length() > 0) {\n      " + deed.code() + "\n    }\n" : "";
  }

  /** The package and module of a mode. */
  static String module(String name) {
    return "com.example." + name.replace("-", "");
  }

  /** Makes the mode's jar. */
  static Path make(Path folder, String name, Deed deed) throws IOException {
    String source = """
        package %s;

        import dev.patchbay.spi.*;
        import dev.patchbay.spi.datapath.*;
        import dev.patchbay.spi.eni.*;
        import dev.patchbay.spi.ipam.*;
        import dev.patchbay.spi.net.*;
        import dev.patchbay.spi.object.*;
        import dev.patchbay.spi.plans.*;
        import dev.patchbay.spi.view.*;
        import java.util.*;

        public final class Hostile implements NetworkModeProvider, NetworkMode, PodClaim, AddressPlanner, DatapathPlanner {
          static long turns;
          static { %s }
          public Hostile() { %s }
          public String id() { return "%s"; }
          public ModeDescriptor descriptor() {
        %s    return ModeDescriptor.of("Is hostile.").role(Role.claim(Role.WhenUnreadable.PASS, AddressFamily.IPV4)).nodeReads(ObjectKind.POD)
                .needs(Needs.none().withNodeObjects(ObjectKind.POD, "get", "list", "watch")).build();
          }
          public NetworkMode create(ModeContext context) {
        %s    return this;
          }
          public Optional<PodClaim> podClaim() { return Optional.of(this); }
          public Optional<AddressPlanner> addressPlanner() { return Optional.of(this); }
          public Optional<DatapathPlanner> datapathPlanner() { return Optional.of(this); }
          public Optional<ObjectPlanner> objectPlanner() {
            return Optional.of(new ObjectPlanner() {
              public Answer<ObjectPlan> node(NodeView node) {
        %s        return Answer.of(ObjectPlan.empty());
              }
            });
          }
          private boolean named(AttachmentView attachment) {
            return attachment.pod().object().filter(o -> id().equals(o.labels().get("hostile"))).isPresent();
          }
          private boolean mine(AttachmentView attachment) {
            return named(attachment) && !attachment.pod().object().get().labels().containsKey("deed");
          }
          public Answer<Set<AddressFamily>> claim(AttachmentView attachment) {
        %s    return named(attachment) ? Answer.of(Set.of(AddressFamily.IPV4)) : Answer.pass();
          }
          public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
        %s    return Answer.of(AddressPlan.of());
          }
          public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
        %s    return Answer.of(List.of(AddressRequest.fromChosenLane(AddressFamily.IPV4)));
          }
          public Answer<DatapathPlan> node(NodeView node) {
        %s    return Answer.of(DatapathPlan.empty());
          }
          public Answer<DatapathPlan> attachment(AttachmentView attachment) {
        %s    return RoutedPod.attachment(attachment, attachment.addresses());
          }
        }
        """.formatted(module(name), at(deed, Place.STATIC, ""), at(deed, Place.CONSTRUCTOR, ""), name, always(deed, Place.DESCRIPTOR),
        always(deed, Place.CREATE), always(deed, Place.OBJECTS), forMine(deed, Place.CLAIM), always(deed, Place.LANES), forMine(deed, Place.ADDRESSES),
        always(deed, Place.NODE), forMine(deed, Place.PATH));
    return VendorJar.make(Files.createDirectories(folder.resolve(name)), Installed.HOME, module(name), "Hostile", source);
  }
}
