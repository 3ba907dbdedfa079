package dev.patchbay.launch.scan;

import static dev.patchbay.launch.Reach.CLOCK;
import static dev.patchbay.launch.Reach.ENVIRONMENT;
import static dev.patchbay.launch.Reach.INPUT_OUTPUT;
import static dev.patchbay.launch.Reach.NATIVE;
import static dev.patchbay.launch.Reach.OTHER;
import static dev.patchbay.launch.Reach.PROCESSES;
import static dev.patchbay.launch.Reach.RANDOMNESS;
import static dev.patchbay.launch.Reach.REFLECTION;
import static dev.patchbay.launch.Reach.THREADS;

import dev.patchbay.launch.Reach;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a mode may use of the JDK. A package that is not listed is not allowed, so nothing new of a later JDK slips through;
 * in the listed ones, the exceptions are by class and method. Names are internal ones, with slashes.
 *
 * <p>Reflection is refused whole ({@code Class.forName}, {@code java.lang.reflect}, method handles, class loaders,
 * {@code ServiceLoader}), since anything could be reached by it; what compilers emit for lambdas, records, switches and
 * text concatenation is allowed, and what these refer to is checked like a call. Reading the module's own resources by
 * {@code Class.getResourceAsStream} is allowed: they are part of the module.
 */
final class Rules {
  /** Packages in which all is allowed that no rule below takes out. */
  private static final Set<String> ALLOWED = Set.of("java/lang", "java/lang/annotation", "java/lang/constant",
      "java/lang/runtime", "java/math", "java/nio", "java/nio/charset", "java/text", "java/time", "java/time/chrono",
      "java/time/format", "java/time/temporal", "java/time/zone", "java/util", "java/util/concurrent/atomic",
      "java/util/function", "java/util/regex", "java/util/stream", "java/util/zip");

  /** What the packages reach in which nothing, or only a few classes, are allowed: the longest beginning counts. */
  private static final TreeMap<String, Reach> REFUSED = new TreeMap<>(Map.ofEntries(
      Map.entry("com/sun/net/", INPUT_OUTPUT),
      Map.entry("java/awt/", INPUT_OUTPUT),
      Map.entry("java/io/", INPUT_OUTPUT),
      Map.entry("java/lang/classfile/", REFLECTION),
      Map.entry("java/lang/foreign/", NATIVE),
      Map.entry("java/lang/instrument/", REFLECTION),
      Map.entry("java/lang/invoke/", REFLECTION),
      Map.entry("java/lang/management/", ENVIRONMENT),
      Map.entry("java/lang/module/", REFLECTION),
      Map.entry("java/lang/ref/", THREADS),
      Map.entry("java/lang/reflect/", REFLECTION),
      Map.entry("java/net/", INPUT_OUTPUT),
      Map.entry("java/nio/channels/", INPUT_OUTPUT),
      Map.entry("java/nio/file/", INPUT_OUTPUT),
      Map.entry("java/rmi/", INPUT_OUTPUT),
      Map.entry("java/sql/", INPUT_OUTPUT),
      Map.entry("java/util/concurrent/", THREADS),
      Map.entry("java/util/jar/", INPUT_OUTPUT),
      Map.entry("java/util/logging/", INPUT_OUTPUT),
      Map.entry("java/util/prefs/", INPUT_OUTPUT),
      Map.entry("java/util/random/", RANDOMNESS),
      Map.entry("javax/imageio/", INPUT_OUTPUT),
      Map.entry("javax/management/", ENVIRONMENT),
      Map.entry("javax/naming/", INPUT_OUTPUT),
      Map.entry("javax/net/", INPUT_OUTPUT),
      Map.entry("javax/print/", INPUT_OUTPUT),
      Map.entry("javax/script/", REFLECTION),
      Map.entry("javax/sound/", INPUT_OUTPUT),
      Map.entry("javax/sql/", INPUT_OUTPUT),
      Map.entry("javax/swing/", INPUT_OUTPUT),
      Map.entry("jdk/internal/", NATIVE),
      Map.entry("sun/", NATIVE)));

  /** Classes that are allowed whole in packages that are not. */
  private static final Set<String> ALLOWED_CLASSES = Set.of(
      "java/io/BufferedReader", "java/io/BufferedWriter", "java/io/ByteArrayInputStream", "java/io/ByteArrayOutputStream",
      "java/io/CharArrayReader", "java/io/CharArrayWriter", "java/io/DataInput", "java/io/DataInputStream",
      "java/io/DataOutput", "java/io/DataOutputStream", "java/io/EOFException", "java/io/FilterInputStream",
      "java/io/FilterOutputStream", "java/io/IOException", "java/io/InputStream", "java/io/InputStreamReader",
      "java/io/LineNumberReader", "java/io/ObjectStreamException", "java/io/OutputStream", "java/io/OutputStreamWriter",
      "java/io/PushbackReader", "java/io/Reader", "java/io/Serializable", "java/io/StringReader", "java/io/StringWriter",
      "java/io/UncheckedIOException", "java/io/Writer",
      "java/lang/invoke/SerializedLambda", "java/lang/reflect/Array",
      "java/net/MalformedURLException", "java/net/URI", "java/net/URISyntaxException", "java/net/URLDecoder",
      "java/net/URLEncoder", "java/net/UnknownHostException",
      "java/nio/file/InvalidPathException", "java/nio/file/Paths",
      "java/security/DigestException", "java/security/GeneralSecurityException", "java/security/MessageDigest",
      "java/security/NoSuchAlgorithmException",
      "java/util/concurrent/Callable", "java/util/concurrent/ConcurrentHashMap", "java/util/concurrent/ConcurrentLinkedDeque",
      "java/util/concurrent/ConcurrentLinkedQueue", "java/util/concurrent/ConcurrentMap",
      "java/util/concurrent/ConcurrentNavigableMap", "java/util/concurrent/ConcurrentSkipListMap",
      "java/util/concurrent/ConcurrentSkipListSet", "java/util/concurrent/CopyOnWriteArrayList",
      "java/util/concurrent/CopyOnWriteArraySet");

