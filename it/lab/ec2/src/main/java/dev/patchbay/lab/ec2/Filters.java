package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.Filter;

/**
 * The filters of one describe action: values of one filter are alternatives, filters must all fit, {@code *} and {@code ?}
 * stand for any text and any character (Amazon EC2 user guide, "Find your resources").
 */
final class Filters<T> {
  private static final int MOST_VALUES = 200;

  private final Map<String, Function<T, Stream<String>>> known = new LinkedHashMap<>();
  private final Function<T, Map<String, String>> tags;

  /**
   * Filters by tag alone, until others are added.
   *
   * @param tags how to read the tags of a resource
   */
  Filters(Function<T, Map<String, String>> tags) {
    this.tags = tags;
    known.put("tag-key", resource -> tags.apply(resource).keySet().stream());
    known.put("tag-value", resource -> tags.apply(resource).values().stream());
  }

  /** Adds a filter by one value. */
  Filters<T> one(String name, Function<T, String> value) {
    known.put(name, resource -> Stream.of(value.apply(resource)));
    return this;
  }

  /** Adds a filter by a value that may be missing. */
  Filters<T> maybe(String name, Function<T, Optional<String>> value) {
    known.put(name, resource -> value.apply(resource).stream());
    return this;
  }

  /** Adds a filter by any of several values. */
  Filters<T> many(String name, Function<T, Stream<String>> values) {
    known.put(name, values);
    return this;
  }

  /** What all these filters let through. */
  Predicate<T> of(List<Filter> filters) {
    Predicate<T> all = resource -> true;
    for (Filter filter : filters) {
      all = all.and(of(filter));
    }
    return all;
  }

  private Predicate<T> of(Filter filter) {
    String name = filter.name() == null ? "" : filter.name();
    Function<T, Stream<String>> values;
    if (name.startsWith("tag:")) {
      String key = name.substring("tag:".length());
      values = resource -> Stream.ofNullable(tags.apply(resource).get(key));
    } else if (known.containsKey(name)) {
      values = known.get(name);
    } else {
      throw new Ec2Error("InvalidParameterValue", "The filter '" + name + "' is invalid");
    }
    if (filter.values().isEmpty()) {
      throw new Ec2Error("MissingParameter", "The request must contain a value for the filter '" + name + "'");
    }
    if (filter.values().size() > MOST_VALUES) {
      throw new Ec2Error(
          "FilterLimitExceeded",
          "The maximum number of filter values specified on a single call is " + MOST_VALUES);
    }
    List<Predicate<String>> wanted = filter.values().stream().map(Wildcards::of).toList();
    return resource -> values.apply(resource).anyMatch(value -> wanted.stream().anyMatch(each -> each.test(value)));
  }
}
