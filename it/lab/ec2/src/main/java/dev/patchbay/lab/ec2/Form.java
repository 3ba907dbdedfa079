package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The parameters of a request as they came, {@code Filter.1.Name=…}, in order. */
record Form(Map<String, String> parameters) {
  Form {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** Reads {@code application/x-www-form-urlencoded}. */
  static Form parse(String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : text.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      if (parameters.put(name, value) != null) {
        throw new Ec2Error("MalformedQueryString", "The parameter '" + name + "' is given twice.");
      }
    }
    return new Form(parameters);
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  private static String decode(String text) {
    String decoded;
    try {
      decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Ec2Error("MalformedQueryString", "The query string contains a syntax error.");
    }
    boolean unprintable = decoded.codePoints().anyMatch(c -> c < 0x20 && c != '\t' && c != '\n' && c != '\r');
    if (unprintable || decoded.indexOf('\ufffe') >= 0 || decoded.indexOf('\uffff') >= 0) {
      throw new Ec2Error("InvalidParameterValue", "The request contains characters that XML cannot carry.");
    }
    return decoded;
  }
}
