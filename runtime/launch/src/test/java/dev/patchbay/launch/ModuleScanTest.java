package dev.patchbay.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.launch.scan.Breach;
import dev.patchbay.launch.scan.ModuleScan;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scan finds, and what it lets pass. */
class ModuleScanTest {
  @TempDir
  private Path folder;

  private List<Breach> scan(String requires, String... types) throws IOException {
    String[] sources = new String[types.length + 1];
    sources[0] = "module com.example.scanned { " + requires + " }";
    System.arraycopy(types, 0, sources, 1, types.length);
    Path jar = new Jars(folder).module("1", sources);
    return ModuleScan.against(ModuleLayer.boot()).breaches(ModuleFinder.of(jar).find("com.example.scanned").orElseThrow());
  }

  /** One statement each, what the scan calls it, and what it reaches. */
  private static final String PLANTED = """
      System.currentTimeMillis();                                   | calls java.lang.System.currentTimeMillis       | CLOCK
      System.nanoTime();                                            | calls java.lang.System.nanoTime                | CLOCK
      java.time.Instant.now();                                      | calls java.time.Instant.now                    | CLOCK
      java.time.LocalDate.now();                                    | calls java.time.LocalDate.now                  | CLOCK
      java.time.LocalDateTime.now();                                | calls java.time.LocalDateTime.now              | CLOCK
      java.time.Clock.systemUTC();                                  | calls java.time.Clock.systemUTC                | CLOCK
      java.time.InstantSource.system();                             | calls java.time.InstantSource.system           | CLOCK
      java.util.function.LongSupplier s = System::nanoTime;         | calls java.lang.System.nanoTime                | CLOCK
      Runnable r = () -> System.nanoTime();                         | calls java.lang.System.nanoTime                | CLOCK
      new java.util.Date();                                         | calls new java.util.Date                       | CLOCK
      java.util.Calendar.getInstance();                             | calls java.util.Calendar.getInstance           | CLOCK
      Math.random();                                                | calls java.lang.Math.random                    | RANDOMNESS
      new java.util.Random(1);                                      | calls new java.util.Random                     | RANDOMNESS
      new java.util.SplittableRandom(1);                            | calls new java.util.SplittableRandom           | RANDOMNESS
      new java.security.SecureRandom();                             | calls new java.security.SecureRandom           | RANDOMNESS
      java.util.UUID.randomUUID();                                  | calls java.util.UUID.randomUUID                | RANDOMNESS
      java.util.concurrent.ThreadLocalRandom.current();             | calls java.util.concurrent.ThreadLocalRandom.current | RANDOMNESS
      java.util.random.RandomGenerator.getDefault();                | calls java.util.random.RandomGenerator.getDefault | RANDOMNESS
      java.util.Collections.shuffle(new java.util.ArrayList<>());   | calls java.util.Collections.shuffle            | RANDOMNESS
      System.identityHashCode("");                                  | calls java.lang.System.identityHashCode        | RANDOMNESS
      Thread.ofVirtual();                                           | calls java.lang.Thread.ofVirtual               | THREADS
      java.util.function.Function<Runnable, Thread> f = Thread::new; | calls new java.lang.Thread                    | THREADS
      java.util.concurrent.Executors.newCachedThreadPool();         | calls java.util.concurrent.Executors.newCachedThreadPool | THREADS
      java.util.concurrent.CompletableFuture.runAsync(null);        | calls java.util.concurrent.CompletableFuture.runAsync | THREADS
      new java.util.Timer();                                        | calls new java.util.Timer                      | THREADS
      java.util.List.of(1).parallelStream();                        | calls java.util.List.parallelStream            | THREADS
      java.util.stream.Stream.of(1).parallel();                     | calls java.util.stream.Stream.parallel         | THREADS
      java.util.Arrays.parallelSort(new int[0]);                    | calls java.util.Arrays.parallelSort            | THREADS
      "".wait(1);                                                   | calls java.lang.Object.wait                    | THREADS
      java.util.concurrent.TimeUnit.SECONDS.sleep(1);               | calls java.util.concurrent.TimeUnit.sleep      | THREADS
      new java.io.File("x");                                        | calls new java.io.File                         | INPUT_OUTPUT
      new java.io.FileInputStream("x");                             | calls new java.io.FileInputStream              | INPUT_OUTPUT
      new java.io.PrintWriter("x");                                 | calls new java.io.PrintWriter                  | INPUT_OUTPUT
      new java.util.Scanner(java.nio.file.Path.of("x"));            | calls new java.util.Scanner                    | INPUT_OUTPUT
      java.nio.file.Files.exists(null);                             | calls java.nio.file.Files.exists               | INPUT_OUTPUT
      java.nio.channels.SocketChannel.open();                       | calls java.nio.channels.SocketChannel.open     | INPUT_OUTPUT
      new java.net.Socket();                                        | calls new java.net.Socket                      | INPUT_OUTPUT
      java.net.InetAddress.getByName("x");                          | calls java.net.InetAddress.getByName           | INPUT_OUTPUT
      java.net.http.HttpClient.newHttpClient();                     | calls java.net.http.HttpClient.newHttpClient   | INPUT_OUTPUT
      Object o = System.out;                                        | reads java.lang.System.out                     | INPUT_OUTPUT
      new Exception().printStackTrace();                            | calls java.lang.Exception.printStackTrace      | INPUT_OUTPUT
      System.getLogger("x");                                        | calls java.lang.System.getLogger               | INPUT_OUTPUT
      java.util.logging.Logger.getLogger("x");                      | calls java.util.logging.Logger.getLogger       | INPUT_OUTPUT
      IO.println("x");                                              | calls java.lang.IO.println                     | INPUT_OUTPUT
      new ProcessBuilder();                                         | calls new java.lang.ProcessBuilder             | PROCESSES
      Runtime.getRuntime();                                         | calls java.lang.Runtime.getRuntime             | ENVIRONMENT
      System.exit(1);                                               | calls java.lang.System.exit                    | PROCESSES
      ((Runtime) null).halt(1);                                     | calls java.lang.Runtime.halt                   | PROCESSES
      System.getenv("x");                                           | calls java.lang.System.getenv                  | ENVIRONMENT
      System.getProperty("x");                                      | calls java.lang.System.getProperty             | ENVIRONMENT
      Integer.getInteger("x");                                      | calls java.lang.Integer.getInteger             | ENVIRONMENT
      java.util.Locale.getDefault();                                | calls java.util.Locale.getDefault              | ENVIRONMENT
      System.loadLibrary("x");                                      | calls java.lang.System.loadLibrary             | NATIVE
      java.lang.foreign.Linker.nativeLinker();                      | calls java.lang.foreign.Linker.nativeLinker    | NATIVE
      ((sun.misc.Unsafe) null).addressSize();                       | calls sun.misc.Unsafe.addressSize              | NATIVE
      Class.forName("x");                                           | calls java.lang.Class.forName                  | REFLECTION
      "".getClass().getDeclaredMethods();                           | calls java.lang.Class.getDeclaredMethods       | REFLECTION
      ((java.lang.reflect.Method) null).setAccessible(true);        | calls java.lang.reflect.Method.setAccessible   | REFLECTION
      java.lang.invoke.MethodHandles.lookup();                      | calls java.lang.invoke.MethodHandles.lookup    | REFLECTION
      java.util.ServiceLoader.load(Runnable.class);                 | calls java.util.ServiceLoader.load             | REFLECTION
      "".getClass().getClassLoader();                               | calls java.lang.Class.getClassLoader           | REFLECTION
      javax.xml.parsers.SAXParserFactory.newInstance();             | calls javax.xml.parsers.SAXParserFactory.newInstance | OTHER
      """;

