package dev.patchbay.cli.vendor;

import dev.patchbay.cli.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A project to begin a mode with: it builds, and keeps the contract.
 *
 * @param mode the mode's name
 * @param module the name of its module, which is its package's too
 * @param api the version of the API that it is compiled against
 */
public record Project(String mode, String module, String api) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final int LONGEST = 40;
  private static final Pattern MODULE = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+");

  /** The Java Language Specification, section 3.9. */
  private static final Set<String> KEYWORDS = Set.of("abstract", "assert", "boolean", "break", "byte", "case", "catch", "char", "class",
      "const", "continue", "default", "do", "double", "else", "enum", "extends", "false", "final", "finally", "float", "for", "goto", "if",
      "implements", "import", "instanceof", "int", "interface", "long", "native", "new", "null", "package", "private", "protected", "public",
      "return", "short", "static", "strictfp", "super", "switch", "synchronized", "this", "throw", "throws", "transient", "true", "try",
      "void", "volatile", "while");

  /**
   * Makes it.
   *
   * @throws CommandException if a name can't be used
   */
  public Project {
    if (!NAME.matcher(mode).matches() || mode.length() > LONGEST) {
      throw new CommandException("\"" + shortened(mode) + "\" can't be the name of a mode.",
          "Mode names have lower-case letters, digits and single dashes, begin with a letter, and have " + LONGEST + " characters at most.");
    }
    if (!MODULE.matcher(module).matches() || Stream.of(module.split("\\.")).anyMatch(part -> !isIdentifier(part))) {
      throw new CommandException("\"" + shortened(module) + "\" can't be the name of a module.",
          "Write the name of a package of yours, such as com.example." + mode.replace("-", "") + ".");
    }
    if (module.startsWith("dev.patchbay.")) {
      throw new CommandException("Modules below dev.patchbay are Patchbay's own; a node would refuse the file.",
          "Write the name of a package of yours with --module.");
    }
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }

  private static boolean isIdentifier(String part) {
    return !KEYWORDS.contains(part);
  }

  /**
   * {@return the package that a mode has unless its maker says otherwise}
   * @param mode the mode's name
   */
  public static String usualModule(String mode) {
    return "com.example." + mode.replace("-", "");
  }

  private String className() {
    StringBuilder name = new StringBuilder();
    for (String part : mode.split("-")) {
      name.append(part.substring(0, 1).toUpperCase(Locale.ROOT)).append(part.substring(1));
    }
    return name.toString();
  }

  private Map<String, String> templates() {
    String sources = "src/main/java/";
    String folder = module.replace('.', '/') + "/";
    Map<String, String> templates = new LinkedHashMap<>();
    templates.put("pom.xml", "pom");
    templates.put("README.md", "README");
    templates.put(".gitignore", "gitignore");
    templates.put(sources + "module-info.java", "module-info");
    templates.put(sources + folder + "package-info.java", "package-info");
    templates.put(sources + folder + className() + "Provider.java", "Provider");
    templates.put(sources + folder + className() + "Mode.java", "Mode");
    templates.put("src/test/java/" + folder + className() + "ContractTest.java", "ContractTest");
    templates.put("src/test/java/" + folder + className() + "ModeTest.java", "ModeTest");
    return templates;
  }

  /**
   * Writes it. Nothing that is there is overwritten.
   *
   * @param folder where to; made if it is not there
   * @return the files that were written, in order
   * @throws CommandException if the folder holds something, or can't be written
   */
  public List<Path> write(Path folder) {
    List<Path> written = new ArrayList<>();
    try {
      if (Files.exists(folder) && !isEmpty(folder)) {
        throw new CommandException(folder + " is there and holds something; nothing was written.", "Name another folder with --folder.");
      }
      for (Map.Entry<String, String> template : templates().entrySet()) {
        Path file = folder.resolve(template.getKey());
        Path parent = file.getParent();
        Files.createDirectories(parent == null ? folder : parent);
        written.add(Files.writeString(file, filled(template.getValue())));
      }
      return written;
    } catch (IOException e) {
      throw new CommandException("The project can't be written to " + folder + ": " + e + ".", "Name another folder with --folder.");
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  private String filled(String template) {
    int dot = module.lastIndexOf('.');
    return text(template).replace("@NAME@", mode).replace("@PACKAGE@", module).replace("@GROUP@", module.substring(0, dot))
        .replace("@CLASS@", className()).replace("@API@", api);
  }

  private static String text(String template) {
    try (InputStream in = Project.class.getResourceAsStream("project/" + template + ".template")) {
      if (in == null) {
        throw new IllegalStateException("the command's jar lacks its template " + template);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("a template of the command's jar can't be read", e);
    }
  }
}
