package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a describe's answer. Pages go by id, so what comes and goes between two of them neither hides nor repeats the
 * rest.
 *
 * @param items the part
 * @param nextToken what to ask for the next part with; null, as the SDK wants it, when this was the last
 */
record Page<T>(List<T> items, @Nullable String nextToken) {
  private static final int LEAST = 5;
  private static final int MOST = 1000;
  private static final String MARK = "after:";

  /**
   * Cuts a page.
   *
   * @param all everything that fits the request
   * @param ids how many ids the request names: EC2 refuses to page these
   */
  static <T> Page<T> of(
      List<T> all, Function<T, String> id, @Nullable Integer maxResults, @Nullable String token, int ids) {
    if (maxResults == null && token == null) {
      return new Page<>(all, null);
    }
    if (maxResults != null && ids > 0) {
      throw new Ec2Error(
          "InvalidParameterCombination", "The parameter maxResults cannot be used with a list of IDs.");
    }
    if (maxResults != null && (maxResults < LEAST || maxResults > MOST)) {
      throw new Ec2Error(
          "InvalidParameterValue",
          "Value ( %d ) for parameter maxResults is invalid. Expecting a value between %d and %d."
              .formatted(maxResults, LEAST, MOST));
    }
    int size = maxResults == null ? MOST : maxResults;
    String after = token == null ? "" : decode(token);
    List<T> rest =
        all.stream()
            .sorted(Comparator.comparing(id))
            .filter(item -> id.apply(item).compareTo(after) > 0)
            .limit(size + 1L)
            .toList();
    if (rest.size() <= size) {
      return new Page<>(rest, null);
    }
    List<T> items = rest.subList(0, size);
    return new Page<>(items, encode(id.apply(items.getLast())));
  }

  private static String encode(String id) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString((MARK + id).getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String token) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.startsWith(MARK)) {
        return text.substring(MARK.length());
      }
    } catch (IllegalArgumentException e) {
      throw unusable(token);
    }
    throw unusable(token);
  }

  private static Ec2Error unusable(String token) {
    return new Ec2Error("InvalidPaginationToken", "Unable to parse pagination token '" + token + "'");
  }
}