  @Test
  void everyPlantedBreachIsFoundWhereItIs() throws IOException {
    List<String[]> planted = Arrays.stream(PLANTED.split("\n")).map(line -> line.split("\\|")).toList();
    StringBuilder methods = new StringBuilder();
    Map<String, String> expected = new LinkedHashMap<>();
    for (int i = 0; i < planted.size(); i++) {
      String[] row = planted.get(i);
      methods.append("  void m").append(i).append("() throws Exception { ").append(row[0].strip()).append(" }\n");
      expected.put("line " + (i + 2), row[1].strip() + " (" + Reach.valueOf(row[2].strip()).words() + ")");
    }
    List<Breach> breaches = scan("requires java.net.http; requires java.logging; requires jdk.unsupported; requires java.xml;",
        "package com.example; class Planted {\n" + methods + "}");

    // In the order of the file, found by line; where one statement makes several calls, the one that was planted is among them.
    Map<String, String> found = breaches.stream().collect(Collectors.groupingBy(
        breach -> breach.place().replaceAll(".*\\((.*)\\)", "$1"), LinkedHashMap::new,
        Collectors.mapping(breach -> breach.toString().replaceAll(".*?\\) ", ""), Collectors.joining(" | "))));
    expected.forEach((line, words) -> assertThat(found.get(line)).as(line).isNotNull().contains(words));
    assertThat(found).hasSameSizeAs(expected);
    assertThat(breaches).extracting(Breach::toString)
        .contains("com.example.Planted.m0 (line 2) calls java.lang.System.currentTimeMillis (a clock)");
  }