  /** What {@link Class} may be asked; nothing of it finds members or loads classes. */
  private static final Set<String> CLASS_QUERIES = Set.of("arrayType", "asSubclass", "cast", "componentType",
      "desiredAssertionStatus", "describeConstable", "descriptorString", "equals", "getCanonicalName", "getComponentType",
      "getEnumConstants", "getName", "getPackageName", "getResourceAsStream", "getSimpleName", "getSuperclass", "getTypeName",
      "hashCode", "isArray", "isAssignableFrom", "isEnum", "isInstance", "isInterface", "isPrimitive", "isRecord", "isSealed",
      "toString");

  private static final Set<String> ADDRESS_QUERIES = Set.of("equals", "getAddress", "getByAddress", "getHostAddress",
      "hashCode", "isAnyLocalAddress", "isIPv4CompatibleAddress", "isLinkLocalAddress", "isLoopbackAddress",
      "isMulticastAddress", "isSiteLocalAddress", "ofLiteral");

  /** The bootstraps that javac uses (JLS, JDK 25): lambdas, text concatenation, records, switches, enum constants. */
  private static final Set<String> BOOTSTRAPS = Set.of("java/lang/invoke/LambdaMetafactory",
      "java/lang/invoke/StringConcatFactory", "java/lang/invoke/ConstantBootstraps", "java/lang/runtime/ObjectMethods",
      "java/lang/runtime/SwitchBootstraps");

  private final Set<String> jdkPackages;

  Rules(Set<String> jdkPackages) {
    this.jdkPackages = jdkPackages;
  }

  boolean isCompilersBootstrap(String owner) {
    return BOOTSTRAPS.contains(owner);
  }

  /** What a call or access reaches; empty if it is allowed. */
  Optional<Reach> reach(String owner, String name, String descriptor) {
    return Optional.ofNullable(reachOrNothing(owner, name, descriptor));
  }

  private @Nullable Reach reachOrNothing(String owner, String name, String descriptor) {
    // These are inherited, so the class that the compiler names may be the mode's own.
    if (name.equals("printStackTrace") && descriptor.equals("()V")) {
      return INPUT_OUTPUT;
    }
    if (name.equals("parallelStream") && descriptor.equals("()Ljava/util/stream/Stream;")) {
      return THREADS;
    }
    int slash = owner.lastIndexOf('/');
    String folder = slash < 0 ? "" : owner.substring(0, slash);
    if (owner.startsWith("[") || !jdkPackages.contains(folder)) {
      return null;
    }
    String topLevel = owner.indexOf('$', slash) < 0 ? owner : owner.substring(0, owner.indexOf('$', slash));
    if (ALLOWED_CLASSES.contains(topLevel)) {
      return null;
    }
    return switch (folder) {
      case "java/lang" -> javaLang(topLevel, name);
      case "java/util" -> javaUtil(topLevel, name, descriptor);
      case "java/time", "java/time/chrono" -> javaTime(topLevel, name);
      case "java/util/stream" -> name.equals("parallel") || name.equals("mapConcurrent") ? THREADS : null;
      case "java/util/zip" -> topLevel.equals("java/util/zip/ZipFile") ? INPUT_OUTPUT : null;
      case "java/nio" -> name.equals("allocateDirect") ? NATIVE : null;
      case "java/io" -> javaIo(topLevel, name, descriptor);
      case "java/net" -> topLevel.matches("java/net/Inet[46]?Address") && ADDRESS_QUERIES.contains(name) ? null : INPUT_OUTPUT;
      case "java/nio/file" -> topLevel.equals("java/nio/file/Path") && !Set.of("toRealPath", "register").contains(name) ? null
          : INPUT_OUTPUT;
      case "java/security" -> topLevel.startsWith("java/security/SecureRandom") ? RANDOMNESS : OTHER;
      case "java/util/concurrent" -> javaUtilConcurrent(topLevel, name);
      default -> ALLOWED.contains(folder) ? null : refused(owner);
    };
  }

  private static Reach refused(String owner) {
    for (Map.Entry<String, Reach> entry : REFUSED.descendingMap().entrySet()) {
      if (owner.startsWith(entry.getKey())) {
        return entry.getValue();
      }
    }
    return OTHER;
  }

