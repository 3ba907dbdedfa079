package dev.patchbay.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mode that was compiled against the baseline works with this SPI, but for breaks that were accepted in writing. */
class CompatibilityTest {
  private static final Path BASELINE = Path.of(System.getProperty("basedir", "."), "baseline");

  @TempDir
  Path scratch;

  @Test
  void breaksWithTheBaselineOnlyWhereThatWasAccepted() throws Exception {
    SortedSet<String> accepted = new TreeSet<>(Files.readAllLines(BASELINE.resolve("accepted-breaks.txt")).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#")).toList());
    Path classes = Path.of(Answer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    byte[] now = Files.isDirectory(classes) ? zipped(classes) : Files.readAllBytes(classes);
    assertThat(Breaks.between(Files.readAllBytes(BASELINE.resolve("dev.patchbay.spi.jar")), now))
        .as("breaks with the baseline: undo those that are not wanted; write wanted ones into baseline/accepted-breaks.txt, and"
            + " take from it what is no break any more").isEqualTo(accepted);
  }

  private static byte[] zipped(Path folder) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes); Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(folder.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, zip);
      }
    }
    return bytes.toByteArray();
  }

  /** A type as it was and as it is, and what japicmp calls the difference; nothing for one that modes don't notice. */
  private record Change(String expected, String before, String now) {}

  private SortedSet<String> between(List<Change> changes) throws IOException {
    return Breaks.between(compiled("before", changes.stream().map(Change::before).toList()),
        compiled("now", changes.stream().map(Change::now).toList()));
  }

  /** Each type in a package of its own, x0, x1 and so on. */
  private byte[] compiled(String name, List<String> texts) throws IOException {
    Path folder = scratch.resolve(name);
    Path out = Files.createDirectories(folder.resolve("classes"));
    List<String> arguments = new ArrayList<>(
        List.of("-proc:none", "-d", out.toString(), "-classpath", System.getProperty("java.class.path")));
    for (int i = 0; i < texts.size(); i++) {
      Path source = Files.createDirectories(folder.resolve("x" + i)).resolve("T.java");
      Files.writeString(source, "package x" + i + "; import dev.patchbay.spi.*; " + texts.get(i));
      arguments.add(source.toString());
    }
    int code = ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, arguments.toArray(String[]::new));
    assertThat(code).as("compiling %s", texts).isZero();
    return zipped(out);
  }

  @Test
  void seesWhatBreaksModesAndNothingElse() throws IOException {
    List<Change> changes = List.of(
        new Change("T#a() METHOD_REMOVED", "public final class T { public void a() {} }", "public final class T { }"),
        new Change("T#a(long) METHOD_REMOVED", "public final class T { public void a(long n) {} }",
            "public final class T { public void a(int n) {} }"),
        new Change("T#a() METHOD_RETURN_TYPE_CHANGED", "public final class T { public int a() { return 1; } }",
            "public final class T { public long a() { return 1; } }"),
        new Change("T CLASS_REMOVED", "public final class T { }", "final class U { }"),
        new Change("T#a() METHOD_NOW_THROWS_CHECKED_EXCEPTION", "@ImplementedByRuntime public interface T { void a(); }",
            "@ImplementedByRuntime public interface T { void a() throws Exception; }"),
        new Change("T#a() METHOD_REMOVED", "@ImplementedByRuntime public interface T { void a(); }",
            "@ImplementedByRuntime public interface T { }"),
        new Change("T#a() METHOD_RETURN_TYPE_GENERICS_CHANGED",
            "@ImplementedByRuntime public interface T { java.util.List<String> a(); }",
            "@ImplementedByRuntime public interface T { java.util.List<Integer> a(); }"),
        new Change("T#a(java.util.List) METHOD_PARAMETER_GENERICS_CHANGED",
            "@ImplementedByMode public interface T { void a(java.util.List<String> list); }",
            "@ImplementedByMode public interface T { void a(java.util.List<Integer> list); }"),
        new Change("T#<init>(java.util.List) METHOD_PARAMETER_GENERICS_CHANGED", "public record T(java.util.List<String> a) { }",
            "public record T(java.util.List<Integer> a) { }"),
        new Change("T CLASS_NO_LONGER_PUBLIC", "public final class T { }", "final class T { }"),
        new Change("T#A FIELD_REMOVED", "public enum T { A, B }", "public enum T { B }"),
        new Change("T#<init>(int) CONSTRUCTOR_REMOVED", "public record T(int a) { }", "public record T(int a, int b) { }"),
        new Change("T#b() METHOD_ADDED_TO_INTERFACE", "@ImplementedByMode public interface T { void a(); }",
            "@ImplementedByMode public interface T { void a(); void b(); }"),
        new Change("T IMPLEMENTED_BY_OTHERS_NOW", "@ImplementedByRuntime public interface T { }",
            "@ImplementedByMode public interface T { }"),
        new Change("", "@ImplementedByRuntime public interface T { void a(); }",
            "@ImplementedByRuntime public interface T { void a(); void b(); }"),
        new Change("", "@ImplementedByMode public interface T { void a(); }",
            "@ImplementedByMode public interface T { void a(); default int b() { return 1; } }"),
        new Change("", "public final class T { }", "public final class T { public void a() {} }"),
        new Change("", "public enum T { A }", "public enum T { A, B }"),
        new Change("", "public sealed interface T { record A() implements T {} }",
            "public sealed interface T { void a(); record A() implements T { public void a() {} } }"),
        new Change("", "public record T(int a) { }",
            "public record T(int a, int b) { public T(int a) { this(a, 0); } }"));
    SortedSet<String> found = between(changes);
    for (int i = 0; i < changes.size(); i++) {
      String prefix = "x" + i + ".";
      List<String> own = found.stream().filter(f -> f.startsWith(prefix)).map(f -> f.substring(prefix.length())).toList();
      if (changes.get(i).expected().isEmpty()) {
        assertThat(own).as("breaks seen between %s", changes.get(i)).isEmpty();
      } else {
        assertThat(own).as("breaks seen between %s", changes.get(i)).contains(changes.get(i).expected());
      }
    }
  }
}
