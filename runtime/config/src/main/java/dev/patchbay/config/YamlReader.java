package dev.patchbay.config;

import java.io.ByteArrayInputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.YamlUnicodeReader;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.AnchorNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * YAML 1.2 bytes to a {@link Value}. One document, no anchors (a merge key or an alias would give a value two places), no
 * tags of one's own, no key twice.
 */
final class YamlReader {
  private static final int DEPTH_LIMIT = 32;

  private final Path file;
  private final List<Problem> problems;

  YamlReader(Path file, List<Problem> problems) {
    this.file = file;
    this.problems = problems;
  }

  /** The tree; an empty mapping for an empty file, and nothing at all if the file can't be understood as YAML. */
  @Nullable Value read(byte[] content) {
    LoadSettings settings = LoadSettings.builder()
        .setLabel(file.toString())
        .setSchema(new CoreSchema())
        .setUseMarks(true)
        .build();
    List<Node> documents = new ArrayList<>();
    try {
      StreamReader reader = new StreamReader(settings, new YamlUnicodeReader(new ByteArrayInputStream(content)));
      Composer composer = new Composer(settings, new ParserImpl(settings, reader));
      while (composer.hasNext()) {
        documents.add(composer.next());
      }
    } catch (MarkedYamlEngineException e) {
      problems.add(new Problem(ConfigurationCodes.SYNTAX, at(e.getProblemMark()),
          "this is no YAML: " + sentence(e.getContext(), e.getProblem()),
          "Look at this line and the one before it: indentation, a missing colon or quote."));
      return null;
    } catch (YamlEngineException e) {
      problems.add(new Problem(ConfigurationCodes.SYNTAX, at(Optional.empty()),
          "this is no YAML: " + (e.getCause() instanceof CharacterCodingException ? "it has bytes that are no text"
              : firstLine(String.valueOf(e.getMessage()))) + ".",
          "Save the file as UTF-8 text without control characters."));
      return null;
    } catch (StackOverflowError e) {
      // The parser calls itself for each level.
      problems.add(new Problem(ConfigurationCodes.SYNTAX, at(Optional.empty()), "this is nested deeper than can be read.",
          "Nothing in the configuration needs more than a few levels; look for brackets that are never closed."));
      return null;
    }
    if (documents.isEmpty()) {
      return new Value.Mapping(new LinkedHashMap<>(), at(Optional.empty()));
    }
    if (documents.size() > 1) {
      problems.add(new Problem(ConfigurationCodes.SYNTAX, at(documents.get(1).getStartMark()),
          "a second document begins here.", "Take the line --- away; the configuration is one document."));
    }
    return value(documents.getFirst(), 0);
  }

  private static String sentence(@Nullable String context, String problem) {
    String text = context == null || context.isBlank() ? problem : context + ", " + problem;
    return firstLine(text) + ".";
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("").strip();
  }

  private Origin at(Optional<Mark> mark) {
    return mark.isPresent() ? new Origin.InFile(file, mark.get().getLine() + 1, mark.get().getColumn() + 1)
        : new Origin.InFile(file, 1, 1);
  }

  private Value value(Node node, int depth) {
    Origin origin = at(node.getStartMark());
    if (node.getAnchor().isPresent() || node instanceof AnchorNode) {
      problems.add(new Problem(ConfigurationCodes.SYNTAX, origin,
          "an anchor (&) is defined here; every value of the configuration has one place only.",
          "Write the value out where it is used."));
      return nothing(origin);
    }
    if (depth > DEPTH_LIMIT) {
      problems.add(new Problem(ConfigurationCodes.SYNTAX, origin, "this is nested deeper than " + DEPTH_LIMIT + " levels.",
          "Nothing in the configuration needs that; look at the indentation."));
      return nothing(origin);
    }
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar, origin);
    }
    if (node instanceof MappingNode mapping) {
      return mapping(mapping, origin, depth);
    }
    if (node instanceof SequenceNode sequence) {
      List<Value> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        items.add(value(item, depth + 1));
      }
      return new Value.Sequence(items, origin);
    }
    throw new IllegalStateException("a YAML node of a kind that is not in YAML: " + node.getNodeType());
  }

  private static Value nothing(Origin origin) {
    return new Value.Scalar("", Value.Kind.NOTHING, origin);
  }

  private Value mapping(MappingNode node, Origin origin, int depth) {
    LinkedHashMap<String, Value.Field> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      Origin keyOrigin = at(tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(new Problem(ConfigurationCodes.SYNTAX, keyOrigin, "a list or mapping stands here as a key.",
            "Keys are plain words."));
        continue;
      }
      Value.Field field = new Value.Field(keyOrigin, value(tuple.getValueNode(), depth + 1));
      Value.Field earlier = fields.putIfAbsent(key.getValue(), field);
      if (earlier != null) {
        problems.add(new Problem(ConfigurationCodes.DUPLICATE_KEY, keyOrigin,
            key.getValue() + " stands here a second time; the first is at " + earlier.keyOrigin() + ".",
            "Keep one of the two."));
      }
    }
    return new Value.Mapping(fields, origin);
  }

  private Value scalar(ScalarNode node, Origin origin) {
    Tag tag = node.getTag();
    Value.Kind kind;
    if (tag.equals(Tag.STR)) {
      kind = Value.Kind.TEXT;
    } else if (tag.equals(Tag.INT)) {
      kind = Value.Kind.NUMBER;
    } else if (tag.equals(Tag.FLOAT)) {
      kind = Value.Kind.DECIMAL;
    } else if (tag.equals(Tag.BOOL)) {
      kind = Value.Kind.TRUTH;
    } else if (tag.equals(Tag.NULL)) {
      kind = Value.Kind.NOTHING;
    } else {
      problems.add(new Problem(ConfigurationCodes.SYNTAX, origin, "the tag " + tag.getValue() + " has no meaning here.",
          "Take the tag away."));
      kind = Value.Kind.TEXT;
    }
    return new Value.Scalar(node.getValue(), kind, origin);
  }
}