  private static @Nullable Reach javaLang(String owner, String name) {
    String simple = owner.substring("java/lang/".length());
    return switch (simple) {
      case "System" -> system(name);
      case "Runtime" -> switch (name) {
        case "exec", "exit", "halt", "addShutdownHook", "removeShutdownHook" -> PROCESSES;
        case "load", "loadLibrary" -> NATIVE;
        default -> ENVIRONMENT;
      };
      case "Thread", "ThreadGroup", "ThreadLocal", "InheritableThreadLocal", "ScopedValue" -> THREADS;
      case "Process", "ProcessBuilder", "ProcessHandle" -> PROCESSES;
      case "ClassLoader", "ClassValue", "Module", "ModuleLayer", "Package", "StackWalker" -> REFLECTION;
      case "IO" -> INPUT_OUTPUT;
      case "Math", "StrictMath" -> name.equals("random") ? RANDOMNESS : null;
      case "Object" -> Set.of("wait", "notify", "notifyAll").contains(name) ? THREADS : null;
      case "Boolean" -> name.equals("getBoolean") ? ENVIRONMENT : null;
      case "Integer" -> name.equals("getInteger") ? ENVIRONMENT : null;
      case "Long" -> name.equals("getLong") ? ENVIRONMENT : null;
      case "Class" -> CLASS_QUERIES.contains(name) ? null : REFLECTION;
      default -> null;
    };
  }

  private static @Nullable Reach system(String name) {
    return switch (name) {
      case "arraycopy", "lineSeparator" -> null;
      case "currentTimeMillis", "nanoTime" -> CLOCK;
      case "identityHashCode" -> RANDOMNESS;
      case "exit" -> PROCESSES;
      case "load", "loadLibrary", "mapLibraryName" -> NATIVE;
      case "in", "out", "err", "setIn", "setOut", "setErr", "console", "inheritedChannel", "getLogger", "log", "isLoggable" ->
          INPUT_OUTPUT;
      case "getenv", "getProperty", "getProperties", "setProperty", "setProperties", "clearProperty" -> ENVIRONMENT;
      // Further names are those of System.Logger, and what the class may get.
      default -> OTHER;
    };
  }

  private static @Nullable Reach javaUtil(String owner, String name, String descriptor) {
    String simple = owner.substring("java/util/".length());
    return switch (simple) {
      case "Random", "SplittableRandom" -> RANDOMNESS;
      case "UUID" -> name.equals("randomUUID") ? RANDOMNESS : null;
      case "Collections" -> name.equals("shuffle") ? RANDOMNESS : null;
      case "Arrays" -> name.startsWith("parallel") ? THREADS : null;
      case "Timer", "TimerTask" -> THREADS;
      case "ServiceLoader", "ResourceBundle" -> REFLECTION;
      case "Date" -> name.equals("<init>") && descriptor.equals("()V") ? CLOCK : null;
      case "Calendar" -> name.equals("getInstance") ? CLOCK : null;
      case "GregorianCalendar" -> name.equals("<init>") && !descriptor.startsWith("(III") ? CLOCK : null;
      case "TimeZone", "Locale" -> name.equals("getDefault") || name.equals("setDefault") ? ENVIRONMENT : null;
      case "Formatter" -> name.equals("<init>")
          && (descriptor.startsWith("(Ljava/lang/String;") || descriptor.startsWith("(Ljava/io/File;")) ? INPUT_OUTPUT : null;
      case "Scanner" -> name.equals("<init>")
          && (descriptor.contains("Ljava/io/File;") || descriptor.contains("Ljava/nio/")) ? INPUT_OUTPUT : null;
      default -> null;
    };
  }

  private static @Nullable Reach javaTime(String owner, String name) {
    return switch (name) {
      case "now", "dateNow" -> CLOCK;
      case "systemDefault" -> ENVIRONMENT;
      case "system", "systemUTC", "systemDefaultZone", "tick", "tickMillis", "tickSeconds", "tickMinutes" ->
          owner.equals("java/time/Clock") || owner.equals("java/time/InstantSource") ? CLOCK : null;
      default -> null;
    };
  }

  private static @Nullable Reach javaIo(String owner, String name, String descriptor) {
    return switch (owner) {
      // Printers over a writer in memory are fine; those that open a file are not.
      case "java/io/PrintStream", "java/io/PrintWriter" -> name.equals("<init>")
          && (descriptor.startsWith("(Ljava/lang/String;") || descriptor.startsWith("(Ljava/io/File;")) ? INPUT_OUTPUT : null;
      case "java/io/ObjectInputStream", "java/io/ObjectOutputStream" -> REFLECTION;
      default -> INPUT_OUTPUT;
    };
  }

  private static @Nullable Reach javaUtilConcurrent(String owner, String name) {
    return switch (owner) {
      case "java/util/concurrent/ThreadLocalRandom" -> RANDOMNESS;
      case "java/util/concurrent/TimeUnit" -> Set.of("sleep", "timedJoin", "timedWait").contains(name) ? THREADS : null;
      default -> THREADS;
    };
  }
}
