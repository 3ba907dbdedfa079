package dev.patchbay.lab.kube.schema;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

/** The formats of strings that networking resources use; others are not checked (OpenAPI ignores unknown formats). */
final class Formats {
  private static final Pattern OCTETS = Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final Pattern MAC = Pattern.compile("([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}");
  private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}");

  private Formats() {}

  static boolean fits(String text, String format) {
    return switch (format) {
      case "ipv4" -> OCTETS.matcher(text).matches();
      case "ipv6" -> IPV6.matcher(text).matches();
      case "cidr" -> isCidr(text);
      case "mac" -> MAC.matcher(text).matches();
      case "uuid" -> UUID.matcher(text).matches();
      case "date-time" -> isDateTime(text);
      case "date" -> isDate(text);
      default -> true;
    };
  }

  private static boolean isCidr(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return false;
    }
    String address = text.substring(0, slash);
    int longest = OCTETS.matcher(address).matches() ? 32 : IPV6.matcher(address).matches() ? 128 : -1;
    try {
      int length = Integer.parseInt(text.substring(slash + 1));
      return length >= 0 && length <= longest;
    } catch (NumberFormatException notANumber) {
      return false;
    }
  }

  private static boolean isDateTime(String text) {
    try {
      OffsetDateTime.parse(text);
      return true;
    } catch (DateTimeException malformed) {
      return false;
    }
  }

  private static boolean isDate(String text) {
    try {
      LocalDate.parse(text);
      return true;
    } catch (DateTimeException malformed) {
      return false;
    }
  }
}
