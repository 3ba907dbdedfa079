package dev.patchbay.it.walls;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is in files. */
final class Contents {
  private static final Pattern DEPENDENCY =
      Pattern.compile("<dependency>\\s*<groupId>[^<]*</groupId>\\s*<artifactId>([^<]*)</artifactId>");

  private Contents() {}

  private static List<Path> files(Path folder, String end) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> Files.isRegularFile(file) && file.toString().endsWith(end)).sorted().toList();
    }
  }

  /** The packages that have classes below a folder of class files. */
  static Set<String> packages(Path classes) throws IOException {
    return files(classes, ".class").stream().map(file -> classes.relativize(file).getParent())
        .flatMap(Stream::ofNullable).map(folder -> folder.toString().replace('/', '.')).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Files that declare services. */
  static List<Path> services(Path folder) throws IOException {
    return files(folder, "").stream().filter(file -> file.toString().contains("/META-INF/services/")).toList();
  }

  /**
   * A text that a class holds as a constant.
   *
   * @param type the class's name
   * @param text the text
   */
  record Text(String type, String text) {}

  /** The texts of classes. */
  static List<Text> texts(Path classes) throws IOException {
    List<Text> texts = new ArrayList<>();
    for (Path file : files(classes, ".class")) {
      String type = classes.relativize(file).toString().replace(".class", "").replace('/', '.');
      for (PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
        if (entry instanceof StringEntry string) {
          texts.add(new Text(type, string.stringValue()));
        }
      }
    }
    return texts;
  }

  /** The artifacts on which each build file depends, by folder. */
  static Map<String, Set<String>> dependencies(Path checkout) throws IOException {
    Map<String, Set<String>> dependencies = new TreeMap<>();
    for (String folder : Checkout.folders(checkout)) {
      dependencies.put(folder, DEPENDENCY.matcher(Files.readString(checkout.resolve(folder).resolve("pom.xml"))).results()
          .map((MatchResult match) -> match.group(1)).collect(Collectors.toCollection(TreeSet::new)));
    }
    return dependencies;
  }

  /** Lines of Java, blank ones and comments included. */
  static long lines(Path folder) throws IOException {
    long lines = 0;
    for (Path file : files(folder, ".java")) {
      lines += Files.readAllLines(file).size();
    }
    return lines;
  }
}
