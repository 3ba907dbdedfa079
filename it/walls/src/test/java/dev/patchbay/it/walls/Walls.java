package dev.patchbay.it.walls;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import dev.patchbay.it.walls.BuiltModule.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The walls, one by one. */
final class Walls {
  private static final String SPI = "dev.patchbay.spi";
  private static final String CORE = "dev.patchbay.core";

  /** Modules that know the JDK alone: neither pods nor modes, so not even the SPI. */
  private static final Set<String> KNOWS_THE_JDK_ALONE = Set.of("netlink", "store", "wire");

  /** Libraries, by the beginning of their packages' names, and the modules of the runtime behind which they stay. */
  private static final Map<String, Set<String>> LIBRARIES = Map.of(
      "software.amazon.", Set.of("aws"),
      "io.fabric8.", Set.of("kube"),
      "io.prometheus.", Set.of("metrics"),
      "io.avaje.", Set.of("cli", "controller", "node"),
      "org.bouncycastle.", Set.of("admission"),
      "org.slf4j", Set.of("admission", "controller", "kube", "node"),
      "ch.qos.logback", Set.of("node"),
      "org.snakeyaml.", Set.of("config", "cli", "kube"),
      "picocli", Set.of("cli"));

  /** Classes of the JDK that core may not touch; those of java.lang and java.util are named one by one. */
  private static final List<String> WORLD = List.of(
      "java.awt.", "java.beans.", "java.io.Console", "java.io.File", "java.io.RandomAccessFile", "java.lang.Process",
      "java.lang.ref.Cleaner", "java.lang.foreign.", "java.lang.invoke.MethodHandles", "java.lang.reflect.",
      "java.net.", "java.nio.channels.", "java.nio.file.", "java.rmi.", "java.sql.", "java.util.ServiceLoader", "java.util.logging.", "javax.", "jdk.");

  /** Of those, what are values that core passes on. */
  private static final Set<String> VALUES = Set.of("java.net.URI", "java.nio.file.Path");

  private static final List<String> CLOCKS = List.of("java.time.Clock", "java.time.InstantSource", "java.util.Timer");
  private static final List<String> THREADS = List.of("java.lang.Thread", "java.lang.ThreadLocal", "java.util.concurrent.");
  private static final List<String> RANDOM =
      List.of("java.util.Random", "java.util.random.", "java.security.SecureRandom");

  /** Methods of classes that core may use for other things. */
  private static final Set<String> CALLS = Set.of(
      "java.lang.Math.random", "java.lang.Object.notify", "java.lang.Object.notifyAll", "java.lang.Object.wait",
      "java.lang.Runtime.getRuntime", "java.lang.System.currentTimeMillis", "java.lang.System.exit", "java.lang.System.getProperty",
      "java.lang.System.getenv", "java.lang.System.identityHashCode", "java.lang.System.nanoTime", "java.lang.System.getLogger", "java.net.URI.toURL", "java.nio.file.Path.register",
      "java.nio.file.Path.toAbsolutePath", "java.nio.file.Path.toFile", "java.nio.file.Path.toRealPath",
      "java.time.Instant.now", "java.time.LocalDate.now", "java.time.LocalDateTime.now", "java.time.OffsetDateTime.now",
      "java.time.ZonedDateTime.now", "java.time.ZoneId.systemDefault", "java.util.Collection.parallelStream",
      "java.util.Collections.shuffle", "java.util.Date.<init>", "java.util.UUID.randomUUID", "java.util.stream.BaseStream.parallel");

  private static final Set<String> GENERIC =
      Set.of("java.lang.Error", "java.lang.Exception", "java.lang.RuntimeException", "java.lang.Throwable");

  private static final Set<String> STREAMS = Set.of("java.lang.System.out", "java.lang.System.err", "java.lang.System.in",
      "java.lang.System.console", "java.lang.Throwable.printStackTrace");

  private final Checkout checkout;