  @Test
  void otherWaysOut() throws IOException {
    assertThat(scan("", """
        package com.example;
        class Other extends Thread {
          static final long START = System.nanoTime();
          final Object random = new java.util.Random() { };
          native int outside();
          static class MyList extends java.util.ArrayList<String> { Object all() { return this.parallelStream(); } }
          enum Level { LOW { @Override long now() { return System.nanoTime(); } }; abstract long now(); }
          record Entry(long at) { Entry { if (at == 0) { throw new IllegalStateException(Thread.currentThread().getName()); } } }
          interface Planner { default long plan() { return java.time.Clock.systemUTC().millis(); } }
        }
        """)).extracting(Breach::toString).contains(
            "com.example.Other.<init> (line 2) calls new java.lang.Thread (threads)",
            "com.example.Other.<clinit> (line 3) calls java.lang.System.nanoTime (a clock)",
            "com.example.Other$1.<init> (line 4) calls new java.util.Random (randomness)",
            "com.example.Other.outside is native (native access)",
            "com.example.Other$MyList.all (line 6) calls com.example.Other$MyList.parallelStream (threads)",
            "com.example.Other$Level$1.now (line 7) calls java.lang.System.nanoTime (a clock)",
            "com.example.Other$Entry.<init> (line 8) calls java.lang.Thread.currentThread (threads)",
            "com.example.Other$Planner.plan (line 9) calls java.time.Clock.systemUTC (a clock)");
  }

  @Test
  void ordinaryCodePasses() throws IOException {
    assertThat(scan("requires dev.patchbay.spi;", """
        package com.example;
        import dev.patchbay.spi.net.*;
        import java.nio.charset.StandardCharsets;
        import java.time.*;
        import java.util.*;
        import java.util.concurrent.*;
        import java.util.concurrent.atomic.*;
        import java.util.function.*;
        import java.util.stream.*;
        final class Clean {
          sealed interface Shape permits Circle, Square {}
          record Circle(double radius) implements Shape {}
          record Square(double side, List<String> names) implements Shape {}
          enum Colour { RED, GREEN, BLUE; Colour next() { return values()[(ordinal() + 1) % values().length]; } }
          static final Map<String, Integer> MAP = new ConcurrentHashMap<>();
          private final AtomicLong count = new AtomicLong();

          double area(Shape shape) {
            return switch (shape) {
              case Circle(double r) when r > 10 -> 0;
              case Circle(double r) -> Math.PI * r * r;
              case Square(double side, var names) -> side * side + names.size();
            };
          }
          String colour(Colour colour) {
            return switch (colour) { case RED -> "r" + colour; case GREEN -> "g" + count.get(); case BLUE -> "b"; };
          }
          String any(Object o) {
            return switch (o) {
              case null -> "nothing";
              case Colour.RED -> "red";
              case Integer i when i > 5 -> "big " + i;
              case String s -> s.formatted(1, 2);
              default -> o.getClass().getSimpleName();
            };
          }
          int text(String s) {
            return switch (s) { case "a", "b" -> 1; case "c" -> 2; default -> s.hashCode(); };
          }
          List<String> streams(Collection<Cidr> cidrs) {
            assert !cidrs.isEmpty() : "empty";
            Supplier<List<String>> made = ArrayList::new;
            Runnable serializable = (Runnable & java.io.Serializable) () -> MAP.clear();
            serializable.run();
            return cidrs.stream().filter(c -> c.length() > 8).sorted(Comparator.comparing(Cidr::address))
                .collect(Collectors.groupingBy(Cidr::family, TreeMap::new, Collectors.counting()))
                .entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).collect(Collectors.toCollection(made));
          }
          String values() throws Exception {
            Duration d = Duration.ofSeconds(5).plus(Duration.between(Instant.EPOCH, Instant.ofEpochSecond(7)));
            byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest("x".getBytes(StandardCharsets.UTF_8));
            java.util.zip.CRC32 crc = new java.util.zip.CRC32();
            crc.update(java.nio.ByteBuffer.allocate(8).putLong(3).flip());
            int[] copy = Arrays.copyOf(new int[] {1, 2}, 3);
            System.arraycopy(copy, 0, copy, 1, 1);
            try (java.io.InputStream in = Clean.class.getResourceAsStream("table.csv")) {
              return HexFormat.of().formatHex(digest) + d + crc.getValue() + (in == null) + UUID.nameUUIDFromBytes(digest)
                  + String.format("%05d", copy[0]) + Optional.of(1).map(Integer::toHexString).orElseThrow()
                  + new java.io.StringWriter().append("x") + java.net.URI.create("http://x") + IpAddress.of("10.0.0.1");
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          }
          synchronized <T extends Comparable<T>> T[] generic(IntFunction<T[]> make, List<? extends T> list) {
            return list.stream().sorted().toArray(make);
          }
        }
        """)).isEmpty();
  }

  @Test
  void theSpiItselfIsClean() throws IOException {
    assertThat(ModuleScan.against(ModuleLayer.boot()).breaches(
        ModuleLayer.boot().configuration().findModule("dev.patchbay.spi").orElseThrow().reference())).isEmpty();
  }
}
