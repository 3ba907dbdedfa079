package dev.patchbay.lab.calls;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which calls a fault is for, in text {@code SERVICE[:ACTION][@CALLER]}.
 *
 * @param service {@code ec2}, {@code imds}, {@code kube}, or what else the lab serves
 * @param action the action as in {@link Recorder.Call}, without blanks: {@code DescribeSubnets}, {@code
 *     GET/latest/meta-data/mac}, {@code patch/pods/status}; {@code *} stands for any text
 * @param caller who calls, likewise
 */
public record Target(String service, String action, String caller) {
  private static final Pattern FORM = Pattern.compile("([a-z][a-z0-9]*)(?::([^@\\s]+))?(?:@(\\S+))?");

  /**
   * Reads a target.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static Target parse(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' names no calls: SERVICE[:ACTION][@CALLER] is needed, such as ec2:AttachNetworkInterface or imds@i-0*");
    }
    return new Target(matcher.group(1), or(matcher.group(2)), or(matcher.group(3)));
  }

  private static String or(@Nullable String part) {
    return part == null ? "*" : part;
  }

  /** Whether a call is meant. */
  public boolean matches(String calledService, String calledAction, String calledCaller) {
    return service.equals(calledService) && fits(action, plain(calledAction)) && fits(caller, calledCaller);
  }

  /** Whether calls of that action are meant, whoever makes them. */
  public boolean covers(String calledAction) {
    return fits(action, plain(calledAction));
  }

  /** {@code GET /latest/x} as it is written in a target, {@code GET/latest/x}; {@code patch pods} as {@code patch/pods}. */
  private static String plain(String action) {
    return action.replace(" /", "/").replace(' ', '/');
  }

  private static boolean fits(String pattern, String text) {
    if (pattern.indexOf('*') < 0) {
      return pattern.equals(text);
    }
    String expression =
        Pattern.compile("\\*").splitAsStream(pattern + "\0").map(Pattern::quote).collect(Collectors.joining(".*"));
    return Pattern.compile(expression, Pattern.DOTALL).matcher(text + "\0").matches();
  }

  @Override
  public String toString() {
    return service + (action.equals("*") ? "" : ":" + action) + (caller.equals("*") ? "" : "@" + caller);
  }
}
