package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * Reads request parameters into the SDK's model classes, by the fields that these describe themselves.
 *
 * <p>EC2's query protocol: lists are flat, {@code Filter.1.Value.2=x}, and every name is the field's location name
 * (Smithy, "AWS EC2 query protocol").
 */
final class QueryDecoder {
  private static final Set<String> COMMON = Set.of("Action", "Version");

  private QueryDecoder() {}

  /** One parameter, or the part of a name before a dot with all that follows it. */
  private static final class Node {
    final Map<String, Node> children = new TreeMap<>();
    @Nullable String value;

    Node child(String name) {
      return children.computeIfAbsent(name, n -> new Node());
    }
  }

  /**
   * Fills a builder of the SDK.
   *
   * @throws Ec2Error if a parameter is unknown or of the wrong type
   */
  static void decode(Form form, SdkPojo into) {
    Node root = new Node();
    form.parameters()
        .forEach(
            (name, value) -> {
              if (!COMMON.contains(name)) {
                Node node = root;
                for (String part : name.split("\\.", -1)) {
                  node = node.child(part);
                }
                node.value = value;
              }
            });
    fill(root, into, "");
  }

  private static void fill(Node node, SdkPojo into, String path) {
    for (SdkField<?> field : into.sdkFields()) {
      Node child = node.children.remove(field.locationName());
      if (child != null) {
        field.set(into, value(child, field, path + field.locationName()));
      }
    }
    if (!node.children.isEmpty()) {
      String unknown = node.children.keySet().iterator().next();
      throw new Ec2Error("UnknownParameter", "The parameter " + path + unknown + " is not recognized");
    }
  }

  private static Object value(Node node, SdkField<?> field, String path) {
    return switch (Objects.requireNonNull(field.marshallingType().getKnownType())) {
      case LIST -> list(node, field.getRequiredTrait(ListTrait.class), path);
      case SDK_POJO -> pojo(node, field, path);
      case STRING -> scalar(node, path);
      case INTEGER -> (int) number(node, path, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> number(node, path, Long.MIN_VALUE, Long.MAX_VALUE);
      case BOOLEAN -> bool(node, path);
      case INSTANT -> instant(node, path);
      case DOUBLE -> decimal(node, path);
      case FLOAT -> (float) decimal(node, path);
      case BIG_DECIMAL, SDK_BYTES, MAP, SHORT, BYTE, DOCUMENT, NULL ->
          throw new Ec2Error("UnknownParameter", "The parameter " + path + " is not modelled by the lab");
    };
  }

  private static List<Object> list(Node node, ListTrait trait, String path) {
    Map<Integer, Node> items = new TreeMap<>();
    node.children.forEach(
        (index, item) -> {
          if (!index.matches("[0-9]{1,6}")) {
            throw new Ec2Error("UnknownParameter", "The parameter " + path + "." + index + " is not recognized");
          }
          items.put(Integer.valueOf(index), item);
        });
    if (node.value != null && !(node.value.isEmpty() && items.isEmpty())) {
      throw invalid(node.value, path, "A list is expected: " + path + ".1 and so on.");
    }
    List<Object> values = new ArrayList<>();
    items.forEach((index, item) -> values.add(value(item, trait.memberFieldInfo(), path + "." + index)));
    return values;
  }

  private static Object pojo(Node node, SdkField<?> field, String path) {
    if (node.value != null) {
      throw invalid(node.value, path, "A structure is expected.");
    }
    SdkPojo builder = field.constructor().get();
    fill(node, builder, path + ".");
    return ((Buildable) builder).build();
  }

  private static String scalar(Node node, String path) {
    if (!node.children.isEmpty() || node.value == null) {
      throw new Ec2Error(
          "UnknownParameter", "The parameter " + path + "." + node.children.keySet() + " is not recognized");
    }
    return node.value;
  }

  private static long number(Node node, String path, long least, long most) {
    String text = scalar(node, path);
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw invalid(text, path, "An integer is expected.");
    }
    throw invalid(text, path, "The integer is out of range.");
  }

  private static double decimal(Node node, String path) {
    String text = scalar(node, path);
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw invalid(text, path, "A number is expected.");
    }
  }

  private static boolean bool(Node node, String path) {
    String text = scalar(node, path);
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(text, path, "true or false is expected.");
    };
  }

  private static Instant instant(Node node, String path) {
    String text = scalar(node, path);
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw invalid(text, path, "A time is expected, such as 2026-01-01T00:00:00Z.");
    }
  }

  private static Ec2Error invalid(String value, String path, String why) {
    return new Ec2Error("InvalidParameterValue", "Value (" + value + ") for parameter " + path + " is invalid. " + why);
  }
}
