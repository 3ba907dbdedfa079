package dev.patchbay.lab.kube.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of CEL (the Common Expression Language) as conditions of webhooks need: {@code ? :}, {@code ||}, {@code &&}, {@code !},
 * {@code ==}, {@code !=}, {@code in}, {@code +} of texts, {@code has()}, fields, keys, texts, truths and null. Anything else is an error,
 * and so is a field that is not there, as in the language itself.
 */
final class Cel {
  private static final Pattern TOKEN = Pattern.compile(
      "\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|[A-Za-z_][A-Za-z0-9_]*|\\|\\||&&|==|!=|[!?:().\\[\\]+])");

  /** An expression makes no sense, or not for these objects. */
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1;

    Wrong(String why) {
      super(why, null, false, false);
    }
  }

  private final List<String> tokens = new ArrayList<>();
  private final Map<String, JsonNode> variables;
  private int at;
  /** In a branch that does not count, where what is missing is no error. */
  private int idle;

  private Cel(String expression, Map<String, JsonNode> variables) throws Wrong {
    this.variables = variables;
    Matcher matcher = TOKEN.matcher(expression);
    int end = 0;
    while (end < expression.stripTrailing().length()) {
      if (!matcher.find(end) || matcher.start() != end) {
        throw new Wrong("the lab does not read \"" + expression.substring(end) + "\"");
      }
      tokens.add(matcher.group(1));
      end = matcher.end();
    }
  }

  /** Whether an expression holds. */
  static boolean holds(String expression, Map<String, JsonNode> variables) throws Wrong {
    Cel cel = new Cel(expression, variables);
    JsonNode value = cel.choice();
    if (cel.at != cel.tokens.size()) {
      throw new Wrong("there is more after the end: " + cel.tokens.get(cel.at));
    }
    return truth(value);
  }

  private boolean takes(String token) {
    boolean there = at < tokens.size() && tokens.get(at).equals(token);
    if (there) {
      at++;
    }
    return there;
  }

  private void expect(String token) throws Wrong {
    if (!takes(token)) {
      throw new Wrong("\"" + token + "\" is missing" + (at < tokens.size() ? " before \"" + tokens.get(at) + "\"" : " at the end"));
    }
  }

  private static boolean truth(JsonNode value) throws Wrong {
    if (!value.isBoolean()) {
      throw new Wrong(value + " is neither true nor false");
    }
    return value.asBoolean();
  }

  private interface Part {
    JsonNode read() throws Wrong;
  }

  private JsonNode part(boolean counts, Part part) throws Wrong {
    idle += counts ? 0 : 1;
    JsonNode value = part.read();
    idle -= counts ? 0 : 1;
    return value;
  }

  private JsonNode choice() throws Wrong {
    JsonNode condition = or();
    if (!takes("?")) {
      return condition;
    }
    boolean holds = idle > 0 || truth(condition);
    JsonNode first = part(holds, this::choice);
    expect(":");
    JsonNode second = part(!holds, this::choice);
    return holds ? first : second;
  }

  private JsonNode or() throws Wrong {
    JsonNode value = and();
    while (takes("||")) {
      boolean known = idle == 0 && truth(value);
      JsonNode next = part(!known, this::and);
      value = known || idle > 0 ? value : BooleanNode.valueOf(truth(next));
    }
    return value;
  }

  private JsonNode and() throws Wrong {
    JsonNode value = relation();
    while (takes("&&")) {
      boolean known = idle == 0 && !truth(value);
      JsonNode next = part(!known, this::relation);
      value = known || idle > 0 ? value : BooleanNode.valueOf(truth(next));
    }
    return value;
  }

  private JsonNode relation() throws Wrong {
    JsonNode value = sum();
    if (takes("==")) {
      return BooleanNode.valueOf(value.equals(sum()));
    }
    if (takes("!=")) {
      return BooleanNode.valueOf(!value.equals(sum()));
    }
    if (takes("in")) {
      JsonNode map = sum();
      return BooleanNode.valueOf(map.has(value.asText()));
    }
    return value;
  }

  private JsonNode sum() throws Wrong {
    JsonNode value = not();
    while (takes("+")) {
      value = TextNode.valueOf(value.asText() + not().asText());
    }
    return value;
  }

  private JsonNode not() throws Wrong {
    if (takes("!")) {
      JsonNode value = not();
      return idle > 0 ? BooleanNode.FALSE : BooleanNode.valueOf(!truth(value));
    }
    return member();
  }

  private JsonNode member() throws Wrong {
    JsonNode value = primary();
    while (true) {
      if (takes(".")) {
        value = field(value, next());
      } else if (takes("[")) {
        JsonNode key = choice();
        expect("]");
        value = field(value, key.asText());
      } else {
        return value;
      }
    }
  }

  private JsonNode field(JsonNode of, String name) throws Wrong {
    JsonNode value = of.path(name);
    if (value.isMissingNode() && idle == 0) {
      throw new Wrong("no such key: " + name);
    }
    return value;
  }

  private String next() throws Wrong {
    if (at == tokens.size()) {
      throw new Wrong("it ends too early");
    }
    return tokens.get(at++);
  }

  private JsonNode primary() throws Wrong {
    if (takes("(")) {
      JsonNode value = choice();
      expect(")");
      return value;
    }
    String token = next();
    if (token.startsWith("\"") || token.startsWith("'")) {
      return TextNode.valueOf(token.substring(1, token.length() - 1).replaceAll("\\\\(.)", "$1"));
    }
    switch (token) {
      case "true", "false":
        return BooleanNode.valueOf(token.equals("true"));
      case "null":
        return NullNode.getInstance();
      case "has":
        return has();
      default:
        JsonNode variable = variables.get(token);
        if (variable == null) {
          throw new Wrong("the lab knows no \"" + token + "\"");
        }
        return variable;
    }
  }

  /** The last field may be missing, what it is a field of may not. */
  private JsonNode has() throws Wrong {
    expect("(");
    JsonNode value = variables.getOrDefault(next(), MissingNode.getInstance());
    String name = "";
    while (takes(".")) {
      value = name.isEmpty() ? value : field(value, name);
      name = next();
    }
    expect(")");
    return BooleanNode.valueOf(value.has(name) && !value.path(name).isNull());
  }
}