  Walls(Checkout checkout) {
    this.checkout = checkout;
  }

  List<Wall> all() {
    return List.of(
        Wall.of("a mode knows the JDK, the SPI and itself", type -> is(type, Kind.MODE), 5,
            Conditions.dependOnlyOn("the JDK, the SPI and itself",
                (type, target) -> isJdk(target) || isAnnotation(target) || isIn(target, SPI) || ofOneModule(type, target))),

        Wall.of("the runtime and the API know no mode", type -> is(type, Kind.RUNTIME) || is(type, Kind.API), 500,
            Conditions.dependOnNo("mode", target -> is(target, Kind.MODE))),

        Wall.of("nothing outside it/ knows the lab or the tests on it", type -> isOurs(type) && !is(type, Kind.IT), 500,
            Conditions.dependOnNo("class of it/", target -> is(target, Kind.IT))),

        Wall.of("netlink, store and wire know the JDK alone", type -> KNOWS_THE_JDK_ALONE.contains(shortName(type)), 100,
            Conditions.dependOnlyOn("the JDK", (type, target) -> isJdk(target) || isAnnotation(target) || ofOneModule(type, target))),

        Wall.of("the API and core know no library", type -> isIn(type, SPI) || isCore(type), 200,
            Conditions.dependOnlyOn("java.base, the SPI and annotations", (type, target) ->
                isJdk(target) || isAnnotation(target) || isIn(target, SPI) || isIn(type, CORE) && isIn(target, CORE)
                    || isCore(type) && !isIn(type, CORE) && isCore(target))),

        Wall.of("core does no I/O", Walls::isCore, 80, Conditions.dependOnNo("I/O", target -> isOf(target, WORLD) && !VALUES.contains(target.getName()))),
        Wall.of("core has no clock", Walls::isCore, 80, Conditions.dependOnNo("clock", target -> isOf(target, CLOCKS))),
        Wall.of("core has no threads", Walls::isCore, 80, Conditions.dependOnNo("thread", target -> isOf(target, THREADS))),
        Wall.of("core has no randomness", Walls::isCore, 80,
            Conditions.dependOnNo("source of randomness", target -> isOf(target, RANDOM))),
        Wall.of("core asks the machine nothing by the way", Walls::isCore, 80,
            Conditions.accessNo("clock, source of randomness, thread or property of the process by a method",
                access -> CALLS.contains(method(access)) || isUnseeded(access))),

        Wall.of("a library of the runtime stays behind its module", type -> is(type, Kind.RUNTIME), 300,
            Conditions.dependOnlyOn("libraries that are its own business", (type, target) -> LIBRARIES.entrySet().stream()
                .noneMatch(library -> target.getName().startsWith(library.getKey()) && !library.getValue().contains(shortName(type))))),

        Wall.of("native access is for netlink and linux", type -> isOurs(type) && !Set.of("netlink", "linux").contains(shortName(type)), 700,
            Conditions.dependOnNo("class of java.lang.foreign", target -> isOf(target, List.of("java.lang.foreign.", "sun.misc.Unsafe")))),
        Wall.of("nothing loads a native library", this::isOurs, 700, Conditions.accessNo("loader of native libraries",
            access -> Set.of("java.lang.System.load", "java.lang.System.loadLibrary", "java.lang.Runtime.load").contains(method(access)))),

        Wall.of("standard streams are the command's", type -> isOurs(type) && !shortName(type).equals("cli"), 700,
            Conditions.accessNo("standard stream", access -> STREAMS.contains(method(access))))
            .exempt("dev.patchbay.launch.Launcher", "why nothing was started is told to whoever started it; there is no log yet")
            .exempt("dev.patchbay.node.NodeProgram", "so is a configuration that can't be used, since it says how to log")
            .exempt("dev.patchbay.controller.ClusterProgram", "so is the controller's")
            .exempt("dev.patchbay.lab.command.ServeCommand", "the process that keeps a lab talks to its parent by them")
            .exempt("dev.patchbay.lab.control.ControlServer", "its standard error is the lab's log"),

        Wall.of("nobody throws what says nothing", this::isOurs, 700, Conditions.accessNo("constructor of Exception and its like",
            access -> GENERIC.contains(access.getTargetOwner().getName()) && access.getName().equals("<init>")
                && !access.getOriginOwner().isAssignableTo(access.getTargetOwner().getName()))),

        Wall.of("nobody logs by java.util.logging", this::isOurs, 700,
            Conditions.dependOnNo("class of java.util.logging", target -> isOf(target, List.of("java.util.logging.")))),

        Wall.of("null is nothing: every package is @NullMarked", this::isOurs, 700,
            Conditions.have("@NullMarked for its package", type -> isMarked(type, "org.jspecify.annotations.NullMarked"))),

        Wall.of("what the SPI shows says how stable it is", type -> isIn(type, SPI) && isShown(type), 70,
            Conditions.have("@API", type -> type.isAnnotatedWith("org.apiguardian.api.API"))),
        Wall.of("what can be implemented says by whom", type -> isIn(type, SPI) && isShown(type) && type.isInterface()
                && !type.isAnnotation() && !isSealed(type), 20,
            Conditions.have("exactly one of @ImplementedByMode and @ImplementedByRuntime", type ->
                type.isAnnotatedWith(SPI + ".ImplementedByMode") != type.isAnnotatedWith(SPI + ".ImplementedByRuntime"))));
  }

  private boolean isOurs(JavaClass type) {
    return !type.getName().equals("module-info") && checkout.moduleOf(type).isPresent();
  }

  private boolean is(JavaClass type, Kind kind) {
    return checkout.is(type, kind);
  }

  private boolean ofOneModule(JavaClass one, JavaClass other) {
    return checkout.moduleOf(one).equals(checkout.moduleOf(other));
  }

  /** The last part of the name of its module of the runtime; something that no such module is called, if it has none. */
  private String shortName(JavaClass type) {
    return checkout.moduleOf(type).filter(m -> m.kind() == Kind.RUNTIME)
        .map(m -> m.name().substring(m.name().lastIndexOf('.') + 1)).orElse("-");
  }

  /** The decisions of both sides. */
  private static boolean isCore(JavaClass type) {
    return isIn(type, CORE) || isIn(type, "dev.patchbay.cluster");
  }

  private static boolean isIn(JavaClass type, String module) {
    return type.getPackageName().equals(module) || type.getPackageName().startsWith(module + ".");
  }

  private static boolean isJdk(JavaClass type) {
    return type.getPackageName().startsWith("java.");
  }

  private static boolean isAnnotation(JavaClass type) {
    return isIn(type, "org.jspecify.annotations") || isIn(type, "org.apiguardian.api");
  }

  /** Whether a name begins like one of these and goes on with nothing, or with a nested class, or below a package. */
  private static boolean isOf(JavaClass type, List<String> beginnings) {
    return beginnings.stream().anyMatch(beginning -> type.getName().startsWith(beginning));
  }

  private static String method(JavaAccess<?> access) {
    return access.getTargetOwner().getName() + "." + access.getName();
  }

  private static boolean isUnseeded(JavaAccess<?> access) {
    return access instanceof JavaCall<?> call && method(access).equals("java.util.SplittableRandom.<init>")
        && call.getTarget().getRawParameterTypes().isEmpty();
  }

  private static boolean isMarked(JavaClass type, String annotation) {
    return type.getPackage().isAnnotatedWith(annotation);
  }

  private static boolean isShown(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(Walls::isShown).orElse(true);
  }

  private static boolean isSealed(JavaClass type) {
    URI file = type.getSource().orElseThrow().getUri();
    try (InputStream in = file.toURL().openStream()) {
      return ClassFile.of().parse(in.readAllBytes()).findAttribute(Attributes.permittedSubclasses()).isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
